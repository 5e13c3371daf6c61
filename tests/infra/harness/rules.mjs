// What infra/ promises. Each rule takes what the files declare and says in sentences where it is broken; none means it holds.

import { Expression, textOf } from "./bicep.mjs";
import { apiVersions, hostSettings, notOnFlexConsumption, roles } from "./reviewed.mjs";

const at = (file, what) => `${file.path}: ${what}`;
const all = (files, kind) => files.flatMap((file) => file[kind].map((item) => ({ file, ...item })));
const made = (files, type) => all(files, "resources").filter((resource) => resource.type === type && !resource.isExisting);

export const rules = {
  "every file parses": (files) => files.flatMap((file) => file.syntaxErrors.map((error) => at(file, error))),

  "every API version was reviewed": (files) => all(files, "resources")
    .filter(({ type, apiVersion }) => !apiVersions[type]?.includes(apiVersion))
    .map(({ file, type, apiVersion }) => at(file, `${type}@${apiVersion} is not in reviewed.mjs`)),

  "every module's parameters are passed and exist": (files) => all(files, "modules").flatMap(({ file, symbol, path, body }) => {
    const target = files.find((candidate) => candidate.path === resolve(file.path, path));
    if (!target)
      return [at(file, `${symbol} is ${path}, which does not exist`)];
    const passed = Object.keys(body.params ?? {});
    return [
      ...target.parameters.filter((parameter) => !parameter.hasDefault && !passed.includes(parameter.name)).map(({ name }) => at(file, `${symbol} lacks ${name}`)),
      ...passed.filter((name) => !target.parameters.some((parameter) => parameter.name === name)).map((name) => at(file, `${symbol} has no ${name}`)),
    ];
  }),

  "every parameter that is passed has the right type": (files) => all(files, "modules").flatMap(({ file, symbol, path, body }) => {
    const target = files.find((candidate) => candidate.path === resolve(file.path, path));
    return Object.entries(body.params ?? {}).flatMap(([name, value]) => {
      const [wanted, passed] = [target?.parameters.find((parameter) => parameter.name === name)?.type, typeOf(file, value)];
      return wanted && passed && wanted !== passed ? [at(file, `${symbol} gets ${name} as ${passed}, and it is ${wanted}`)] : [];
    });
  }),

  "every output of a module that is used exists": (files) => files.flatMap((file) => [...file.source.matchAll(/\b(\w+)(?:\[\w+\])?!?\.outputs\.(\w+)/g)].flatMap(([use, symbol, output]) => {
    const module = file.modules.find((candidate) => candidate.symbol === symbol);
    const target = module && files.find((candidate) => candidate.path === resolve(file.path, module.path));
    return target?.outputs.some(({ name }) => name === output) ? [] : [at(file, `${use} does not exist`)];
  })),

  "every parameter and variable is used": (files) => files.flatMap((file) => [...file.parameters, ...file.variables]
    .filter(({ name }) => file.source.match(new RegExp(`\\b${name}\\b`, "g")).length < 2)
    .map(({ name }) => at(file, `${name} is not used`))),

  "every parameter of main.bicep says what it is": (files) => main(files).parameters
    .filter(({ decorations }) => !decorations.description?.[0])
    .map(({ name }) => `main.bicep: ${name} has no description`),

  "every role assignment has an id of its own, one scope below the resource group, and a role that was reviewed": (files) =>
    made(files, "Microsoft.Authorization/roleAssignments").flatMap(({ file, symbol, body, line }) => {
      const problems = [];
      const scope = textOf(body.scope ?? "");
      const target = file.resources.find((resource) => resource.symbol === scope);
      if (!target)
        problems.push(`${symbol} in line ${line} has no scope that is a resource of the file`);
      const role = roleOf(file, body);
      if (!role.length || role.some((id) => !roles[id]))
        problems.push(`${symbol} in line ${line} assigns a role that is not in reviewed.mjs`);
      else if (target && role.some((id) => roles[id].scope !== target.type))
        problems.push(`${symbol} in line ${line}: ${role.map((id) => roles[id].name)} is not for ${target.type}`);
      const name = textOf(body.name);
      const roleName = roleExpression(body);
      if (!(name.startsWith("guid(") && name.includes(`${scope}.id`) && roleName && name.includes(roleName) && name.includes(textOf(body.properties.principalId))))
        problems.push(`${symbol} in line ${line} must be named guid(scope, principal, role)`);
      if (!body.properties.principalType)
        problems.push(`${symbol} in line ${line} has no principalType: a new identity would not be found`);
      return problems.map((problem) => at(file, problem));
    }),

  "the app has each of its roles once, and the deployer one": (files) => {
    const assigned = made(files, "Microsoft.Authorization/roleAssignments")
      .flatMap(({ file, body }) => roleOf(file, body).map((id) => `${textOf(body.properties.principalId)} ${roles[id]?.name}`)).sort();
    const wanted = [...Object.values(roles).map(({ name }) => `appPrincipalId ${name}`), "deployerPrincipalId Storage Table Data Contributor"].sort();
    return JSON.stringify(assigned) === JSON.stringify(wanted) ? [] : [`roles: ${assigned}; wanted: ${wanted}`];
  },

  "no key is listed, and nothing else that opens something": (files) => files.flatMap((file) => file.calls
    .filter((name) => /^list/i.test(name) || name === "getSecret" || name === "newGuid")
    .map((name) => at(file, `${name}() is called`))),

  "no parameter and no output is a secret": (files) => files.flatMap((file) => [
    ...[...file.parameters, ...file.outputs].filter(({ decorations }) => decorations.secure).map(({ name }) => at(file, `${name} is a secret`)),
    ...file.parameters.filter(({ name }) => /password|secret|connectionString|accountKey|sasToken/i.test(name)).map(({ name }) => at(file, `${name} looks like a secret`)),
    ...file.outputs.filter(({ name, text }) => /password|secret|connectionString|accountKey|sasToken|instrumentationKey/i.test(name + text))
      .map(({ name }) => at(file, `${name} gives away a secret`)),
  ]),

  "no text is a key or a connection string": (files) => files.flatMap((file) => file.source.match(/AccountKey=|SharedAccessSignature|InstrumentationKey=|[A-Za-z0-9+/]{60,}={0,2}/g)?.map((text) => at(file, text.slice(0, 20))) ?? []),

  "storage accounts take no shared key, nothing public, and TLS 1.2": (files) => made(files, "Microsoft.Storage/storageAccounts").flatMap(({ file, symbol, body }) => differences(body.properties, {
    allowSharedKeyAccess: false, allowBlobPublicAccess: false, minimumTlsVersion: "TLS1_2", supportsHttpsTrafficOnly: true,
  }).map((problem) => at(file, `${symbol}: ${problem}`))),

  "blob containers are private": (files) => made(files, "Microsoft.Storage/storageAccounts/blobServices/containers")
    .flatMap(({ file, symbol, body }) => differences(body.properties, { publicAccess: "None" }).map((problem) => at(file, `${symbol}: ${problem}`))),

  "key vaults are opened by roles, and can't be purged": (files) => made(files, "Microsoft.KeyVault/vaults").flatMap(({ file, symbol, body }) => [
    ...differences(body.properties, { enableRbacAuthorization: true, enablePurgeProtection: true, enableSoftDelete: true, softDeleteRetentionInDays: 90 }),
    ...body.properties.accessPolicies ? ["has access policies"] : [],
  ].map((problem) => at(file, `${symbol}: ${problem}`))),

  "signing keys can sign and do nothing else, and rotate": (files) => made(files, "Microsoft.KeyVault/vaults/keys").flatMap(({ file, symbol, body }) => {
    const wraps = String(body.name).startsWith("wrapping");
    return [
      ...JSON.stringify(body.properties.keyOps) === JSON.stringify(wraps ? ["wrapKey", "unwrapKey"] : ["sign", "verify"]) ? [] : ["has other keyOps"],
      ...wraps === "rotationPolicy" in body.properties ? ["has the wrong rotation policy"] : [],
      ...body.properties.keySize === 2048 || body.properties.curveName === "P-256" ? [] : ["is neither RSA-2048 nor P-256"],
    ].map((problem) => at(file, `${symbol}: ${problem}`));
  }),

  "telemetry takes no key": (files) => [
    ...made(files, "Microsoft.Insights/components").flatMap(({ file, symbol, body }) => differences(body.properties, { DisableLocalAuth: true }).map((problem) => at(file, `${symbol}: ${problem}`))),
    ...made(files, "Microsoft.OperationalInsights/workspaces").flatMap(({ file, symbol, body }) => differences(body.properties.features ?? {}, { disableLocalAuth: true }).map((problem) => at(file, `${symbol}: ${problem}`))),
  ],

  "the app is served by https only, and takes no publishing password": (files) => [
    ...made(files, "Microsoft.Web/sites").flatMap(({ file, symbol, body }) => [
      ...differences(body.properties, { httpsOnly: true }), ...differences(body.properties.siteConfig, { minTlsVersion: "1.2" }),
    ].map((problem) => at(file, `${symbol}: ${problem}`))),
    ...["scm", "ftp"].filter((name) => !made(files, "Microsoft.Web/sites/basicPublishingCredentialsPolicies").some(({ body }) => body.name === name && body.properties.allow === false))
      .map((name) => `${name} takes a password`),
  ],

  "the app runs on Flex Consumption as it must": (files) => [
    ...made(files, "Microsoft.Web/serverfarms").flatMap(({ body }) => [...differences(body.sku, { name: "FC1", tier: "FlexConsumption" }), ...differences(body.properties, { reserved: true })]),
    ...made(files, "Microsoft.Web/sites").flatMap(({ body }) => {
      const config = body.properties.functionAppConfig ?? {};
      return [
        ...differences(body, { kind: "functionapp,linux" }),
        ...differences(config.runtime ?? {}, { name: "dotnet-isolated", version: "10.0" }),
        ...differences(config.deployment?.storage ?? {}, { type: "blobContainer" }),
        ...differences(config.deployment?.storage?.authentication ?? {}, { type: "UserAssignedIdentity" }),
        ...["instanceMemoryMB", "maximumInstanceCount", "alwaysReady", "triggers"].filter((name) => !(name in (config.scaleAndConcurrency ?? {}))).map((name) => `${name} is missing`),
        ...notOnFlexConsumption.filter((name) => name in body.properties.siteConfig).map((name) => `${name} is refused on Flex Consumption`),
      ];
    }),
  ],

  "the settings of the host are those that Flex Consumption and identities need": (files) => {
    const names = settingNames(files).filter((name) => !name.startsWith("FunctionsAuth__"));
    return [
      ...names.filter((name) => !hostSettings.includes(name)).map((name) => `${name} is not a setting of the host, or not on Flex Consumption`),
      ...hostSettings.filter((name) => !names.includes(name)).map((name) => `${name} is missing`),
    ];
  },

  "vaults, tables and Front Door are logged": (files) => {
    const logged = made(files, "Microsoft.Insights/diagnosticSettings").map(({ file, body }) => file.resources.find(({ symbol }) => symbol === textOf(body.scope))?.type);
    return ["Microsoft.KeyVault/vaults", "Microsoft.Storage/storageAccounts/tableServices", "Microsoft.Cdn/profiles"].filter((type) => !logged.includes(type)).map((type) => `${type} is not logged`);
  },

  "the firewall of Front Door blocks, and limits login and token": (files) => made(files, "Microsoft.Network/FrontDoorWebApplicationFirewallPolicies").flatMap(({ file, body }) => [
    ...differences(body.properties.policySettings, { enabledState: "Enabled", mode: "Prevention" }),
    ...["login", "token"].filter((name) => !firewallRules(file).some((rule) => rule.ruleType === "RateLimitRule" && rule.action === "Block" && matches(rule, `https://host.example/${name}`)))
      .map((name) => `${name} is not limited`),
    ...firewallRules(file).filter((rule) => rule.ruleType === "RateLimitRule" && matches(rule, "https://host.example/.well-known/jwks.json")).map((rule) => `${rule.name} limits the public keys, too`),
  ].map((problem) => at(file, problem))),

  "what the Functions host can't take does not get past Front Door": (files) => made(files, "Microsoft.Network/FrontDoorWebApplicationFirewallPolicies").flatMap(({ file }) => [
    ...[["Cookie", "name=\u00fc"], ["Referer", "https://example.com/\u00e9"], ["Accept-Language", "de\u00df"], ["Content-Length", "41943040"]]
      .filter(([header, value]) => !blocks(file, header, value)).map(([header]) => `a bad ${header} gets to the app`),
    ...[["Cookie", "__Host-session=abc; theme=dark"], ["Referer", "https://example.com/a?b=c#d"], ["Accept-Language", "de-DE,de;q=0.9"], ["Content-Length", "9999999"], ["Content-Length", "0"]]
      .filter(([header, value]) => blocks(file, header, value)).map(([header, value]) => `${header}: ${value} is blocked`),
  ].map((problem) => at(file, problem))).concat(
    made(files, "Microsoft.Cdn/profiles/afdEndpoints/routes").filter(({ file, body }) => {
      const deleted = made([file], "Microsoft.Cdn/profiles/ruleSets/rules").filter(({ body: rule }) => rule.properties.conditions.length === 0)
        .filter(({ body: rule }) => rule.properties.actions.some(({ name, parameters }) => name === "ModifyRequestHeader" && parameters.headerAction === "Delete" && parameters.headerName === "x-ms-invocation-id"));
      const used = (body.properties.ruleSets ?? []).map(({ id }) => textOf(id).replace(/\.id$/, ""));
      return !deleted.some(({ symbol, body: rule }) => used.includes(textOf(rule.parent)) && (body.dependsOn ?? []).some((other) => textOf(other) === symbol));
    }).map(({ file }) => at(file, "x-ms-invocation-id gets to the app")),
  ),

  "who comes past Front Door does not get in": (files) => made(files, "Microsoft.Web/sites").flatMap(({ file, body }) => {
    const only = file.variables.find(({ name }) => name === "fromFrontDoor")?.value?.[0];
    return [
      ...textOf(body.properties.siteConfig.ipSecurityRestrictions).includes("fromFrontDoor") ? [] : ["everyone gets in"],
      ...differences(only ?? {}, { action: "Allow", tag: "ServiceTag", ipAddress: "AzureFrontDoor.Backend" }),
      ...textOf(only?.headers?.["x-azure-fdid"]?.[0]) === "frontDoorId" ? [] : ["another customer's Front Door gets in"],
      ...textOf(body.properties.siteConfig.ipSecurityRestrictionsDefaultAction).includes("'Deny'") ? [] : ["what no rule names gets in"],
    ].map((problem) => at(file, problem));
  }),

  "everything is tagged with the environment, so that azd finds it": (files) => all(files, "resources")
    .filter(({ type, body, isExisting }) => !isExisting && taggable.includes(type) && !body.tags)
    .map(({ file, symbol }) => at(file, `${symbol} has no tags`)),
};

