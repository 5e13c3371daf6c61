// The network with everything that the app reaches in it. After this module, every private name can be resolved.

@description('The suffix of all names.')
param token string
param location string
param tags object

@description('The addresses of the network.')
param addressPrefix string

@description('A fixed public IP address for requests from the app to clients.')
param natGateway bool

@description('The account of the host, whose blobs the app reaches.')
param hostStorageId string

@description('The account of the tables.')
param dataStorageId string

param vaultIds array

module network 'virtual-network.bicep' = {
  name: 'virtual-network'
  params: {
    name: 'vnet-${token}'
    location: location
    tags: tags
    addressPrefix: addressPrefix
    natGateway: natGateway
  }
}

module hostEndpoint 'private-endpoint.bicep' = {
  name: 'endpoint-host'
  params: {
    name: 'pep-${token}-host'
    location: location
    tags: tags
    subnetId: network.outputs.endpointSubnetId
    targetId: hostStorageId
    service: 'blob'
    zoneId: network.outputs.blobZoneId
  }
}

module tableEndpoint 'private-endpoint.bicep' = {
  name: 'endpoint-tables'
  params: {
    name: 'pep-${token}-tables'
    location: location
    tags: tags
    subnetId: network.outputs.endpointSubnetId
    targetId: dataStorageId
    service: 'table'
    zoneId: network.outputs.tableZoneId
  }
}

module queueEndpoint 'private-endpoint.bicep' = {
  name: 'endpoint-queues'
  params: {
    name: 'pep-${token}-queues'
    location: location
    tags: tags
    subnetId: network.outputs.endpointSubnetId
    targetId: dataStorageId
    service: 'queue'
    zoneId: network.outputs.queueZoneId
  }
}

module vaultEndpoints 'private-endpoint.bicep' = [
  for (vaultId, i) in vaultIds: {
    name: 'endpoint-vault-${i}'
    params: {
      name: 'pep-${token}-vault-${i}'
      location: location
      tags: tags
      subnetId: network.outputs.endpointSubnetId
      targetId: vaultId
      service: 'vault'
      zoneId: network.outputs.vaultZoneId
    }
  }
]

output appSubnetId string = network.outputs.appSubnetId
