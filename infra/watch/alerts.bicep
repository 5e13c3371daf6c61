// What an operator is told of. docs/operations.md says what to do about each.

@description('Begins the name of each alert.')
param prefix string
param location string
param tags object

@description('Whom to tell. Empty: alerts are shown in the portal only.')
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

var logAlerts = [
  {
    name: 'unexpected-errors'
    description: 'Requests failed for a reason that nobody foresaw (event 1001). The log has the exception under the correlation id of the answer.'
    query: 'traces | where message contains "failed unexpectedly; correlation id"'
    operator: 'GreaterThan'
    threshold: 0
    window: 'PT15M'
    every: 'PT15M'
    severity: 1
  }
  {
    name: 'service-unavailable'
    description: 'Requests got 503 because storage or a key vault did not answer (event 1002).'
    query: 'traces | where message contains "could not be answered: the"'
    operator: 'GreaterThan'
    threshold: serverErrorLimit
    window: 'PT5M'
    every: 'PT5M'
    severity: 1
  }
  {
    name: 'signature-failures'
    description: 'A key vault does not sign, or its keys can\'t be read (events 2005 and 2001).'
    query: 'traces | where message contains "does not sign with" or message contains "could not be read;"'
    operator: 'GreaterThan'
    threshold: 0
    window: 'PT5M'
    every: 'PT5M'
    severity: 0
  }
  {
    name: 'key-not-rotated'
    description: 'A new signing key is due and was not made (event 2007): the rotation policy of the vault does not do its work.'
    query: 'traces | where message contains "signing key is due, and the server may not make it"'
    operator: 'GreaterThan'
    threshold: 0
    window: 'PT1H'
    every: 'PT1H'
    severity: 1
  }
  {
    name: 'tokens-used-twice'
    description: 'Codes or refresh tokens came back that had been used (events 3001 and 3002): stolen, or a client that sends them twice.'
    query: 'traces | where message contains "was used twice; its grant" or message contains "was used again; its grant"'
    operator: 'GreaterThan'
    threshold: reuseLimit
    window: 'PT1H'
    every: 'PT1H'
    severity: 2
  }
  {
    name: 'prune-not-run'
    description: 'What has expired was not deleted for a day. Nothing expired is ever accepted; the tables grow.'
    query: 'traces | where message startswith "Executed \'Functions.prune\' (Succeeded"'
    operator: 'LessThan'
    threshold: 1
    window: 'P1D'
    every: 'PT1H'
    severity: 2
  }
  {
    name: 'key-rollover-not-run'
    description: 'The timer that makes and disables signing keys did not succeed for six hours.'
    query: 'traces | where message startswith "Executed \'Functions.key_rollover\' (Succeeded"'
    operator: 'LessThan'
    threshold: 1
    window: 'PT6H'
    every: 'PT1H'
    severity: 1
  }
]

var actionGroupIds = empty(email) ? [] : [operators.id]
var metricActions = empty(email) ? [] : [{ actionGroupId: operators.id }]

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

module logs 'query-alert.bicep' = [
  for alert in logAlerts: {
    name: 'alert-${alert.name}'
    params: {
      name: '${prefix}-${alert.name}'
      location: location
      tags: tags
      description: alert.description
      componentId: componentId
      query: alert.query
      operator: alert.operator
      threshold: alert.threshold
      window: alert.window
      every: alert.every
      severity: alert.severity
      actionGroupIds: actionGroupIds
    }
  }
]

resource serverErrors 'Microsoft.Insights/metricAlerts@2026-01-01' = {
  name: '${prefix}-server-errors'
  location: 'global'
  tags: tags
  properties: {
    description: 'The app answered with 500 or above, whether its own code did or the host.'
    severity: 1
    enabled: true
    scopes: [appId]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT5M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          criterionType: 'StaticThresholdCriterion'
          name: 'server-errors'
          metricNamespace: 'Microsoft.Web/sites'
          metricName: 'Http5xx'
          timeAggregation: 'Total'
          operator: 'GreaterThan'
          threshold: serverErrorLimit
          // An app that was never called has no such metric yet.
          skipMetricValidation: true
        }
      ]
    }
    autoMitigate: true
    actions: metricActions
  }
}

resource serverErrorRate 'Microsoft.Insights/metricAlerts@2026-01-01' = if (!empty(frontDoorProfileId)) {
  name: '${prefix}-server-error-rate'
  location: 'global'
  tags: tags
  properties: {
    description: 'Too large a part of all answers has a status of 500 or above.'
    severity: 1
    enabled: true
    scopes: [frontDoorProfileId]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT5M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          criterionType: 'StaticThresholdCriterion'
          name: 'server-error-rate'
          metricNamespace: 'Microsoft.Cdn/profiles'
          metricName: 'Percentage5XX'
          timeAggregation: 'Average'
          operator: 'GreaterThan'
          threshold: serverErrorPercent
          skipMetricValidation: true
        }
      ]
    }
    autoMitigate: true
    actions: metricActions
  }
}

resource vaultThrottling 'Microsoft.Insights/metricAlerts@2026-01-01' = {
  name: '${prefix}-vault-throttling'
  location: 'global'
  tags: tags
  properties: {
    description: 'A key vault refuses operations because there are too many: add vaults, or sign in memory (docs/keys.md).'
    severity: 1
    enabled: true
    scopes: vaultIds
    targetResourceType: 'Microsoft.KeyVault/vaults'
    targetResourceRegion: location
    evaluationFrequency: 'PT1M'
    windowSize: 'PT5M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.MultipleResourceMultipleMetricCriteria'
      allOf: [
        {
          criterionType: 'StaticThresholdCriterion'
          name: 'too-many'
          metricNamespace: 'Microsoft.KeyVault/vaults'
          metricName: 'ServiceApiResult'
          dimensions: [
            { name: 'StatusCode', operator: 'Include', values: ['429'] }
          ]
          timeAggregation: 'Count'
          operator: 'GreaterThan'
          threshold: 0
          skipMetricValidation: true
        }
      ]
    }
    autoMitigate: true
    actions: metricActions
  }
}

resource tableThrottling 'Microsoft.Insights/metricAlerts@2026-01-01' = {
  name: '${prefix}-table-throttling'
  location: 'global'
  tags: tags
  properties: {
    description: 'The tables refuse operations because there are too many, or don\'t answer in time.'
    severity: 1
    enabled: true
    scopes: [tablesId]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT5M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          criterionType: 'StaticThresholdCriterion'
          name: 'too-many'
          metricNamespace: 'Microsoft.Storage/storageAccounts/tableServices'
          metricName: 'Transactions'
          dimensions: [
            {
              name: 'ResponseType'
              operator: 'Include'
              values: [
                'ServerBusyError'
                'ServerTimeoutError'
                'ClientThrottlingError'
                'ClientAccountRequestThrottlingError'
                'SuccessWithThrottling'
              ]
            }
          ]
          timeAggregation: 'Total'
          operator: 'GreaterThan'
          threshold: 10
          skipMetricValidation: true
        }
      ]
    }
    autoMitigate: true
    actions: metricActions
  }
}