/** What is shown: names, and for those of `toObject` what they begin with. */
export function settingNames(files) {
  const file = files.find((candidate) => candidate.resources.some(({ type, body }) => type === "Microsoft.Web/sites/config" && body.name === "appsettings"));
  const { properties } = file.resources.find(({ type }) => type === "Microsoft.Web/sites/config").body;
  const parts = /^union\(\s*([^)]*?)\s*\)$/.exec(properties.text)[1].split(/,\s+/);
  return parts.flatMap((part) => namesOf(file.variables.find(({ name }) => name === part).value));
}

function namesOf(value) {
  if (!(value instanceof Expression))
    return Object.keys(value);
  return [...[...value.text.matchAll(/=> '(FunctionsAuth__[A-Za-z_]*)\$\{/g)].map(([, name]) => `${name}*`), ...[...value.text.matchAll(/\b([A-Z]\w+(?=: ')|FunctionsAuth__\w+(?=: )): /g)].map(([, name]) => name)];
}

export const main = (files) => files.find(({ path }) => path === "main.bicep");

const taggable = [
  "Microsoft.Resources/resourceGroups", "Microsoft.ManagedIdentity/userAssignedIdentities", "Microsoft.Storage/storageAccounts", "Microsoft.KeyVault/vaults",
  "Microsoft.Web/serverfarms", "Microsoft.Web/sites", "Microsoft.OperationalInsights/workspaces", "Microsoft.Insights/components", "Microsoft.Network/virtualNetworks",
  "Microsoft.Network/privateEndpoints", "Microsoft.Cdn/profiles", "Microsoft.Network/FrontDoorWebApplicationFirewallPolicies",
];

