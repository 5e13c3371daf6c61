// Front Door and its firewall, without the route to the app: the app must know Front Door before Front Door gets the route.

param name string
param tags object

@description('Premium_AzureFrontDoor has managed rules, too, and bots are told from people.')
@allowed(['Standard_AzureFrontDoor', 'Premium_AzureFrontDoor'])
param tier string

@description('POST requests to login and signup from one address in five minutes.')
@minValue(10)
param loginLimit int

@description('Requests to token, par, introspect, revoke and register from one address in a minute.')
@minValue(10)
param tokenLimit int

@description('The workspace for the log of the firewall.')
param workspaceId string

// Only the path of a request is logged, because queries and forms contain codes, tokens and passwords.
var scrubbed = [
  { matchVariable: 'QueryStringArgNames', selectorMatchOperator: 'EqualsAny', state: 'Enabled' }
]
var scrubbedByFirewall = [
  { matchVariable: 'QueryStringArgNames', selectorMatchOperator: 'EqualsAny', state: 'Enabled' }
  { matchVariable: 'RequestBodyPostArgNames', selectorMatchOperator: 'EqualsAny', state: 'Enabled' }
  { matchVariable: 'RequestBodyJsonArgNames', selectorMatchOperator: 'EqualsAny', state: 'Enabled' }
  { matchVariable: 'RequestCookieNames', selectorMatchOperator: 'EqualsAny', state: 'Enabled' }
]

// OAuth parameters that look like an attack to the managed rules: addresses, JSON and encoded text.
var ownParameters = [
  'redirect_uri'
  'post_logout_redirect_uri'
  'request_uri'
  'resource'
  'request'
  'claims'
  'state'
  'client_id'
  'client_assertion'
  'id_token_hint'
]
var inQuery = [
  for parameter in ownParameters: {
    matchVariable: 'QueryStringArgNames'
    selectorMatchOperator: 'Equals'
    selector: parameter
  }
]
var inForm = [
  for parameter in ownParameters: {
    matchVariable: 'RequestBodyPostArgNames'
    selectorMatchOperator: 'Equals'
    selector: parameter
  }
]
var managedRules = [
  {
    ruleSetType: 'Microsoft_DefaultRuleSet'
    ruleSetVersion: '2.1'
    ruleSetAction: 'Block'
    exclusions: concat(inQuery, inForm)
  }
  {
    ruleSetType: 'Microsoft_BotManagerRuleSet'
    ruleSetVersion: '1.1'
  }
]

// The Functions host answers a request with such a header value after 15 seconds, with 500, and no code of the app sees it. A rule
// looks at one header: these are the ones that browsers fill with what other sites chose.
var asciiHeaders = ['Cookie', 'Referer', 'Accept-Language']
var asciiRules = [
  for (header, i) in asciiHeaders: {
    name: 'ascii${replace(header, '-', '')}'
    priority: 1 + i
    ruleType: 'MatchRule'
    action: 'Block'
    matchConditions: [
      {
        matchVariable: 'RequestHeader'
        selector: header
        operator: 'RegEx'
        // Anything but the characters from the space to the tilde.
        matchValue: ['[^ -~]']
      }
    ]
  }
]

// 10 MB or more: no request of the protocol is nearly as long, and the app would take all of it before it refuses it.
var sizeRule = {
  name: 'size'
  priority: 5
  ruleType: 'MatchRule'
  action: 'Block'
  matchConditions: [
    {
      matchVariable: 'RequestHeader'
      selector: 'Content-Length'
      operator: 'RegEx'
      matchValue: ['^[0-9]{8}']
    }
  ]
}

var limitRules = [
  {
    name: 'login'
    priority: 10
    ruleType: 'RateLimitRule'
    rateLimitDurationInMinutes: 5
    rateLimitThreshold: loginLimit
    action: 'Block'
    matchConditions: [
      { matchVariable: 'RequestMethod', operator: 'Equal', matchValue: ['POST'] }
      { matchVariable: 'RequestUri', operator: 'RegEx', matchValue: ['/(login|signup)([/?]|$)'] }
    ]
  }
  {
    name: 'token'
    priority: 20
    ruleType: 'RateLimitRule'
    rateLimitDurationInMinutes: 1
    rateLimitThreshold: tokenLimit
    action: 'Block'
    matchConditions: [
      {
        matchVariable: 'RequestUri'
        operator: 'RegEx'
        matchValue: ['/(token|par|introspect|revoke|register)([/?]|$)']
      }
    ]
  }
]

resource profile 'Microsoft.Cdn/profiles@2025-06-01' = {
  name: name
  location: 'global'
  tags: tags
  sku: { name: tier }
  properties: {
    originResponseTimeoutSeconds: 60
    logScrubbing: {
      state: 'Enabled'
      scrubbingRules: scrubbed
    }
  }
}

resource endpoint 'Microsoft.Cdn/profiles/afdEndpoints@2025-06-01' = {
  parent: profile
  name: name
  location: 'global'
  tags: tags
  properties: { enabledState: 'Enabled' }
}

resource firewall 'Microsoft.Network/FrontDoorWebApplicationFirewallPolicies@2025-10-01' = {
  // Letters and digits only.
  name: replace('${name}waf', '-', '')
  location: 'global'
  tags: tags
  sku: { name: tier }
  properties: {
    policySettings: {
      enabledState: 'Enabled'
      mode: 'Prevention'
      requestBodyCheck: 'Enabled'
      customBlockResponseStatusCode: 429
      logScrubbing: {
        state: 'Enabled'
        scrubbingRules: scrubbedByFirewall
      }
    }
    customRules: {
      rules: concat(asciiRules, [sizeRule], limitRules)
    }
    managedRules: {
      managedRuleSets: tier == 'Premium_AzureFrontDoor' ? managedRules : []
    }
  }
}

// The only version that has all categories.
#disable-next-line use-recent-api-versions
resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: profile
  properties: {
    workspaceId: workspaceId
    logs: [
      { category: 'FrontDoorWebApplicationFirewallLog', enabled: true }
    ]
    metrics: [
      { category: 'AllMetrics', enabled: true }
    ]
  }
}

output id string = profile.id
output name string = profile.name
output frontDoorId string = profile.properties.frontDoorId
output endpointName string = endpoint.name
output hostName string = endpoint.properties.hostName
output firewallId string = firewall.id
