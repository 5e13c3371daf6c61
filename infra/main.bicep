// Everything that FunctionsAuth needs in Azure, for `azd up`. docs/deploy.md explains each step.
//
// Without parameters: a Flex Consumption app that costs nothing while it gets no requests, tables in three zones, one key vault with two
// signing keys, logs and alerts. All access uses managed identities, and the deployment contains no keys, passwords or connection
// strings. Only a mail server may need a password. It is a secret in the vault, and the deployment has only its name.

targetScope = 'subscription'

@description('The name of this deployment. Together with subscription and location it determines all other names. Another name creates another server.')
@minLength(1)
@maxLength(40)
param environmentName string

@description('The region.')
@minLength(1)
param location string

@description('The resource group, which is created. Empty: rg- and the name of the environment.')
param resourceGroupName string = ''

@description('The object id of the deployer, who may write to the tables to import the first clients and users. Empty: nobody.')
param principalId string = ''

@description('The kind of principal of the deployer.')
@allowed(['User', 'ServicePrincipal', 'Group'])
param principalType string = 'User'

// The server

@description('The public address (issuer), such as https://login.example.com. Do not change it later, because tokens and clients contain it. Empty: the custom domain, or Front Door\'s or the app\'s own name.')
param issuer string = ''

@description('More settings of the server: an object with the names of README.md, __ for each colon, such as { "Lifetimes__AccessToken": "00:10:00" }.')
param settings object = {}

@description('Memory of an instance in MB.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int = 2048

@description('The largest number of instances, which limits the cost.')
@minValue(1)
@maxValue(1000)
param maximumInstanceCount int = 100

@description('The number of instances that always run. They cost by the hour, and answer the first request of the day without a cold start.')
@minValue(0)
@maxValue(100)
param alwaysReadyInstances int = 0

@description('Runs instances in several zones. At least two are always ready then.')
param zoneRedundant bool = false

// Mail

@description('The mail server, such as smtp.azurecomm.net. Empty: the server sends no mail, and features that need mail are off.')
param mailHost string = ''

@description('The username for the mail server. Empty: the app does not sign in there.')
param mailUsername string = ''

@description('The sender address of mail, such as no-reply@example.com.')
param mailFrom string = ''

@description('The name of the secret in the first vault that has the password of the mail server. You create this secret.')
param mailCredentialName string = 'mail-password'

// Data

@description('The redundancy of the tables: Standard_LRS if the region has no zones, Standard_GZRS for a copy in another region.')
@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GRS', 'Standard_RAGRS', 'Standard_GZRS', 'Standard_RAGZRS'])
param dataRedundancy string = 'Standard_ZRS'

@description('Locks the storage account of the tables against deletion, also by `azd down`.')
param lockData bool = false

@description('Table operations that are logged one by one: StorageRead, StorageWrite, StorageDelete. Logging an operation costs much more than the operation itself.')
param loggedTableOperations array = []

// Signing keys

@description('The number of key vaults that share the signatures. Each makes about 400 signatures per second.')
@minValue(1)
@maxValue(5)
param vaultCount int = 1

@description('Keys:Mode: where signatures are made.')
@allowed(['vault', 'wrapped', 'wrapped,vault', 'vault,wrapped'])
param keyMode string = 'vault'

@description('The app creates new key versions itself. It gets the role Key Vault Crypto Officer instead of Crypto User.')
param appRotatesKeys bool = false

@description('The age at which a vault replaces a key: at least 7 days, and less than Keys:RotateEvery.')
param rotateKeysAfter string = 'P60D'

@description('The lifetime of a key version. This is only a safety limit, because versions are disabled long before.')
param expireKeysAfter string = 'P180D'

@description('Keeps the keys in hardware modules: half as many signatures per second, at a higher price.')
param hardwareKeys bool = false

@description('Recovers deleted vaults with the same names. Set it when a deployment reports that a vault is in deleted state.')
param recoverVaults bool = false

@description('Logs every use of a key with its caller. After a theft, the log shows what was signed. It costs about as much as the signatures.')
param auditKeys bool = true

// Network

@description('Storage and vaults can be reached only from a virtual network.')
param privateNetwork bool = false

@description('The addresses of the virtual network, at least a /26.')
param networkPrefix string = '10.90.0.0/23'

@description('A fixed public IP address for requests from the server to clients.')
param natGateway bool = false

@description('With privateNetwork: public IP addresses that can still reach tables and vaults, such as yours for the import.')
param allowedIpAddresses array = []

@description('Your own host name, such as login.example.com. docs/deploy.md lists the DNS records that it needs.')
param customDomain string = ''

@description('Puts Front Door with a firewall and rate limits in front of the app. The app accepts no other requests.')
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

@description('Creates the alerts. Each has a small monthly cost.')
param alerting bool = true

@description('The email address that gets the alerts. Empty: they are shown only in the portal.')
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

@description('The number of days for which logs are kept.')
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
