// Alerts on what Azure counts. docs/operations.md says what to do about each. All of them have severity 2, as clients can cause them:
// whoever floods the server, sends a malformed Host header or a body of 40 MB, or goes away in the middle of a request makes errors of
// the host that no number tells from real ones. log-alerts.bicep has those that nobody but the server can cause.

@description('The prefix for the name of each alert.')
param prefix string
param location string
param tags object

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

@description('The action group for alerts. Empty: alerts are shown only in the portal.')
param actionGroupIds array

var actions = [for id in actionGroupIds: { actionGroupId: id }]

resource serverErrors 'Microsoft.Insights/metricAlerts@2026-01-01' = {
  name: '${prefix}-server-errors'
  location: 'global'
  tags: tags
  properties: {
    description: 'The app answered with 500 or above, whether its own code did or the host.'
    severity: 2
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
    actions: actions
  }
}

resource serverErrorRate 'Microsoft.Insights/metricAlerts@2026-01-01' = if (!empty(frontDoorProfileId)) {
  name: '${prefix}-server-error-rate'
  location: 'global'
  tags: tags
  properties: {
    description: 'Too large a part of all answers has a status of 500 or above.'
    severity: 2
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
    actions: actions
  }
}

resource vaultThrottling 'Microsoft.Insights/metricAlerts@2026-01-01' = {
  name: '${prefix}-vault-throttling'
  location: 'global'
  tags: tags
  properties: {
    description: 'A key vault refuses operations because there are too many: add vaults, or sign in memory (docs/keys.md).'
    severity: 2
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
    actions: actions
  }
}

resource tableThrottling 'Microsoft.Insights/metricAlerts@2026-01-01' = {
  name: '${prefix}-table-throttling'
  location: 'global'
  tags: tags
  properties: {
    description: 'The tables refuse operations because there are too many, or don\'t answer in time.'
    severity: 2
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
    actions: actions
  }
}