function resolve(from, path) {
  const folder = from.includes("/") ? from.slice(0, from.lastIndexOf("/") + 1) : "";
  return folder + path;
}

/** Undefined where only the compiler knows. */
function typeOf(file, value) {
  if (value instanceof Expression)
    return value.text.startsWith("'") ? "string" : file.parameters.find((parameter) => parameter.name === value.text)?.type;
  return { string: "string", boolean: "bool", number: "int" }[typeof value] ?? (Array.isArray(value) ? "array" : undefined);
}

const differences = (actual, wanted) => Object.entries(wanted).filter(([name, value]) => actual?.[name] !== value).map(([name, value]) => `${name} must be ${value}`);

const roleExpression = (body) => /roleDefinitions', (\w+)\)$/.exec(textOf(body.properties?.roleDefinitionId))?.[1];

/** One, or the two of a condition. */
function roleOf(file, body) {
  const value = file.variables.find(({ name }) => name === roleExpression(body))?.value;
  if (typeof value === "string")
    return [value];
  const choice = /\? (\w+) : (\w+)$/.exec(value?.text ?? "");
  return choice ? choice.slice(1).map((name) => file.variables.find((variable) => variable.name === name)?.value) : [];
}

/** Those that the policy joins; one that stands for many has an Expression where they differ. */
function firewallRules(file) {
  const { rules: joined } = made([file], "Microsoft.Network/FrontDoorWebApplicationFirewallPolicies")[0].body.properties.customRules;
  return [...textOf(joined).matchAll(/\b\w+Rules?\b/g)].flatMap(([name]) => file.variables.find((variable) => variable.name === name)?.value ?? []).flatMap((rule) => rule.each ? eachOf(file, rule.each) : [rule]);
}

/** One rule for each of the headers that asciiRules goes through. */
function eachOf(file, rule) {
  const headers = file.variables.find(({ name }) => name === "asciiHeaders").value;
  return headers.map((header) => ({ ...rule, matchConditions: rule.matchConditions.map((condition) => ({ ...condition, selector: header })) }));
}

const blocks = (file, header, value) => firewallRules(file).some(({ ruleType, action, matchConditions }) => ruleType === "MatchRule" && action === "Block"
  && matchConditions.every(({ matchVariable, selector, operator, matchValue }) => matchVariable === "RequestHeader" && selector === header && operator === "RegEx" && matchValue.some((pattern) => new RegExp(pattern).test(value))));

const matches = (rule, url) => rule.matchConditions.filter(({ matchVariable }) => matchVariable === "RequestUri").every(({ matchValue }) => matchValue.some((pattern) => new RegExp(pattern).test(url)));

