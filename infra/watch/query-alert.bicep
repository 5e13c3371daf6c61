// An alert on log entries.

param name string
param location string
param tags object

@sys.description('What has happened, and what to read.')
param description string

@sys.description('The Application Insights component whose log is queried.')
param componentId string

@sys.description('KQL; its rows are counted.')
param query string

@sys.description('So many rows are not too many.')
param threshold int

@sys.description('Over how long it counts, and how often.')
param window string
param every string

@sys.description('0 critical, 1 error, 2 warning, 3 information.')
@minValue(0)
@maxValue(3)
param severity int

@sys.description('Whom it tells. Empty: nobody, it is shown in the portal.')
param actionGroupIds array

resource rule 'Microsoft.Insights/scheduledQueryRules@2026-03-01' = {
  name: name
  location: location
  tags: tags
  kind: 'LogAlert'
  properties: {
    displayName: name
    description: description
    severity: severity
    enabled: true
    scopes: [componentId]
    windowSize: window
    evaluationFrequency: every
    // A query that sets its own time range can look back two days, which is the limit.
    overrideQueryTimeRange: contains(query, 'ago(') ? 'P2D' : null
    criteria: {
      allOf: [
        {
          query: query
          timeAggregation: 'Count'
          operator: 'GreaterThan'
          threshold: threshold
          failingPeriods: {
            numberOfEvaluationPeriods: 1
            minFailingPeriodsToAlert: 1
          }
        }
      ]
    }
    autoMitigate: true
    // The tables may not exist until the first line was written.
    skipQueryValidation: true
    actions: { actionGroups: actionGroupIds }
  }
}
