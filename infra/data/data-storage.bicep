// The data of the server: its tables, which the app creates itself, and the outbox queue. Nothing else is in this account.

param name string
param location string
param tags object

@description('Standard_LRS, Standard_ZRS, Standard_GRS, Standard_RAGRS, Standard_GZRS or Standard_RAGZRS.')
param redundancy string

@description('The app that may use it.')
param appPrincipalId string

@description('The object id of the deployer, who imports the first clients and users. Empty: nobody.')
param deployerPrincipalId string

@description('User, ServicePrincipal or Group.')
param deployerPrincipalType string

@description('It can be reached only by private endpoints and from allowedIpAddresses.')
param private bool

@description('Public IPv4 addresses or ranges that can still reach it, such as the address of the deployer.')
param allowedIpAddresses array

@description('Locks the account against deletion, also by azd down.')
param locked bool

@description('The workspace for its log.')
param workspaceId string

@description('The operations that are logged one by one: StorageRead, StorageWrite, StorageDelete.')
param loggedOperations array

// Storage Table Data Contributor: reads, writes and makes tables.
var tableDataContributor = '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'

// Storage Queue Data Contributor: sends messages, and the Functions host reads them.
var queueDataContributor = '974c5e8b-45b9-4653-ba55-5f855dd0fb88'

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: redundancy }
  properties: {
    allowSharedKeyAccess: false
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: private && empty(allowedIpAddresses) ? 'Disabled' : 'Enabled'
    networkAcls: {
      bypass: 'AzureServices'
      defaultAction: private ? 'Deny' : 'Allow'
      ipRules: [for address in allowedIpAddresses: { value: address, action: 'Allow' }]
    }
  }
}

resource tables 'Microsoft.Storage/storageAccounts/tableServices@2025-06-01' = {
  parent: account
  name: 'default'
}

resource queues 'Microsoft.Storage/storageAccounts/queueServices@2025-06-01' = {
  parent: account
  name: 'default'
}

// A message is only the address of a row, without data.
resource outbox 'Microsoft.Storage/storageAccounts/queueServices/queues@2025-06-01' = {
  parent: queues
  name: 'outbox'
}

resource lock 'Microsoft.Authorization/locks@2020-05-01' = if (locked) {
  name: 'keep-the-data'
  scope: account
  properties: {
    level: 'CanNotDelete'
    notes: 'Users, clients and consents. Table Storage has no undelete.'
  }
}

resource appRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(account.id, appPrincipalId, tableDataContributor)
  scope: account
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', tableDataContributor)
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
  }
}

resource appQueueRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(account.id, appPrincipalId, queueDataContributor)
  scope: account
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', queueDataContributor)
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
  }
}

resource deployerRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(deployerPrincipalId)) {
  name: guid(account.id, deployerPrincipalId, tableDataContributor)
  scope: account
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', tableDataContributor)
    principalId: deployerPrincipalId
    principalType: deployerPrincipalType
  }
}

// The only version that has all categories.
#disable-next-line use-recent-api-versions
resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: tables
  properties: {
    workspaceId: workspaceId
    logs: [for operation in loggedOperations: { category: operation, enabled: true }]
    metrics: [
      { category: 'Transaction', enabled: true }
    ]
  }
}

output id string = account.id
output tablesId string = tables.id
output tablesUrl string = account.properties.primaryEndpoints.table
output queuesUrl string = account.properties.primaryEndpoints.queue
output outboxName string = outbox.name
