// One key vault with the signing keys. The app signs with them, reads their public halves and disables what has retired; it can't
// take a private key out, and unless it rotates the keys itself it can't make one.

param name string
param location string
param tags object

@description('The app that may use it.')
param appPrincipalId string

@description('The app creates new versions itself (Key Vault Crypto Officer). Otherwise the vault does it, with its rotation policy.')
param appRotatesKeys bool

@description('The age at which the vault replaces a key. It must be less than Keys:RotateEvery, so that the app does not replace keys itself.')
param rotateAfter string

@description('The lifetime of a key version. It must be much longer than rotateAfter, because a new version is announced before it signs.')
param expireAfter string

@description('The vault also has the key that wraps the secrets of second factors, and the signing keys of Keys:Mode wrapped.')
param withWrappingKey bool

@description('Keys in hardware modules: the premium tier.')
param hardwareKeys bool

@description('The app may read secrets: one of them is the password of the mail server.')
param appReadsCredentials bool

@description('Recovers a deleted vault with this name, with its keys.')
param recover bool

@description('It can be reached only by private endpoints and from allowedIpAddresses.')
param private bool

@description('Public IPv4 addresses or ranges that can still reach it.')
param allowedIpAddresses array

@description('The workspace for its log.')
param workspaceId string

@description('Logs every operation with its caller, including every signature. After a theft, the log shows what was signed.')
param auditLog bool

// Key Vault Crypto User signs, reads keys and changes their attributes. Key Vault Crypto Officer makes and deletes keys, too.
var cryptoUser = '12338af0-0e69-4776-bea7-57ae8d297424'
var cryptoOfficer = '14b46e9e-c2b7-41b4-b07b-48a6ebf60603'
var appRoleId = appRotatesKeys ? cryptoOfficer : cryptoUser

// Key Vault Secrets User: reads secrets.
var secretsUser = '4633458b-17de-408a-b874-0445c86b69e6'

var byPolicy = {
  attributes: { expiryTime: expireAfter }
  lifetimeActions: [
    {
      trigger: { timeAfterCreate: rotateAfter }
      action: { type: 'rotate' }
    }
  ]
}

// The app does not rotate a key that has a rotation policy. So there is no policy if the app rotates the keys.
var rotationPolicy = appRotatesKeys ? null : byPolicy

resource vault 'Microsoft.KeyVault/vaults@2025-05-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    sku: {
      family: 'A'
      name: hardwareKeys ? 'premium' : 'standard'
    }
    createMode: recover ? 'recover' : 'default'
    enableRbacAuthorization: true
    enableSoftDelete: true
    enablePurgeProtection: true
    softDeleteRetentionInDays: 90
    enabledForDeployment: false
    enabledForDiskEncryption: false
    enabledForTemplateDeployment: false
    publicNetworkAccess: private && empty(allowedIpAddresses) ? 'Disabled' : 'Enabled'
    networkAcls: {
      bypass: 'AzureServices'
      defaultAction: private ? 'Deny' : 'Allow'
      ipRules: [for address in allowedIpAddresses: { value: address }]
    }
  }
}

// The names are those of Keys:RsaKeyName and Keys:EcKeyName. Existing keys are not changed, and neither is their policy.
resource rsaKey 'Microsoft.KeyVault/vaults/keys@2025-05-01' = {
  parent: vault
  name: 'signing-rsa'
  properties: {
    kty: hardwareKeys ? 'RSA-HSM' : 'RSA'
    keySize: 2048
    keyOps: ['sign', 'verify']
    attributes: { enabled: true }
    rotationPolicy: rotationPolicy
  }
}

resource ecKey 'Microsoft.KeyVault/vaults/keys@2025-05-01' = {
  parent: vault
  name: 'signing-ec'
  properties: {
    kty: hardwareKeys ? 'EC-HSM' : 'EC'
    curveName: 'P-256'
    keyOps: ['sign', 'verify']
    attributes: { enabled: true }
    rotationPolicy: rotationPolicy
  }
}

// It has no rotation policy: each of its versions must stay enabled while anything is wrapped with it.
resource wrappingKey 'Microsoft.KeyVault/vaults/keys@2025-05-01' = if (withWrappingKey) {
  parent: vault
  name: 'wrapping-rsa'
  properties: {
    kty: hardwareKeys ? 'RSA-HSM' : 'RSA'
    keySize: 2048
    keyOps: ['wrapKey', 'unwrapKey']
    attributes: { enabled: true }
  }
}

resource appRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vault.id, appPrincipalId, appRoleId)
  scope: vault
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', appRoleId)
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
  }
}

resource secretsRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (appReadsCredentials) {
  name: guid(vault.id, appPrincipalId, secretsUser)
  scope: vault
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', secretsUser)
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
  }
}

// The only version that has all categories.
#disable-next-line use-recent-api-versions
resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: vault
  properties: {
    workspaceId: workspaceId
    logAnalyticsDestinationType: 'Dedicated'
    logs: [
      { categoryGroup: 'audit', enabled: auditLog }
    ]
    metrics: [
      { category: 'AllMetrics', enabled: true }
    ]
  }
}

output id string = vault.id
output name string = vault.name
output uri string = vault.properties.vaultUri
