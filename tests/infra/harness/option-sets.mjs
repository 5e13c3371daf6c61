// Sets of options that an operator may choose, and what a deployment with each must make.

const of = (resources, type) => resources.filter((resource) => resource.type === type);
const only = (resources, type) => of(resources, type)[0] ?? { properties: {} };
const settingsOf = (resources) => only(resources, "Microsoft.Web/sites/config").properties;
const differs = (what, actual, wanted) => JSON.stringify(actual) === JSON.stringify(wanted) ? [] : [`${what} is ${JSON.stringify(actual)}, not ${JSON.stringify(wanted)}`];

// What every deployment makes. The number of alerts on the log is what alert-rules.mjs counts.
const plain = {
  "Microsoft.Resources/resourceGroups": 1,
  "Microsoft.ManagedIdentity/userAssignedIdentities": 1,
  "Microsoft.OperationalInsights/workspaces": 1,
  "Microsoft.Insights/components": 1,
  "Microsoft.Authorization/roleAssignments": 5,
  "Microsoft.Storage/storageAccounts": 2,
  "Microsoft.Storage/storageAccounts/blobServices": 1,
  "Microsoft.Storage/storageAccounts/blobServices/containers": 1,
  "Microsoft.Storage/storageAccounts/tableServices": 1,
  "Microsoft.Storage/storageAccounts/queueServices": 1,
  "Microsoft.Storage/storageAccounts/queueServices/queues": 1,
  "Microsoft.Insights/diagnosticSettings": 2,
  "Microsoft.KeyVault/vaults": 1,
  "Microsoft.KeyVault/vaults/keys": 3,
  "Microsoft.Web/serverfarms": 1,
  "Microsoft.Web/sites": 1,
  "Microsoft.Web/sites/config": 1,
  "Microsoft.Web/sites/basicPublishingCredentialsPolicies": 2,
  "Microsoft.Insights/scheduledQueryRules": 8,
  "Microsoft.Insights/metricAlerts": 3,
};

const frontDoor = {
  "Microsoft.Cdn/profiles": 1,
  "Microsoft.Cdn/profiles/afdEndpoints": 1,
  "Microsoft.Cdn/profiles/afdEndpoints/routes": 1,
  "Microsoft.Cdn/profiles/originGroups": 1,
  "Microsoft.Cdn/profiles/originGroups/origins": 1,
  "Microsoft.Cdn/profiles/ruleSets": 1,
  "Microsoft.Cdn/profiles/ruleSets/rules": 1,
  "Microsoft.Cdn/profiles/securityPolicies": 1,
  "Microsoft.Network/FrontDoorWebApplicationFirewallPolicies": 1,
  "Microsoft.Insights/diagnosticSettings": 3,
  "Microsoft.Insights/metricAlerts": 4,
};

