// The app under your own host name, with a certificate that Azure creates and renews. Before: a CNAME record to the app's host
// name, and a TXT record asuid.<host name> with the app's customDomainVerificationId.

param appName string
param planId string
param location string
param hostName string

resource app 'Microsoft.Web/sites@2025-03-01' existing = {
  name: appName
}

resource binding 'Microsoft.Web/sites/hostNameBindings@2025-03-01' = {
  parent: app
  name: hostName
  properties: {
    siteName: appName
    hostNameType: 'Verified'
    customHostNameDnsRecordType: 'CName'
  }
}

// On Flex Consumption a certificate belongs to one app, not to a plan.
resource certificate 'Microsoft.Web/sites/certificates@2025-03-01' = {
  parent: app
  name: '${replace(hostName, '.', '-')}-certificate'
  location: location
  properties: {
    canonicalName: hostName
    serverFarmId: planId
  }
  dependsOn: [binding]
}

// The binding is changed a second time, which takes a deployment of its own: the certificate needs the first.
module tls 'domain-certificate.bicep' = {
  name: 'domain-certificate'
  params: {
    appName: appName
    hostName: hostName
    thumbprint: certificate.properties.thumbprint
  }
}
