// Alerts on log entries. docs/operations.md explains what to do about each.
//
// Severities 0 and 1 are for problems that must be fixed now, and that no client can cause. Problems that a client can cause have severity 2.

@description('The prefix for the name of each alert.')
param prefix string
param location string
param tags object

@description('The Application Insights component whose log is queried.')
param componentId string

@description('Answers with a status of 500 or above in five minutes that are too many.')
@minValue(0)
param serverErrorLimit int

@description('Codes and refresh tokens used twice in an hour that are too many. Each has ended one authorization.')
@minValue(0)
param reuseLimit int

@description('The action group for alerts. Empty: alerts are shown only in the portal.')
param actionGroupIds array

// A line with an exception is a row of exceptions, and its message is the exception's own; every other line is a row of traces. Both
// have the category and the event, as long as they are not 0.
var everything = 'union isfuzzy=true traces, exceptions'
var event = 'tostring(customDimensions.EventId)'
var isOwn = 'tostring(customDimensions.CategoryName) startswith "FunctionsAuth."'
var own = '${everything} | where ${isOwn}'

// Exceptions from a broken connection or a malformed request while the server reads it.
var notBroken = 'not(type endswith "BadHttpRequestException" or type endswith "ConnectionResetException")'

// Requests that change the same row at the same time also get 503. This has no other cause.
var notCrowded = 'not(type endswith "TemporarilyUnavailableException" and innermostType == type)'

// A row if a timer has not said for too long that it did its work. There is none before the app has run for as long: an alert that
// counts lines would go off before the first deployment. No query looks back further than two days, so it resolves by itself after
// two days without any line.
var silence = '| summarize since = min(timestamp), ran = maxif(timestamp, ${isOwn} and ${event} == "{0}") | where since < ago({1}) and (isnull(ran) or ran < ago({1})) | project overdue = true'

var logAlerts = [
  {
    name: 'unexpected-errors'
    description: 'Requests failed for a reason that nobody foresaw (event 1001). The exception has the correlation id of the answer.'
    query: '${own} | where ${event} == "1001" and ${notBroken}'
    threshold: 0
    window: 'PT15M'
    every: 'PT15M'
    severity: 1
  }
  {
    name: 'service-unavailable'
    description: 'Requests got 503 because storage or a key vault did not answer (event 1002).'
    query: '${own} | where ${event} == "1002" and ${notCrowded}'
    threshold: serverErrorLimit
    window: 'PT5M'
    every: 'PT5M'
    severity: 1
  }
  {
    name: 'signature-failures'
    description: 'A key vault does not sign, or its keys can\'t be read (events 2005 and 2001).'
    // Requests that the vault refuses because there are too many have their own alert, vault-throttling.
    query: '${own} | where ${event} in ("2005", "2001") and tostring(customDimensions.Failure) != "Throttled"'
    threshold: 0
    window: 'PT5M'
    every: 'PT5M'
    severity: 0
  }
  {
    name: 'app-does-not-start'
    description: 'The Functions host has tried to start the app several times, and gave up. The lines before say why, such as a wrong setting.'
    // These are texts of the host, because its lines have no event.
    query: '${everything} | where message contains "Exceeded language worker restart retry count"'
    threshold: 0
    window: 'PT15M'
    every: 'PT15M'
    severity: 0
  }
  {
    name: 'key-not-rotated'
    description: 'A new signing key is due and was not made (event 2007): the rotation policy of the vault does not do its work.'
    query: '${own} | where ${event} == "2007"'
    threshold: 0
    window: 'PT1H'
    every: 'PT1H'
    severity: 1
  }
  {
    name: 'tokens-used-twice'
    description: 'Codes or refresh tokens came back that had been used (events 3001 and 3002): stolen, or a client that sends them twice.'
    query: '${own} | where ${event} in ("3001", "3002")'
    threshold: reuseLimit
    window: 'PT1H'
    every: 'PT1H'
    severity: 2
  }
  {
    name: 'prune-not-run'
    description: 'For a day the timer did not say that it had deleted what has expired (event 4002). Nothing expired is ever accepted; the tables grow.'
    query: '${everything} ${format(silence, '4002', '1d')}'
    threshold: 0
    window: 'P1D'
    every: 'PT1H'
    severity: 2
  }
  {
    name: 'key-rollover-not-run'
    description: 'For six hours the timer that makes and disables signing keys did not say that it had done so (event 2008).'
    query: '${everything} ${format(silence, '2008', '6h')}'
    threshold: 0
    window: 'P1D'
    every: 'PT1H'
    severity: 1
  }
]

module rules 'query-alert.bicep' = [
  for alert in logAlerts: {
    name: 'alert-${alert.name}'
    params: {
      name: '${prefix}-${alert.name}'
      location: location
      tags: tags
      description: alert.description
      componentId: componentId
      query: alert.query
      threshold: alert.threshold
      window: alert.window
      every: alert.every
      severity: alert.severity
      actionGroupIds: actionGroupIds
    }
  }
]
