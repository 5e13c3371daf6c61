// By rule: changes of infra/ that must break it.

const change = (file, from, to) => ({ file, from, to });

const sharedKeys = "allowSharedKeyAccess: false";
const host = "data/host-storage.bicep";
const data = "data/data-storage.bicep";
const vault = "data/vault.bicep";
const app = "app/function-app.bicep";
const monitoring = "watch/monitoring.bicep";
const edge = "network/front-door.bicep";
const route = "network/front-door-route.bicep";
const logAlerts = "watch/log-alerts.bicep";
const metricAlerts = "watch/metric-alerts.bicep";

export const mutants = {
  "every file parses": [
    change("main.bicep", "module app 'app/function-app.bicep' = {", "module app 'app/function-app.bicep' = "),
    change(vault, "sku: {", "sku {"),
    change(app, "siteConfig: {", "siteConfig: {{"),
  ],
  "every API version was reviewed": [
    change(vault, "vaults@2025-05-01", "vaults@2016-10-01"),
    change(app, "sites@2025-03-01", "sites@2025-03-01-preview"),
  ],
  "every module's parameters are passed and exist": [
    change("main.bicep", "    keyMode: keyMode\n", ""),
    change("watch/alerts.bicep", "    tablesId: tablesId\n", ""),
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
    change(app, "minTlsVersion: '1.2'", "minTlsVersion: '1.0'"),
    change(app, "name: 'scm'\n  properties: { allow: false }", "name: 'scm'\n  properties: { allow: true }"),
  ],
  "the app runs on Flex Consumption as it must": [
    change(app, "name: 'FC1'", "name: 'Y1'"),
    change(app, "reserved: true", "reserved: false"),
    change(app, "version: '10.0'", "version: '8.0'"),
    change(app, "type: 'UserAssignedIdentity'", "type: 'StorageAccountConnectionString'"),
    change(app, "        instanceMemoryMB: instanceMemoryMB\n", ""),
    change(app, "        triggers: { http: { perInstanceConcurrency: instanceMemoryMB / 128 } }\n", ""),
    change(app, "kind: 'functionapp,linux'", "kind: 'functionapp'"),
    change(app, "      http20Enabled: true\n", "      http20Enabled: true\n      ftpsState: 'Disabled'\n"),
  ],
  "the settings of the host are those that Flex Consumption and identities need": [
    change(app, "  AzureWebJobsStorage__credential: 'managedidentity'\n", ""),
    change(app, "  AzureWebJobsDisableHomepage: 'true'\n", "  AzureWebJobsDisableHomepage: 'true'\n  FUNCTIONS_WORKER_RUNTIME: 'dotnet-isolated'\n"),
    change(app, "    ownSettings,\n    hostSettings,\n", "    ownSettings,\n"),
    change(app, "    vaultSettings,\n    samplerSettings,\n", "    vaultSettings,\n"),
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
    change(edge, "concat(asciiRules, [sizeRule], limitRules)", "concat(asciiRules, [sizeRule])"),
  ],
  "what the Functions host can't take does not get past Front Door": [
    change(edge, "['Cookie', 'Referer', 'Accept-Language']", "['Referer', 'Accept-Language']"),
    change(edge, "'[^ -~]'", "'[^ -~]{3}'"),
    change(edge, "'[^ -~]'", "'[^a-z]'"),
    change(edge, "'^[0-9]{8}'", "'^[0-9]{9}'"),
    change(edge, "'^[0-9]{8}'", "'^[0-9]'"),
    change(edge, "concat(asciiRules, [sizeRule], limitRules)", "concat(asciiRules, limitRules)"),
    change(route, "headerAction: 'Delete'", "headerAction: 'Overwrite'"),
    change(route, "headerName: 'x-ms-invocation-id'", "headerName: 'x-ms-invocation'"),
    change(route, "    ruleSets: [{ id: rules.id }]\n", ""),
    change(route, "dependsOn: [app, hostHeader]", "dependsOn: [app]"),
  ],
  "who comes past Front Door does not get in": [
    change(app, "empty(frontDoorId) ? fromAnywhere : fromFrontDoor", "fromAnywhere"),
    change(app, "headers: { 'x-azure-fdid': [frontDoorId] }", "headers: {}"),
    change(app, "empty(frontDoorId) ? 'Allow' : 'Deny'", "'Allow'"),
    change(app, "'AzureFrontDoor.Backend'", "'Internet'"),
  ],
  "everything is tagged with the environment, so that azd finds it": [change(vault, "  tags: tags\n", ""), change(app, "  tags: union(tags, { 'azd-service-name': 'functionsauth' })\n", "")],
  "every query is KQL on the tables that the log fills": [
    change(logAlerts, "where ${event} == \"2007\"", "were ${event} == \"2007\""),
    change(logAlerts, "innermostType == type", "innerType == type"),
    change(logAlerts, "union isfuzzy=true traces, exceptions", "union isfuzzy=true traces, excepted"),
    change(logAlerts, "summarize since = min(timestamp)", "summarize first = min(timestamp)"),
    change(logAlerts, "ran < ago({1})", "ran < before({1})"),
  ],
  "every query takes the absence of a table": [change(logAlerts, "union isfuzzy=true traces, exceptions", "union traces, exceptions"), change(logAlerts, "query: '${everything} | where message", "query: 'traces | where message")],
  "every event that is asked for is logged once, and named in the description": [
    change(logAlerts, "== \"1001\"", "== \"1000\""),
    change(logAlerts, "(events 3001 and 3002)", "(event 3001)"),
    change(logAlerts, "(\"2005\", \"2001\")", "(\"2005\", \"2001\", \"2099\")"),
    change(logAlerts, "silence, '4002'", "silence, '4001'"),
  ],
  "events with an exception are looked for among the exceptions": [change(logAlerts, "'union isfuzzy=true traces, exceptions'", "'union isfuzzy=true traces'")],
  "events are the server's own": [change(logAlerts, "startswith \"FunctionsAuth.\"", "startswith \"Microsoft.\""), change(logAlerts, "'${everything} | where ${isOwn}'", "everything")],
  "what a query compares is what the events have": [
    change(logAlerts, "customDimensions.Failure)", "customDimensions.Failyre)"),
    change(logAlerts, "!= \"Throttled\"", "!= \"throttled\""),
    change(logAlerts, "endswith \"TemporarilyUnavailableException\"", "endswith \"TemporarilyBusyException\""),
  ],
  "timers say that they have run, at a level that is logged, and alerts wait for them": [
    change(logAlerts, "name: 'prune-not-run'", "name: 'prune'"),
    change(logAlerts, "silence, '2008'", "silence, '2007'"),
    change(logAlerts, "where since < ago({1}) and (", "where ("),
  ],
  "nobody is woken for what a client can cause": [
    change(logAlerts, "threshold: reuseLimit\n    window: 'PT1H'\n    every: 'PT1H'\n    severity: 2", "threshold: reuseLimit\n    window: 'PT1H'\n    every: 'PT1H'\n    severity: 1"),
    change(metricAlerts, "severity: 2", "severity: 1"),
    change(logAlerts, "name: 'unexpected-errors'", "name: 'errors'"),
  ],
  "docs/operations.md says what to do about each alert, with its severity": [change(logAlerts, "severity: 0", "severity: 1"), change(metricAlerts, "-table-throttling'", "-tables'")],
};
