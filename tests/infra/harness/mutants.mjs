// By rule: changes of infra/ that must break it.

const change = (file, from, to) => ({ file, from, to });

const sharedKeys = "allowSharedKeyAccess: false";
const host = "data/host-storage.bicep";
const data = "data/data-storage.bicep";
const vault = "data/vault.bicep";
const app = "app/function-app.bicep";
const monitoring = "watch/monitoring.bicep";
const edge = "network/front-door.bicep";

export const mutants = {
  "every file parses": [
    change("main.bicep", "module app 'app/function-app.bicep' = {", "module app 'app/function-app.bicep' = "),
    change(vault, "sku: {", "sku {"),
    change(app, "siteConfig: {", "siteConfig: {{"),
  ],
  "every API version was reviewed": [
    change(vault, "vaults@2024-11-01", "vaults@2016-10-01"),
    change(app, "sites@2024-04-01", "sites@2024-04-01-preview"),
  ],
  "every module's parameters are passed and exist": [
    change("main.bicep", "    keyMode: keyMode\n", ""),
    change("main.bicep", "    locked: lockData\n", "    locked: lockData\n    unknown: lockData\n"),
    change("main.bicep", "'app/identity.bicep'", "'app/identities.bicep'"),
    change("watch/query-alert.bicep", "param threshold int", "param threshold int\nparam more int"),
  ],
  "every parameter that is passed has the right type": [
    change("main.bicep", "private: privateNetwork", "private: 'true'"),
    change("main.bicep", "    vaultIds: [for i in range(0, vaultCount): vaults[i].outputs.id]", "    vaultIds: 'vaults'"),
    change("main.bicep", "loginLimit: loginLimit", "loginLimit: customDomain"),
    change("data/vault.bicep", "param auditLog bool", "param auditLog string"),
  ],
  "every output of a module that is used exists": [
    change("main.bicep", "hostStorage.outputs.packagesUrl", "hostStorage.outputs.packages"),
    change("main.bicep", "vaults[i].outputs.uri", "vaults[i].outputs.url"),
    change("main.bicep", "edge!.outputs.frontDoorId", "edge!.outputs.doorId"),
    change("main.bicep", "'https://${edge!.outputs.hostName}'", "'https://${edge!.outputs.host}'"),
  ],
  "every parameter and variable is used": [
    change("main.bicep", "    loginLimit: loginLimit\n", ""),
    change(vault, "var byPolicy", "var forgotten = 1\nvar byPolicy"),
  ],
  "every parameter of main.bicep says what it is": [change("main.bicep", "@description('The region.')\n", ""), change("main.bicep", "'The region.'", "''")],
  "every role assignment has an id of its own, one scope below the resource group, and a role that was reviewed": [
    change(vault, "  scope: vault\n  properties: {\n    roleDefinitionId", "  properties: {\n    roleDefinitionId"),
    change(host, "  scope: account\n", "  scope: resourceGroup()\n"),
    change(host, "b7e6dc6d-f1e8-4753-8033-0f276bb0955b", "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"), // Owner
    change(vault, "12338af0-0e69-4776-bea7-57ae8d297424", "00482a5a-887f-4fb3-b363-3b7fe8e74483"), // Key Vault Administrator
    change(data, "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3", "12338af0-0e69-4776-bea7-57ae8d297424"),
    change(host, "guid(account.id, appPrincipalId, blobDataOwner)", "guid(account.id)"),
    change(host, "guid(account.id, appPrincipalId, blobDataOwner)", "newGuid()"),
    change(data, "guid(account.id, deployerPrincipalId,", "guid(account.id, appPrincipalId,"),
    change(monitoring, "    principalType: 'ServicePrincipal'\n", ""),
  ],
  "the app has each of its roles once, and the deployer one": [
    change(data, "principalId: deployerPrincipalId", "principalId: appPrincipalId"),
    change(monitoring, "3913510d-42f4-4e42-8a64-420c390055eb", "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3"),
    change(host, "Microsoft.Authorization/roleAssignments@", "Microsoft.Authorization/locks@"),
  ],
  "no key is listed, and nothing else that opens something": [
    change(host, "output name string = account.name", "output name string = account.listKeys().keys[0].value"),
    change(host, "output name string = account.name", "output name string = listKeys(account.id, '2023-05-01').keys[0].value"),
    change(data, "output id string = account.id", "output id string = account.listAccountSas('2023-05-01', {}).accountSasToken"),
  ],
  "no parameter and no output is a secret": [
    change(monitoring, "output workspaceId", "output connectionString string = component.properties.ConnectionString\noutput workspaceId"),
    change(monitoring, "output workspaceId", "@secure()\noutput other string = component.id\noutput workspaceId"),
    change(app, "param keyMode string", "@secure()\nparam keyMode string"),
    change(app, "param keyMode string", "param clientSecret string\nparam keyMode string"),
  ],
  "no text is a key or a connection string": [
    change(app, "AzureWebJobsDisableHomepage: 'true'", "AzureWebJobsDisableHomepage: 'true'\n  AzureWebJobsStorage: 'DefaultEndpointsProtocol=https;AccountName=a;AccountKey=abc'"),
    change(data, "name: 'to-workspace'", `name: '${"Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1".repeat(2)}'`),
  ],
  "storage accounts take no shared key, nothing public, and TLS 1.2": [
    change(host, sharedKeys, "allowSharedKeyAccess: true"),
    change(data, `    ${sharedKeys}\n`, ""),
    change(data, "allowBlobPublicAccess: false", "allowBlobPublicAccess: true"),
    change(host, "'TLS1_2'", "'TLS1_0'"),
    change(data, "supportsHttpsTrafficOnly: true", "supportsHttpsTrafficOnly: false"),
  ],
  "blob containers are private": [change(host, "publicAccess: 'None'", "publicAccess: 'Blob'")],
  "key vaults are opened by roles, and can't be purged": [
    change(vault, "enablePurgeProtection: true", "enablePurgeProtection: false"),
    change(vault, "    enablePurgeProtection: true\n", ""),
    change(vault, "enableRbacAuthorization: true", "enableRbacAuthorization: false"),
    change(vault, "softDeleteRetentionInDays: 90", "softDeleteRetentionInDays: 7"),
    change(vault, "enableRbacAuthorization: true", "enableRbacAuthorization: true\n    accessPolicies: []"),
  ],
  "signing keys can sign and do nothing else, and rotate": [
    change(vault, "keyOps: ['sign', 'verify']", "keyOps: ['sign', 'verify', 'decrypt']"),
    change(vault, "    rotationPolicy: rotationPolicy\n", ""),
    change(vault, "curveName: 'P-256'", "curveName: 'P-521'"),
    change(vault, "keyOps: ['wrapKey', 'unwrapKey']", "keyOps: ['sign']"),
  ],
  "telemetry takes no key": [
    change(monitoring, "DisableLocalAuth: true", "DisableLocalAuth: false"),
    change(monitoring, "features: { disableLocalAuth: true }", "features: {}"),
  ],
  "the app is served by https only, and takes no publishing password": [
    change(app, "httpsOnly: true", "httpsOnly: false"),
    change(app, "ftpsState: 'Disabled'", "ftpsState: 'AllAllowed'"),
    change(app, "minTlsVersion: '1.2'", "minTlsVersion: '1.0'"),
    change(app, "name: 'scm'\n  properties: { allow: false }", "name: 'scm'\n  properties: { allow: true }"),
  ],
  "the app runs on Flex Consumption as it must": [
    change(app, "name: 'FC1'", "name: 'Y1'"),
    change(app, "reserved: true", "reserved: false"),
    change(app, "version: '10.0'", "version: '8.0'"),
    change(app, "type: 'UserAssignedIdentity'", "type: 'StorageAccountConnectionString'"),
    change(app, "        instanceMemoryMB: instanceMemoryMB\n", ""),
    change(app, "kind: 'functionapp,linux'", "kind: 'functionapp'"),
  ],
  "the settings of the host are those that Flex Consumption and identities need": [
    change(app, "  AzureWebJobsStorage__credential: 'managedidentity'\n", ""),
    change(app, "  AzureWebJobsDisableHomepage: 'true'\n", "  AzureWebJobsDisableHomepage: 'true'\n  FUNCTIONS_WORKER_RUNTIME: 'dotnet-isolated'\n"),
    change(app, "union(ownSettings, hostSettings, ", "union(ownSettings, "),
  ],
  "vaults, tables and Front Door are logged": [
    change(data, "  scope: tables\n", "  scope: account\n"),
    change(vault, "Microsoft.Insights/diagnosticSettings@", "Microsoft.Insights/components@"),
  ],
  "the firewall of Front Door blocks, and limits login and token": [
    change(edge, "mode: 'Prevention'", "mode: 'Detection'"),
    change(edge, "/(login|signup)", "/(signin|signup)"),
    change(edge, "ruleType: 'RateLimitRule'", "ruleType: 'MatchRule'"),
    change(edge, "/(token|par|introspect|revoke|register)([/?]|$)", "/"),
  ],
  "who comes past Front Door does not get in": [
    change(app, "empty(frontDoorId) ? fromAnywhere : fromFrontDoor", "fromAnywhere"),
    change(app, "headers: { 'x-azure-fdid': [frontDoorId] }", "headers: {}"),
    change(app, "empty(frontDoorId) ? 'Allow' : 'Deny'", "'Allow'"),
    change(app, "'AzureFrontDoor.Backend'", "'Internet'"),
  ],
  "everything is tagged with the environment, so that azd finds it": [change(vault, "  tags: tags\n", ""), change(app, "  tags: union(tags, { 'azd-service-name': 'functionsauth' })\n", "")],
};
