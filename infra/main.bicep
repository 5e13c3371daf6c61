// Everything that FunctionsAuth needs in Azure, for `azd up`. docs/deploy.md takes you through it.
//
// Without parameters: a Flex Consumption app that costs nothing while nobody calls it, tables in three zones, one key vault with two
// signing keys that replace each other, logs, alerts. No key, password or connection string opens anything here: the app reaches
// what it needs as its managed identity. Only a mail server may want a password: it is a secret in the vault, and the deployment names it.

targetScope = 'subscription'

@description('Names this deployment, and with subscription and location makes all names. Another one is another server.')
@minLength(1)
@maxLength(40)
param environmentName string

@description('The region.')
@minLength(1)
param location string

@description('The resource group; it is made. Empty: rg- and the environment\'s name.')
param resourceGroupName string = ''

@description('Who deploys: may write to the tables, to import the first clients and users. Empty: nobody.')
param principalId string = ''

@description('What the deployer is.')
@allowed(['User', 'ServicePrincipal', 'Group'])
param principalType string = 'User'

// The server

@description('The public address that clients compare, such as https://login.example.com. Choose it once: tokens and clients name it. Empty: the custom domain, or Front Door\'s or the app\'s own name.')
param issuer string = ''

@description('More settings of the server: an object with the names of README.md, __ for each colon, such as { "Lifetimes__AccessToken": "00:10:00" }.')
param settings object = {}

@description('Memory of an instance in MB.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int = 2048

@description('No more instances than this, so no higher bill.')
@minValue(1)
@maxValue(1000)
param maximumInstanceCount int = 100

@description('Instances that never go to sleep. They cost by the hour, and take the first request of the day without a cold start.')
@minValue(0)
@maxValue(100)
param alwaysReadyInstances int = 0

@description('Instances in several zones; at least two are always ready then.')
param zoneRedundant bool = false

// Mail

@description('The mail server, such as smtp.azurecomm.net. Empty: the server sends no mail, and what needs mail is off.')
param mailHost string = ''

@description('The name that the app signs in with at the mail server. Empty: it does not sign in.')
param mailUsername string = ''

@description('The address that mail comes from, such as no-reply@example.com.')
param mailFrom string = ''

@description('The secret of the first vault with the password of the mail server. You make it.')
param mailCredentialName string = 'mail-password'

// Data

@description('How the tables are copied. Standard_LRS where the region has no zones; Standard_GZRS for a copy in another region.')
@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GRS', 'Standard_RAGRS', 'Standard_GZRS', 'Standard_RAGZRS'])
param dataRedundancy string = 'Standard_ZRS'

@description('Refuses to delete the tables\' account, also to `azd down`.')
param lockData bool = false

@description('Operations on tables that are logged one by one: StorageRead, StorageWrite, StorageDelete. Each costs as much to log as many to do.')
param loggedTableOperations array = []

// Signing keys

@description('Key vaults that signatures are spread over: each makes about 400 a second.')
@minValue(1)
@maxValue(5)
param vaultCount int = 1

@description('Keys:Mode: where signatures are made.')
@allowed(['vault', 'wrapped', 'wrapped,vault', 'vault,wrapped'])
param keyMode string = 'vault'

@description('The app makes new versions of its keys itself, and may do so: Key Vault Crypto Officer instead of Crypto User.')
param appRotatesKeys bool = false

@description('The vaults replace a key so long after it was made: at least 7 days, less than Keys:RotateEvery.')
param rotateKeysAfter string = 'P60D'

@description('No version can sign longer than this. Only a last resort: versions are disabled long before.')
param expireKeysAfter string = 'P180D'

@description('Keys in hardware modules: half as many signatures a second, at a higher price.')
param hardwareKeys bool = false

@description('Brings back deleted vaults of the same names: set it when a deployment says that a vault is in deleted state.')
param recoverVaults bool = false

@description('Every use of a key is logged with its caller. After a theft it says what was signed; it costs about as much as the signatures.')
param auditKeys bool = true

// Network

@description('Storage and vaults are reached from a virtual network only.')
param privateNetwork bool = false

@description('Its addresses, at least a /26.')
param networkPrefix string = '10.90.0.0/23'

@description('A fixed public address for what the server sends to clients.')
param natGateway bool = false

@description('With privateNetwork: public addresses that reach tables and vaults nevertheless, such as yours for the import.')
param allowedIpAddresses array = []

@description('A host name of yours, such as login.example.com. docs/deploy.md says which DNS records it takes.')
param customDomain string = ''

@description('Front Door with a firewall and rate limits stands before the app, and nobody gets past it.')
param frontDoor bool = false

@description('Premium has managed rules against attacks and bots.')
@allowed(['Standard_AzureFrontDoor', 'Premium_AzureFrontDoor'])
param frontDoorTier string = 'Standard_AzureFrontDoor'

@description('Attempts to sign in or up from one address in five minutes; whole companies may have one address.')
@minValue(10)
param loginLimit int = 100

@description('Requests to token and the other endpoints of clients from one address in a minute.')
@minValue(10)
param tokenLimit int = 3000

// Watching

@description('Makes the alerts; each costs a little by the month.')
param alerting bool = true

@description('Gets the alerts. Empty: they are shown in the portal only.')
param alertEmail string = ''

@description('Answers with a status of 500 or above in five minutes that are too many.')
@minValue(0)
param serverErrorLimit int = 10

@description('With Front Door: percent of answers with a status of 500 or above that are too many.')
@minValue(0)
@maxValue(100)
param serverErrorPercent int = 1

@description('Codes and refresh tokens used twice in an hour that are too many.')
@minValue(0)
param reuseLimit int = 10

@description('How long logs are kept.')
@minValue(30)
@maxValue(730)
param logRetentionDays int = 90

@description('Stops logging for the rest of the day, in GB; -1 for no limit.')
param dailyLogLimitGb int = -1

var token = toLower(uniqueString(subscription().id, environmentName, location))
var tags = { 'azd-env-name': environmentName }
var appName = 'func-${token}'
var publicUrl = !empty(issuer) ? issuer : !empty(customDomain) ? 'https://${customDomain}' : ''

resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: empty(resourceGroupName) ? 'rg-${environmentName}' : resourceGroupName
  location: location
  tags: tags
}

