// What a person has looked at. Whoever changes it has looked, too: at the reference of the version, the role or the setting.

/**
 * By type: the versions that may be used. All of them are among the types that the Bicep compiler has, with every property that
 * infra/ sets, and were at most two years old when they were looked at. From 2025-07-01 on, Microsoft.Network makes subnets without a
 * way out by default: read what that does to the app before you go there.
 */
export const apiVersions = {
  "Microsoft.Authorization/locks": ["2020-05-01"], // the newest
  "Microsoft.Authorization/roleAssignments": ["2022-04-01"], // the newest
  "Microsoft.Cdn/profiles": ["2025-06-01"],
  "Microsoft.Cdn/profiles/afdEndpoints": ["2025-06-01"],
  "Microsoft.Cdn/profiles/afdEndpoints/routes": ["2025-06-01"],
  "Microsoft.Cdn/profiles/customDomains": ["2025-06-01"],
  "Microsoft.Cdn/profiles/originGroups": ["2025-06-01"],
  "Microsoft.Cdn/profiles/originGroups/origins": ["2025-06-01"],
  "Microsoft.Cdn/profiles/ruleSets": ["2025-06-01"],
  "Microsoft.Cdn/profiles/ruleSets/rules": ["2025-06-01"],
  "Microsoft.Cdn/profiles/securityPolicies": ["2025-06-01"],
  "Microsoft.Insights/actionGroups": ["2023-01-01"], // the newest
  "Microsoft.Insights/components": ["2020-02-02"], // the newest
  "Microsoft.Insights/diagnosticSettings": ["2021-05-01-preview"], // there is no other that has all categories
  "Microsoft.Insights/metricAlerts": ["2026-01-01"],
  "Microsoft.Insights/scheduledQueryRules": ["2026-03-01"],
  "Microsoft.KeyVault/vaults": ["2025-05-01"],
  "Microsoft.KeyVault/vaults/keys": ["2025-05-01"],
  "Microsoft.ManagedIdentity/userAssignedIdentities": ["2024-11-30"], // the newest
  "Microsoft.Network/FrontDoorWebApplicationFirewallPolicies": ["2025-10-01"],
  "Microsoft.Network/natGateways": ["2025-05-01"],
  "Microsoft.Network/privateDnsZones": ["2024-06-01"], // the newest
  "Microsoft.Network/privateDnsZones/virtualNetworkLinks": ["2024-06-01"], // the newest
  "Microsoft.Network/privateEndpoints": ["2025-05-01"],
  "Microsoft.Network/privateEndpoints/privateDnsZoneGroups": ["2025-05-01"],
  "Microsoft.Network/publicIPAddresses": ["2025-05-01"],
  "Microsoft.Network/virtualNetworks": ["2025-05-01"],
  "Microsoft.OperationalInsights/workspaces": ["2025-07-01"],
  "Microsoft.Resources/resourceGroups": ["2025-04-01"],
  "Microsoft.Storage/storageAccounts": ["2025-06-01"],
  "Microsoft.Storage/storageAccounts/blobServices": ["2025-06-01"],
  "Microsoft.Storage/storageAccounts/blobServices/containers": ["2025-06-01"],
  "Microsoft.Storage/storageAccounts/queueServices": ["2025-06-01"],
  "Microsoft.Storage/storageAccounts/queueServices/queues": ["2025-06-01"],
  "Microsoft.Storage/storageAccounts/tableServices": ["2025-06-01"],
  "Microsoft.Web/serverfarms": ["2025-03-01"],
  "Microsoft.Web/sites": ["2025-03-01"],
  "Microsoft.Web/sites/basicPublishingCredentialsPolicies": ["2025-03-01"],
  "Microsoft.Web/sites/certificates": ["2025-03-01"],
  "Microsoft.Web/sites/config": ["2025-03-01"],
  "Microsoft.Web/sites/hostNameBindings": ["2025-03-01"],
};

/** When that was. A test that counted from today would fail one day, with nothing changed. */
export const apiVersionsReviewed = "2026-11-28";

/** By id: the built-in roles that may be assigned, and what for. */
export const roles = {
  "b7e6dc6d-f1e8-4753-8033-0f276bb0955b": { name: "Storage Blob Data Owner", scope: "Microsoft.Storage/storageAccounts" },
  "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3": { name: "Storage Table Data Contributor", scope: "Microsoft.Storage/storageAccounts" },
  "974c5e8b-45b9-4653-ba55-5f855dd0fb88": { name: "Storage Queue Data Contributor", scope: "Microsoft.Storage/storageAccounts" },
  "4633458b-17de-408a-b874-0445c86b69e6": { name: "Key Vault Secrets User", scope: "Microsoft.KeyVault/vaults" },
  "12338af0-0e69-4776-bea7-57ae8d297424": { name: "Key Vault Crypto User", scope: "Microsoft.KeyVault/vaults" },
  "14b46e9e-c2b7-41b4-b07b-48a6ebf60603": { name: "Key Vault Crypto Officer", scope: "Microsoft.KeyVault/vaults" },
  "3913510d-42f4-4e42-8a64-420c390055eb": { name: "Monitoring Metrics Publisher", scope: "Microsoft.Insights/components" },
};

/** Settings that the host reads. FUNCTIONS_WORKER_RUNTIME and others of older plans are not used on Flex Consumption. */
export const hostSettings = [
  "AzureWebJobsStorage__accountName",
  "AzureWebJobsStorage__credential",
  "AzureWebJobsStorage__clientId",
  "AzureWebJobsDisableHomepage",
  "OutboxQueue",
  "OutboxStorage__queueServiceUri",
  "OutboxStorage__credential",
  "OutboxStorage__clientId",
  "APPLICATIONINSIGHTS_CONNECTION_STRING",
  "APPLICATIONINSIGHTS_AUTHENTICATION_STRING",
  "OTEL_TRACES_SAMPLER",
  "OTEL_TRACES_SAMPLER_ARG",
];

/** Properties of a site that Flex Consumption does not have. The first one is an error (51021) in newer regions. */
export const notOnFlexConsumption = [
  "ftpsState", "alwaysOn", "linuxFxVersion", "windowsFxVersion", "netFrameworkVersion", "functionAppScaleLimit", "minimumElasticInstanceCount", "numberOfWorkers",
  "preWarmedInstanceCount", "use32BitWorkerProcess", "vnetRouteAllEnabled", "appSettings",
];

/** By name: whether a client can bring an alert about. Those that no client can cause may wake somebody: severity 0 or 1. */
export const alertsByCause = {
  client: ["tokens-used-twice", "server-errors", "server-error-rate", "vault-throttling", "table-throttling"],
  server: ["unexpected-errors", "service-unavailable", "signature-failures", "app-does-not-start", "key-not-rotated", "key-rollover-not-run", "prune-not-run"],
};
