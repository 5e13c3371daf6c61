// Alerts for operators: on log entries and on metrics of Azure.

@description('The prefix for the name of each alert.')
param prefix string
param location string
param tags object

@description('The email address that gets the alerts. Empty: alerts are shown only in the portal.')
param email string

param componentId string
param appId string
param tablesId string
param vaultIds array

@description('Front Door, which counts requests and so knows a rate. Empty: there is none.')
param frontDoorProfileId string

@description('Percent of answers with a status of 500 or above that are too many.')
@minValue(0)
@maxValue(100)
param serverErrorPercent int

@description('Answers with a status of 500 or above in five minutes that are too many.')
@minValue(0)
param serverErrorLimit int

@description('Codes and refresh tokens used twice in an hour that are too many. Each has ended one authorization.')
@minValue(0)
param reuseLimit int

var actionGroupIds = empty(email) ? [] : [operators.id]

resource operators 'Microsoft.Insights/actionGroups@2023-01-01' = if (!empty(email)) {
  name: '${prefix}-operators'
  location: 'global'
  tags: tags
  properties: {
    groupShortName: 'operators'
    enabled: true
    emailReceivers: [
      {
        name: 'operators'
        emailAddress: email
        useCommonAlertSchema: true
      }
    ]
  }
}

module logs 'log-alerts.bicep' = {
  name: 'log-alerts'
  params: {
    prefix: prefix
    location: location
    tags: tags
    componentId: componentId
    serverErrorLimit: serverErrorLimit
    reuseLimit: reuseLimit
    actionGroupIds: actionGroupIds
  }
}

module metrics 'metric-alerts.bicep' = {
  name: 'metric-alerts'
  params: {
    prefix: prefix
    location: location
    tags: tags
    appId: appId
    tablesId: tablesId
    vaultIds: vaultIds
    frontDoorProfileId: frontDoorProfileId
    serverErrorPercent: serverErrorPercent
    serverErrorLimit: serverErrorLimit
    actionGroupIds: actionGroupIds
  }
}
