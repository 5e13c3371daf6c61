// The rules of azd's own JSON schema that apply to azure.yaml, and what must hold between it and infra/.

import { textOf } from "./bicep.mjs";
import { main } from "./rules.mjs";

const hookNames = [
  ["provision", "infracreate", "infradelete", "down", "up", "package", "publish", "deploy", "restore"].flatMap((command) => [`pre${command}`, `post${command}`]),
].flat();
const hookMembers = ["shell", "kind", "dir", "run", "continueOnError", "interactive", "windows", "posix", "secrets", "config"];
const needRun = ["interactive", "continueOnError", "secrets", "shell", "kind", "dir", "config"];

/** @returns sentences; none if azd takes it. */
export function problemsOf(project) {
  return [
    .../^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(project.name ?? "") && project.name.length >= 2 ? [] : ["name must be lowercase letters, digits and hyphens"],
    ...["bicep", "terraform"].includes(project.infra?.provider) ? [] : ["infra.provider is unknown"],
    ...isAtLeast(project.requiredVersions?.azd, [1, 23, 4]) ? [] : ["requiredVersions.azd must be 1.23.4 or newer: azd passed arrays and objects as texts before"],
    ...stepProblems(project.workflows?.up?.steps ?? []),
    ...Object.keys(project.services ?? {}).length > 0 ? [] : ["services has none"],
    ...Object.entries(project.services ?? {}).flatMap(([name, service]) => [
      ...service.host === "function" ? [] : [`${name} must have host function`],
      ...service.project && !service.image ? [] : [`${name} must have a project and no image`],
      ...["dotnet", "csharp"].includes(service.language) ? [] : [`${name} must be dotnet`],
      ...["docker", "k8s", "apiVersion"].filter((member) => member in service).map((member) => `${name} can't have ${member}`),
    ]),
    ...Object.entries(project.hooks ?? {}).flatMap(([name, hook]) => [
      ...hookNames.includes(name) ? [] : [`there is no hook ${name}`],
      ...hookProblems(name, hook),
      ...hook.posix?.run && hook.posix.run === hook.windows?.run ? [] : [`${name} must do the same on every system`],
    ]),
  ];
}

function isAtLeast(range, least) {
  const version = /^>= (\d+)\.(\d+)\.(\d+)$/.exec(range ?? "")?.slice(1).map(Number);
  const first = version?.findIndex((part, i) => part !== least[i]);
  return version !== undefined && (first === -1 || version[first] > least[first]);
}

/** Without steps of its own, `azd up` packages while a hook builds the same projects. */
function stepProblems(steps) {
  const commands = steps.map((step) => typeof step === "string" ? step : step.azd);
  return [
    ...commands.every((command) => typeof command === "string" && /^(package|provision|deploy)( --all)?$/.test(command)) ? [] : ["workflows.up has a step that is no azd command"],
    ...commands.join(", ") === "provision, deploy --all" ? [] : ["workflows.up must provision and then deploy"],
  ];
}

/** What a person must see is shown only by an interactive hook: azd takes away the rest of what hooks write. */
export const unseen = (project, hook) => ["posix", "windows"].filter((system) => project.hooks[hook][system].interactive !== true);

function hookProblems(name, hook) {
  const isBoth = hook.posix && hook.windows;
  return [
    ...Object.keys(hook).filter((member) => !hookMembers.includes(member)).map((member) => `${name} can't have ${member}`),
    ...isBoth ? ["run", ...needRun].filter((member) => member in hook).map((member) => `${name} has systems, so it can't have ${member}`) : [],
    ...!isBoth && needRun.some((member) => member in hook) && !hook.run ? [`${name} has no run`] : [],
    ..."shell" in hook && !["sh", "pwsh"].includes(hook.shell) ? [`${name} can't have the shell ${hook.shell}`] : [],
    ...["posix", "windows"].flatMap((system) => hook[system] ? hookProblems(`${name}.${system}`, hook[system]) : []),
  ];
}

/** Between azure.yaml, main.parameters.json and the files of infra/. */
export function mismatches(project, parameters, files) {
  const { parameters: declared, outputs } = main(files);
  const variables = Object.values(parameters.parameters).flatMap(({ value }) => [...String(value).matchAll(/\$\{(\w+)/g)].map(([, name]) => name));
  const tags = files.flatMap(({ resources }) => resources).filter(({ type, isExisting }) => type === "Microsoft.Web/sites" && !isExisting).map(({ body }) => textOf(body.tags));
  return [
    ...declared.filter(({ name }) => !(name in parameters.parameters)).map(({ name }) => `main.parameters.json lacks ${name}`),
    ...Object.keys(parameters.parameters).filter((name) => !declared.some((parameter) => parameter.name === name)).map((name) => `main.bicep has no ${name}`),
    ...Object.entries(parameters.parameters).filter(([, { value }]) => !/^\$\{\w+(=\w+)?\}$/.test(value)).map(([name]) => `${name} is no variable`),
    ...variables.filter((name, i) => variables.indexOf(name) !== i).map((name) => `${name} stands for two parameters`),
    // azd stores outputs as variables: the next deployment would take them for what an operator wants.
    ...outputs.filter(({ name }) => variables.includes(name)).map(({ name }) => `output ${name} would become a parameter`),
    ...declared.filter(({ name, hasDefault }) => !hasDefault && !["AZURE_ENV_NAME", "AZURE_LOCATION"].some((variable) => parameters.parameters[name]?.value === `\${${variable}}`)).map(({ name }) => `${name} would be asked for`),
    ...Object.keys(project.services).filter((name) => !tags.some((tag) => tag.includes(`'azd-service-name': '${name}'`))).map((name) => `no app is tagged as ${name}`),
  ];
}

/** Each name of an azd variable that code reads must be one that azd knows. */
export const variablesRead = (code) => [...code.matchAll(/"((?:SERVICE_)?FUNCTIONSAUTH_[A-Z_]+)"/g)].map(([, name]) => name);