/** Each adds types to `plain`, or makes more of one. `holds` returns sentences. */
export const optionSets = [
  {
    name: "the defaults",
    parameters: {},
    makes: {},
    holds: (resources) => [
      ...differs("publicNetworkAccess", of(resources, "Microsoft.Storage/storageAccounts").map(({ properties }) => properties.publicNetworkAccess), ["Enabled", "Enabled"]),
      ...differs("the tables' account", of(resources, "Microsoft.Storage/storageAccounts").map(({ sku }) => sku.name), ["Standard_LRS", "Standard_ZRS"]),
      ...differs("alwaysReady", only(resources, "Microsoft.Web/sites").properties.functionAppConfig.scaleAndConcurrency.alwaysReady, []),
      ...differs("Keys:Mode", settingsOf(resources).FunctionsAuth__Keys__Mode, "vault"),
      ...differs("requests that are recorded", settingsOf(resources).OTEL_TRACES_SAMPLER_ARG, "0"),
      ...differs("what may call", only(resources, "Microsoft.Web/sites").properties.siteConfig.ipSecurityRestrictionsDefaultAction, "Allow"),
      ...differs("the wrapping key", of(resources, "Microsoft.KeyVault/vaults/keys").filter(({ properties }) => properties.keyOps.includes("wrapKey")).length, 1),
      ...differs("settings of mail", Object.keys(settingsOf(resources)).filter((name) => name.includes("Mail__")), []),
      ...differs("how the host reads the queue", settingsOf(resources).OutboxStorage__credential, "managedidentity"),
    ],
    mutants: [{ file: "main.bicep", from: "param dataRedundancy string = 'Standard_ZRS'", to: "param dataRedundancy string = 'Standard_LRS'" }],
  },
  {
    name: "a mail server",
    parameters: { mailHost: "smtp.example.com", mailUsername: "sender", mailFrom: "no-reply@example.com" },
    makes: { "Microsoft.Authorization/roleAssignments": 6 },
    holds: (resources) => [
      ...differs("who may read secrets", of(resources, "Microsoft.Authorization/roleAssignments").filter(({ properties }) => properties.roleDefinitionId.endsWith("4633458b-17de-408a-b874-0445c86b69e6")).length, 1),
      ...differs("the mail server", settingsOf(resources).FunctionsAuth__Mail__Host, "smtp.example.com"),
      ...String(settingsOf(resources).FunctionsAuth__Mail__Password).includes("@Microsoft.KeyVault(SecretUri=") ? [] : ["the password is no reference to a vault"],
    ],
    mutants: [
      { file: "main.bicep", from: "i == 0 && !empty(mailHost) && !empty(mailUsername)", to: "false" },
      { file: "app/function-app.bicep", from: "'@Microsoft.KeyVault(SecretUri=${vaultUris[0]}secrets/${mailCredentialName})'", to: "mailCredentialName" },
    ],
  },
  {
    name: "a private network",
    parameters: { privateNetwork: true, natGateway: true },
    makes: {
      "Microsoft.Network/virtualNetworks": 1,
      "Microsoft.Network/natGateways": 1,
      "Microsoft.Network/publicIPAddresses": 1,
      "Microsoft.Network/privateDnsZones": 4,
      "Microsoft.Network/privateDnsZones/virtualNetworkLinks": 4,
      "Microsoft.Network/privateEndpoints": 4,
      "Microsoft.Network/privateEndpoints/privateDnsZoneGroups": 4,
    },
    holds: (resources) => {
      const closed = [...of(resources, "Microsoft.Storage/storageAccounts"), ...of(resources, "Microsoft.KeyVault/vaults")].map(({ properties }) => [properties.publicNetworkAccess, properties.networkAcls.defaultAction].join());
      const [app, endpoints] = only(resources, "Microsoft.Network/virtualNetworks").properties.subnets;
      return [
        ...differs("what is open", closed, ["Disabled,Deny", "Disabled,Deny", "Disabled,Deny"]),
        ...differs("the app's subnet", [app.properties.addressPrefix, app.properties.delegations[0].properties.serviceName, "natGateway" in app.properties], ["10.90.0.0/24", "Microsoft.App/environments", true]),
        ...differs("the endpoints' subnet", endpoints.properties.addressPrefix, "10.90.1.0/24"),
        ...String(only(resources, "Microsoft.Web/sites").properties.virtualNetworkSubnetId).includes("subnets") ? [] : ["the app is not in the network"],
      ];
    },
    mutants: [
      { file: "main.bicep", from: "subnetId: privateNetwork ? network!.outputs.appSubnetId : ''", to: "subnetId: ''" },
      { file: "data/vault.bicep", from: "defaultAction: private ? 'Deny' : 'Allow'", to: "defaultAction: 'Allow'" },
    ],
  },
  {
    name: "Front Door with a firewall",
    parameters: { frontDoor: true, frontDoorTier: "Premium_AzureFrontDoor", alertEmail: "operators@example.com" },
    makes: { ...frontDoor, "Microsoft.Insights/actionGroups": 1 },
    holds: (resources) => {
      const { properties } = only(resources, "Microsoft.Network/FrontDoorWebApplicationFirewallPolicies");
      const alerts = [...of(resources, "Microsoft.Insights/scheduledQueryRules").map((alert) => alert.properties.actions.actionGroups), ...of(resources, "Microsoft.Insights/metricAlerts").map((alert) => alert.properties.actions)];
      return [
        ...differs("its own rules", properties.customRules?.rules.map(({ name, priority }) => `${priority} ${name}`), ["1 asciiCookie", "2 asciiReferer", "3 asciiAcceptLanguage", "5 size", "10 login", "20 token"]),
        ...differs("managed rules", properties.managedRules?.managedRuleSets.map(({ ruleSetType }) => ruleSetType), ["Microsoft_DefaultRuleSet", "Microsoft_BotManagerRuleSet"]),
        ...String(only(resources, "Microsoft.Web/sites").properties.siteConfig.ipSecurityRestrictionsDefaultAction).includes("afd-") ? [] : ["everybody may call the app"],
        ...differs("the route", only(resources, "Microsoft.Cdn/profiles/afdEndpoints/routes").properties.linkToDefaultDomain, "Enabled"),
        ...alerts.every((told) => told.length === 1) ? [] : ["an alert tells nobody"],
      ];
    },
    mutants: [
      { file: "network/front-door.bicep", from: "tier == 'Premium_AzureFrontDoor' ? managedRules : []", to: "tier == 'Standard_AzureFrontDoor' ? managedRules : []" },
      { file: "watch/alerts.bicep", from: "empty(email) ? [] : [operators.id]", to: "[]" },
      { file: "main.bicep", from: "frontDoorId: frontDoor ? edge!.outputs.frontDoorId : ''", to: "frontDoorId: ''" },
    ],
  },
  {
    name: "a host name of one's own",
    parameters: { customDomain: "login.example.com" },
    // The binding comes first without the certificate, which needs it, and then with it.
    makes: { "Microsoft.Web/sites/hostNameBindings": 2, "Microsoft.Web/sites/certificates": 1 },
    holds: (resources) => [
      ...differs("the issuer", settingsOf(resources).FunctionsAuth__Issuer, "https://login.example.com"),
      ...differs("the certificate's name", only(resources, "Microsoft.Web/sites/certificates").properties.canonicalName, "login.example.com"),
    ],
    mutants: [{ file: "main.bicep", from: "'https://${customDomain}'", to: "'http://${customDomain}'" }],
  },
  {
    name: "a host name of one's own at Front Door",
    parameters: { customDomain: "login.example.com", frontDoor: true },
    makes: { ...frontDoor, "Microsoft.Cdn/profiles/customDomains": 1 },
    holds: (resources) => [
      ...differs("the issuer", settingsOf(resources).FunctionsAuth__Issuer, "https://login.example.com"),
      ...differs("the route", only(resources, "Microsoft.Cdn/profiles/afdEndpoints/routes").properties.linkToDefaultDomain, "Disabled"),
      ...differs("managed rules", only(resources, "Microsoft.Network/FrontDoorWebApplicationFirewallPolicies").properties.managedRules?.managedRuleSets, []),
    ],
    mutants: [{ file: "main.bicep", from: "if (!empty(customDomain) && !frontDoor)", to: "if (!empty(customDomain))" }],
  },
  {
    name: "several zones",
    parameters: { zoneRedundant: true, lockData: true, dataRedundancy: "Standard_GZRS", instanceMemoryMB: 512 },
    makes: { "Microsoft.Authorization/locks": 1 },
    holds: (resources) => [
      ...differs("the plan", only(resources, "Microsoft.Web/serverfarms").properties.zoneRedundant, true),
      ...differs("alwaysReady", only(resources, "Microsoft.Web/sites").properties.functionAppConfig.scaleAndConcurrency.alwaysReady, [{ name: "http", instanceCount: 2 }]),
      ...differs("the accounts", of(resources, "Microsoft.Storage/storageAccounts").map(({ sku }) => sku.name), ["Standard_ZRS", "Standard_GZRS"]),
    ],
    mutants: [{ file: "app/function-app.bicep", from: "max(alwaysReadyInstances, 2)", to: "alwaysReadyInstances" }],
  },
  {
    name: "several vaults, with wrapped keys, and a deployer",
    parameters: { vaultCount: 3, keyMode: "wrapped,vault", appRotatesKeys: true, hardwareKeys: true, principalId: "00000000-0000-0000-0000-000000000003", settings: { Lifetimes__AccessToken: "00:10:00", OTEL_EXPORTER_OTLP_ENDPOINT: "https://collector.example" } },
    makes: { "Microsoft.KeyVault/vaults": 3, "Microsoft.KeyVault/vaults/keys": 7, "Microsoft.Insights/diagnosticSettings": 4, "Microsoft.Authorization/roleAssignments": 8 },
    holds: (resources) => [
      ...differs("the kinds of keys", [...new Set(of(resources, "Microsoft.KeyVault/vaults/keys").map(({ properties }) => properties.kty))].sort(), ["EC-HSM", "RSA-HSM"]),
      ...differs("more vaults", Object.keys(settingsOf(resources)).filter((name) => name.includes("MoreUris")), ["FunctionsAuth__Vault__MoreUris__0", "FunctionsAuth__Vault__MoreUris__1"]),
      ...differs("settings of the operator", [settingsOf(resources).FunctionsAuth__Lifetimes__AccessToken, settingsOf(resources).OTEL_EXPORTER_OTLP_ENDPOINT], ["00:10:00", "https://collector.example"]),
      ...differs("requests that are recorded", settingsOf(resources).OTEL_TRACES_SAMPLER_ARG, undefined),
      ...differs("rotation policies", of(resources, "Microsoft.KeyVault/vaults/keys").filter(({ properties }) => properties.rotationPolicy).length, 0),
      ...differs("Crypto Officers", of(resources, "Microsoft.Authorization/roleAssignments").filter(({ properties }) => properties.roleDefinitionId.endsWith("14b46e9e-c2b7-41b4-b07b-48a6ebf60603")).length, 3),
    ],
    mutants: [
      { file: "main.bicep", from: "withWrappingKey: i == 0", to: "withWrappingKey: true" },
      { file: "app/function-app.bicep", from: "keyMode == 'wrapped' ? [] : skip(vaultUris, 1)", to: "contains(keyMode, 'wrapped') ? [] : skip(vaultUris, 1)" },
      { file: "app/function-app.bicep", from: "contains(settings, 'OTEL_EXPORTER_OTLP_ENDPOINT')", to: "contains(settings, 'OTEL_EXPORTER')" },
    ],
  },
];

