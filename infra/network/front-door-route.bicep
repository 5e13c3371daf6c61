// The route from Front Door to the app, under the name of Front Door or your own host name.

param profileName string
param endpointName string
param firewallId string

@description('The host name of the app.')
param appHostName string

@description('Your own host name. Empty: the host name of Front Door.')
param customDomain string

resource profile 'Microsoft.Cdn/profiles@2025-06-01' existing = {
  name: profileName
}

resource endpoint 'Microsoft.Cdn/profiles/afdEndpoints@2025-06-01' existing = {
  parent: profile
  name: endpointName
}

resource apps 'Microsoft.Cdn/profiles/originGroups@2025-06-01' = {
  parent: profile
  name: 'apps'
  properties: {
    loadBalancingSettings: {
      sampleSize: 4
      successfulSamplesRequired: 3
      additionalLatencyInMilliseconds: 50
    }
    healthProbeSettings: {
      probePath: '/health'
      probeRequestType: 'GET'
      probeProtocol: 'Https'
      probeIntervalInSeconds: 100
    }
    sessionAffinityState: 'Disabled'
  }
}

resource app 'Microsoft.Cdn/profiles/originGroups/origins@2025-06-01' = {
  parent: apps
  name: 'app'
  properties: {
    hostName: appHostName
    originHostHeader: appHostName
    httpsPort: 443
    priority: 1
    weight: 1000
    enabledState: 'Enabled'
    enforceCertificateNameCheck: true
  }
}

// It is checked by a TXT record _dnsauth.<host name> with the token that the portal shows; its certificate is made and renewed then.
resource domain 'Microsoft.Cdn/profiles/customDomains@2025-06-01' = if (!empty(customDomain)) {
  parent: profile
  name: empty(customDomain) ? 'none' : replace(customDomain, '.', '-')
  properties: {
    hostName: customDomain
    tlsSettings: {
      certificateType: 'ManagedCertificate'
      minimumTlsVersion: 'TLS12'
    }
  }
}

resource rules 'Microsoft.Cdn/profiles/ruleSets@2025-06-01' = {
  parent: profile
  name: 'requests'
}

// The Functions host pairs a request with its invocation by this header of its own. Sent by a client, it makes the request end after
// 15 seconds with 500.
resource hostHeader 'Microsoft.Cdn/profiles/ruleSets/rules@2025-06-01' = {
  parent: rules
  name: 'deleteInvocationId'
  properties: {
    order: 1
    conditions: []
    actions: [
      {
        name: 'ModifyRequestHeader'
        parameters: {
          typeName: 'DeliveryRuleHeaderActionParameters'
          headerAction: 'Delete'
          headerName: 'x-ms-invocation-id'
        }
      }
    ]
    matchProcessingBehavior: 'Continue'
  }
}

// Nothing is cached, and plain http gets no answer, so that a client that sends a secret without TLS does not work.
resource route 'Microsoft.Cdn/profiles/afdEndpoints/routes@2025-06-01' = {
  parent: endpoint
  name: 'everything'
  properties: {
    originGroup: { id: apps.id }
    ruleSets: [{ id: rules.id }]
    customDomains: empty(customDomain) ? [] : [{ id: domain.id }]
    linkToDefaultDomain: empty(customDomain) ? 'Enabled' : 'Disabled'
    supportedProtocols: ['Https']
    httpsRedirect: 'Disabled'
    forwardingProtocol: 'HttpsOnly'
    patternsToMatch: ['/*']
    enabledState: 'Enabled'
  }
  dependsOn: [app, hostHeader]
}

resource policy 'Microsoft.Cdn/profiles/securityPolicies@2025-06-01' = {
  parent: profile
  name: 'firewall'
  properties: {
    parameters: {
      type: 'WebApplicationFirewall'
      wafPolicy: { id: firewallId }
      associations: [
        {
          domains: empty(customDomain) ? [{ id: endpoint.id }] : [{ id: domain.id }]
          patternsToMatch: ['/*']
        }
      ]
    }
  }
}