module identity 'app/identity.bicep' = {
  name: 'identity'
  scope: group
  params: {
    name: 'id-${token}'
    location: location
    tags: tags
  }
}

module monitoring 'watch/monitoring.bicep' = {
  name: 'monitoring'
  scope: group
  params: {
    workspaceName: 'log-${token}'
    componentName: 'appi-${token}'
    location: location
    tags: tags
    appPrincipalId: identity.outputs.principalId
    retentionDays: logRetentionDays
    dailyLimitGb: dailyLogLimitGb
  }
}

module hostStorage 'data/host-storage.bicep' = {
  name: 'host-storage'
  scope: group
  params: {
    name: 'sthost${token}'
    location: location
    tags: tags
    appPrincipalId: identity.outputs.principalId
    zoneRedundant: zoneRedundant
    private: privateNetwork
  }
}

module dataStorage 'data/data-storage.bicep' = {
  name: 'data-storage'
  scope: group
  params: {
    name: 'stdata${token}'
    location: location
    tags: tags
    redundancy: dataRedundancy
    appPrincipalId: identity.outputs.principalId
    deployerPrincipalId: principalId
    deployerPrincipalType: principalType
    private: privateNetwork
    allowedIpAddresses: allowedIpAddresses
    locked: lockData
    workspaceId: monitoring.outputs.workspaceId
    loggedOperations: loggedTableOperations
  }
}

module vaults 'data/vault.bicep' = [
  for i in range(0, vaultCount): {
    name: 'vault-${i}'
    scope: group
    params: {
      name: 'kv-${token}-${i}'
      location: location
      tags: tags
      appPrincipalId: identity.outputs.principalId
      appRotatesKeys: appRotatesKeys
      rotateAfter: rotateKeysAfter
      expireAfter: expireKeysAfter
      withWrappingKey: i == 0
      hardwareKeys: hardwareKeys
      appReadsCredentials: i == 0 && !empty(mailHost) && !empty(mailUsername)
      recover: recoverVaults
      private: privateNetwork
      allowedIpAddresses: allowedIpAddresses
      workspaceId: monitoring.outputs.workspaceId
      auditLog: auditKeys
    }
  }
]