// Names that Azure refuses are refused only when they are deployed.
const names = {
  "Microsoft.Storage/storageAccounts": /^[a-z0-9]{3,24}$/,
  "Microsoft.KeyVault/vaults": /^[a-z][a-z0-9-]{1,22}[a-z0-9]$/,
  "Microsoft.Web/sites": /^[a-z][a-z0-9-]{0,58}[a-z0-9]$/,
  "Microsoft.Network/FrontDoorWebApplicationFirewallPolicies": /^[A-Za-z][A-Za-z0-9]{0,127}$/,
  "Microsoft.Cdn/profiles/ruleSets": /^[^/]+\/[A-Za-z][A-Za-z0-9]*$/,
  "Microsoft.Cdn/profiles/ruleSets/rules": /^[^/]+\/[^/]+\/[A-Za-z][A-Za-z0-9]*$/,
};

/** @returns sentences; none if a deployment with these options makes what it must. */
export function problemsOf(name, resources) {
  const { makes, holds } = optionSets.find((set) => set.name === name);
  const wanted = { ...plain, ...makes };
  const types = [...new Set([...resources.map(({ type }) => type), ...Object.keys(wanted)])];
  const ids = resources.map(({ id }) => id);
  return [
    ...types.filter((type) => of(resources, type).length !== (wanted[type] ?? 0)).map((type) => `there are ${of(resources, type).length} of ${type}, not ${wanted[type] ?? 0}`),
    ...ids.filter((id, i) => ids.indexOf(id) !== i && !id.includes("/hostNameBindings/")).map((id) => `${id} is made twice`),
    ...resources.filter((resource) => names[resource.type] && !names[resource.type].test(resource.name)).map((resource) => `${resource.type} can't be named ${resource.name}`),
    ...holds(resources),
  ];
}
