// The Flex Consumption plan and the function app on it. The app accesses everything with its managed identity.

param name string
param planName string
param location string
param tags object

param identityId string
param identityClientId string

@description('The URL of the blob container to which azd uploads the published app.')
param packagesUrl string

@description('The account of the host.')
param hostStorageName string

@description('The Application Insights component.')
param componentName string

@description('Memory of an instance in MB.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int

@minValue(1)
@maxValue(1000)
param maximumInstanceCount int

@description('The number of instances for requests that always run.')
@minValue(0)
param alwaysReadyInstances int

param zoneRedundant bool

@description('The subnet for outgoing requests. Empty: none.')
param subnetId string

@description('Only requests of this Front Door are accepted. Empty: all requests are accepted.')
param frontDoorId string

@description('Whether Front Door is in front of the app. Its id is known only after it has been created.')
param behindFrontDoor bool

@description('The public address of the server. Empty: the app\'s own host name.')
param issuer string

@description('The account of the tables, as an https URL.')
param tablesUrl string

@description('The storage account of the outbox queue, as an https URL.')
param queuesUrl string

@description('The name of that queue.')
param outboxName string

@description('The key vaults; the first one also wraps keys.')
param vaultUris array

@description('Keys:Mode')
param keyMode string

@description('The mail server. Empty: the server sends no mail.')
param mailHost string

@description('Mail:Username. Empty: the app does not sign in at the mail server.')
param mailUsername string

@description('Mail:From')
param mailFrom string

@description('The name of the secret in the first vault that has Mail:Password.')
param mailCredentialName string

@description('More settings of the server: names as in README.md with __ for each colon, and OTEL_ ones as they stand.')
param settings object

// Two zones need at least two instances.
var readyInstances = zoneRedundant ? max(alwaysReadyInstances, 2) : alwaysReadyInstances

var fromAnywhere = []
var fromFrontDoor = [
  {
    name: 'front-door'
    priority: 100
    action: 'Allow'
    tag: 'ServiceTag'
    ipAddress: 'AzureFrontDoor.Backend'
    headers: { 'x-azure-fdid': [frontDoorId] }
  }
]

var moreVaults = keyMode == 'wrapped' ? [] : skip(vaultUris, 1)

var hostSettings = {
  AzureWebJobsStorage__accountName: hostStorageName
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: identityClientId
  AzureWebJobsDisableHomepage: 'true'
  OutboxQueue: outboxName
  OutboxStorage__queueServiceUri: queuesUrl
  OutboxStorage__credential: 'managedidentity'
  OutboxStorage__clientId: identityClientId
  APPLICATIONINSIGHTS_CONNECTION_STRING: component.properties.ConnectionString
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identityClientId};Authorization=AAD'
}

var serverSettings = {
  FunctionsAuth__Issuer: empty(issuer) ? 'https://${app.properties.defaultHostName}' : issuer
  FunctionsAuth__Storage__AccountUri: tablesUrl
  FunctionsAuth__Vault__Uri: vaultUris[0]
  FunctionsAuth__Vault__ManagedIdentityClientId: identityClientId
  FunctionsAuth__Keys__Mode: keyMode
}

// Limits by network address require a known address, which Front Door provides.
var addressSettings = behindFrontDoor
  ? {
      FunctionsAuth__ClientAddress__Source: 'front-door'
      FunctionsAuth__ClientAddress__FrontDoorId: frontDoorId
    }
  : {}

var mailSettings = empty(mailHost)
  ? {}
  : {
      FunctionsAuth__Mail__Host: mailHost
      FunctionsAuth__Mail__From: mailFrom
    }

// The platform reads the secret with the app's identity, and passes its value to the app.
var mailLoginSettings = empty(mailHost) || empty(mailUsername)
  ? {}
  : {
      FunctionsAuth__Mail__Username: mailUsername
      FunctionsAuth__Mail__Password: '@Microsoft.KeyVault(SecretUri=${vaultUris[0]}secrets/${mailCredentialName})'
    }

var vaultSettings = toObject(
  range(0, length(moreVaults)),
  i => 'FunctionsAuth__Vault__MoreUris__${i}',
  i => moreVaults[i]
)
var ownSettings = toObject(
  filter(items(settings), setting => !startsWith(setting.key, 'OTEL_')),
  setting => 'FunctionsAuth__${setting.key}',
  setting => string(setting.value)
)

// The host would record requests with their addresses, up to 5 a second. Of all requests it records this share, which is none, unless
// there is a collector: what the host does not record, the server does not send there either.
var samplerSettings = contains(settings, 'OTEL_EXPORTER_OTLP_ENDPOINT')
  ? {}
  : { OTEL_TRACES_SAMPLER: 'microsoft.fixed_percentage', OTEL_TRACES_SAMPLER_ARG: '0' }

// OpenTelemetry's variables are not the server's own.
var telemetrySettings = toObject(
  filter(items(settings), setting => startsWith(setting.key, 'OTEL_')),
  setting => setting.key,
  setting => string(setting.value)
)

resource component 'Microsoft.Insights/components@2020-02-02' existing = {
  name: componentName
}

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    name: 'FC1'
    tier: 'FlexConsumption'
  }
  properties: {
    reserved: true
    zoneRedundant: zoneRedundant
  }
}

resource app 'Microsoft.Web/sites@2025-03-01' = {
  name: name
  location: location
  tags: union(tags, { 'azd-service-name': 'functionsauth' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identityId}': {} }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    keyVaultReferenceIdentity: identityId
    clientAffinityEnabled: false
    publicNetworkAccess: 'Enabled'
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: packagesUrl
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityId
          }
        }
      }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemoryMB
        maximumInstanceCount: maximumInstanceCount
        // This is the current default of Azure, set explicitly: an instance hashes one password at a time, so more requests at the same time only wait.
        triggers: { http: { perInstanceConcurrency: instanceMemoryMB / 128 } }
        alwaysReady: readyInstances == 0 ? [] : [{ name: 'http', instanceCount: readyInstances }]
      }
      runtime: {
        name: 'dotnet-isolated'
        version: '10.0'
      }
    }
    siteConfig: {
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      http20Enabled: true
      ipSecurityRestrictionsDefaultAction: empty(frontDoorId) ? 'Allow' : 'Deny'
      ipSecurityRestrictions: empty(frontDoorId) ? fromAnywhere : fromFrontDoor
      scmIpSecurityRestrictionsUseMain: false
    }
  }
}

// A separate resource, because the issuer may be the host name that Azure gave the app. Settings of the deployment override
// settings of the operator.
resource appSettings 'Microsoft.Web/sites/config@2025-03-01' = {
  parent: app
  name: 'appsettings'
  properties: union(
    ownSettings,
    hostSettings,
    serverSettings,
    addressSettings,
    mailSettings,
    mailLoginSettings,
    vaultSettings,
    samplerSettings,
    telemetrySettings
  )
}

// Packages are deployed with the deployer's own credential: password access is off.
resource noScmPassword 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2025-03-01' = {
  parent: app
  name: 'scm'
  properties: { allow: false }
}

resource noFtpPassword 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2025-03-01' = {
  parent: app
  name: 'ftp'
  properties: { allow: false }
}

output id string = app.id
output name string = app.name
output planId string = plan.id
output hostName string = app.properties.defaultHostName
output issuer string = serverSettings.FunctionsAuth__Issuer
