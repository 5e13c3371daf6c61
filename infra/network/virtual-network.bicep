// A network with two subnets, one for outgoing requests of the app and one for private endpoints, and the private DNS names in it.

param name string
param location string
param tags object

@description('At least a /26: half of it is for instances of the app, half for private endpoints.')
param addressPrefix string

@description('A fixed public IP address for requests from the app to clients, such as logout tokens. It costs by the hour.')
param natGateway bool

// Subnets have one bit more than the network.
var half = parseCidr(addressPrefix).cidr + 1
var zoneNames = [
  'privatelink.blob.${environment().suffixes.storage}'
  'privatelink.table.${environment().suffixes.storage}'
  'privatelink.vaultcore.azure.net'
  'privatelink.queue.${environment().suffixes.storage}'
]

resource outgoing 'Microsoft.Network/publicIPAddresses@2025-05-01' = if (natGateway) {
  name: '${name}-outgoing'
  location: location
  tags: tags
  sku: { name: 'Standard' }
  properties: { publicIPAllocationMethod: 'Static' }
}

resource gateway 'Microsoft.Network/natGateways@2025-05-01' = if (natGateway) {
  name: '${name}-gateway'
  location: location
  tags: tags
  sku: { name: 'Standard' }
  properties: {
    publicIpAddresses: [{ id: outgoing.id }]
  }
}

resource network 'Microsoft.Network/virtualNetworks@2025-05-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    addressSpace: { addressPrefixes: [addressPrefix] }
    subnets: [
      {
        name: 'app'
        properties: {
          addressPrefix: cidrSubnet(addressPrefix, half, 0)
          delegations: [
            {
              // The service on which Flex Consumption runs.
              name: 'flex'
              properties: { serviceName: 'Microsoft.App/environments' }
            }
          ]
          natGateway: natGateway ? { id: gateway.id } : null
        }
      }
      {
        name: 'private-endpoints'
        properties: { addressPrefix: cidrSubnet(addressPrefix, half, 1) }
      }
    ]
  }
}

resource zones 'Microsoft.Network/privateDnsZones@2024-06-01' = [
  for zone in zoneNames: {
    name: zone
    location: 'global'
    tags: tags
  }
]

resource links 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [
  for (zone, i) in zoneNames: {
    parent: zones[i]
    name: name
    location: 'global'
    tags: tags
    properties: {
      registrationEnabled: false
      virtualNetwork: { id: network.id }
    }
  }
]

output appSubnetId string = network.properties.subnets[0].id
output endpointSubnetId string = network.properties.subnets[1].id
output blobZoneId string = zones[0].id
output tableZoneId string = zones[1].id
output queueZoneId string = zones[3].id
output vaultZoneId string = zones[2].id
