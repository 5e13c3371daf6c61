// What a person has looked at. Whoever changes it has looked, too: at the reference of the version, the role or the setting.

/** By type: the versions that may be used. All of them are in Microsoft's published types with every property that infra/ sets. */
export const apiVersions = {
  "Microsoft.Authorization/locks": ["2020-05-01"],
  "Microsoft.Authorization/roleAssignments": ["2022-04-01"],
  "Microsoft.Cdn/profiles": ["2024-09-01"],
  "Microsoft.Cdn/profiles/afdEndpoints": ["2024-09-01"],
  "Microsoft.Cdn/profiles/afdEndpoints/routes": ["2024-09-01"],
  "Microsoft.Cdn/profiles/customDomains": ["2024-09-01"],
  "Microsoft.Cdn/profiles/originGroups": ["2024-09-01"],
  "Microsoft.Cdn/profiles/originGroups/origins": ["2024-09-01"],
  "Microsoft.Cdn/profiles/securityPolicies": ["2024-09-01"],
  "Microsoft.Insights/actionGroups": ["2023-01-01"],
  "Microsoft.Insights/components": ["2020-02-02"],
  "Microsoft.Insights/diagnosticSettings": ["2021-05-01-preview"], // there is no other that has all categories
  "Microsoft.Insights/metricAlerts": ["2018-03-01"],
  "Microsoft.Insights/scheduledQueryRules": ["2023-12-01"],
  "Microsoft.KeyVault/vaults": ["2024-11-01"],
  "Microsoft.KeyVault/vaults/keys": ["2024-11-01"],
  "Microsoft.ManagedIdentity/userAssignedIdentities": ["2023-01-31"],
  "Microsoft.Network/FrontDoorWebApplicationFirewallPolicies": ["2024-02-01"],
  "Microsoft.Network/natGateways": ["2024-05-01"],
  "Microsoft.Network/privateDnsZones": ["2020-06-01"],
  "Microsoft.Network/privateDnsZones/virtualNetworkLinks": ["2020-06-01"],
  "Microsoft.Network/privateEndpoints": ["2024-05-01"],
  "Microsoft.Network/privateEndpoints/privateDnsZoneGroups": ["2024-05-01"],
  "Microsoft.Network/publicIPAddresses": ["2024-05-01"],
  "Microsoft.Network/virtualNetworks": ["2024-05-01"],
  "Microsoft.OperationalInsights/workspaces": ["2023-09-01"],
  "Microsoft.Resources/resourceGroups": ["2024-03-01"],
  "Microsoft.Storage/storageAccounts": ["2023-05-01"],
  "Microsoft.Storage/storageAccounts/blobServices": ["2023-05-01"],
  "Microsoft.Storage/storageAccounts/blobServices/containers": ["2023-05-01"],
  "Microsoft.Storage/storageAccounts/tableServices": ["2023-05-01"],
  "Microsoft.Web/serverfarms": ["2024-04-01"],
  "Microsoft.Web/sites": ["2024-04-01", "2024-11-01"], // the later one has certificates of one app
  "Microsoft.Web/sites/basicPublishingCredentialsPolicies": ["2024-04-01"],
  "Microsoft.Web/sites/certificates": ["2024-11-01"],
  "Microsoft.Web/sites/config": ["2024-04-01"],
  "Microsoft.Web/sites/hostNameBindings": ["2024-11-01"],
};

/** By id: the built-in roles that may be assigned, and what for. */
export const roles = {
  "b7e6dc6d-f1e8-4753-8033-0f276bb0955b": { name: "Storage Blob Data Owner", scope: "Microsoft.Storage/storageAccounts" },
  "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3": { name: "Storage Table Data Contributor", scope: "Microsoft.Storage/storageAccounts" },
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
  "APPLICATIONINSIGHTS_CONNECTION_STRING",
  "APPLICATIONINSIGHTS_AUTHENTICATION_STRING",
];