module network 'network/private-network.bicep' = if (privateNetwork) {
  name: 'private-network'
  scope: group
  params: {
    token: token
    location: location
    tags: tags
    addressPrefix: networkPrefix
    natGateway: natGateway
    hostStorageId: hostStorage.outputs.id
    dataStorageId: dataStorage.outputs.id
    vaultIds: [for i in range(0, vaultCount): vaults[i].outputs.id]
  }
}

module edge 'network/front-door.bicep' = if (frontDoor) {
  name: 'front-door'
  scope: group
  params: {
    name: 'afd-${token}'
    tags: tags
    tier: frontDoorTier
    loginLimit: loginLimit
    tokenLimit: tokenLimit
    workspaceId: monitoring.outputs.workspaceId
  }
}

module app 'app/function-app.bicep' = {
  name: 'function-app'
  scope: group
  params: {
    name: appName
    planName: 'plan-${token}'
    location: location
    tags: tags
    identityId: identity.outputs.id
    identityClientId: identity.outputs.clientId
    packagesUrl: hostStorage.outputs.packagesUrl
    hostStorageName: hostStorage.outputs.name
    componentName: monitoring.outputs.componentName
    instanceMemoryMB: instanceMemoryMB
    maximumInstanceCount: maximumInstanceCount
    alwaysReadyInstances: alwaysReadyInstances
    zoneRedundant: zoneRedundant
    subnetId: privateNetwork ? network!.outputs.appSubnetId : ''
    behindFrontDoor: frontDoor
    frontDoorId: frontDoor ? edge!.outputs.frontDoorId : ''
    issuer: !empty(publicUrl) || !frontDoor ? publicUrl : 'https://${edge!.outputs.hostName}'
    tablesUrl: dataStorage.outputs.tablesUrl
    queuesUrl: dataStorage.outputs.queuesUrl
    outboxName: dataStorage.outputs.outboxName
    vaultUris: [for i in range(0, vaultCount): vaults[i].outputs.uri]
    keyMode: keyMode
    mailHost: mailHost
    mailUsername: mailUsername
    mailFrom: mailFrom
    mailCredentialName: mailCredentialName
    settings: settings
  }
}

module edgeRoute 'network/front-door-route.bicep' = if (frontDoor) {
  name: 'front-door-route'
  scope: group
  params: {
    profileName: edge!.outputs.name
    endpointName: edge!.outputs.endpointName
    firewallId: edge!.outputs.firewallId
    appHostName: app.outputs.hostName
    customDomain: customDomain
  }
}

// With Front Door, the name is Front Door's.
module domain 'app/custom-domain.bicep' = if (!empty(customDomain) && !frontDoor) {
  name: 'custom-domain'
  scope: group
  params: {
    appName: app.outputs.name
    planId: app.outputs.planId
    location: location
    hostName: customDomain
  }
}

module alerts 'watch/alerts.bicep' = if (alerting) {
  name: 'alerts'
  scope: group
  params: {
    prefix: environmentName
    location: location
    tags: tags
    email: alertEmail
    componentId: monitoring.outputs.componentId
    appId: app.outputs.id
    tablesId: dataStorage.outputs.tablesId
    vaultIds: [for i in range(0, vaultCount): vaults[i].outputs.id]
    frontDoorProfileId: frontDoor ? edge!.outputs.id : ''
    serverErrorLimit: serverErrorLimit
    serverErrorPercent: serverErrorPercent
    reuseLimit: reuseLimit
  }
}

output AZURE_RESOURCE_GROUP string = group.name
output SERVICE_FUNCTIONSAUTH_NAME string = app.outputs.name
output SERVICE_FUNCTIONSAUTH_HOST_NAME string = app.outputs.hostName
output SERVICE_FUNCTIONSAUTH_ISSUER string = app.outputs.issuer
output SERVICE_FUNCTIONSAUTH_TABLES string = dataStorage.outputs.tablesUrl
output SERVICE_FUNCTIONSAUTH_VAULT string = vaults[0].outputs.uri
