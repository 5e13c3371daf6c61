// azure.yaml and main.parameters.json: what azd demands of them, and what they demand of each other.

import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { parse } from "yaml";
import { mismatches, problemsOf, unseen, variablesRead } from "./harness/azd.mjs";
import { files, readAll, root, sources } from "./harness/infra.mjs";
import { main } from "./harness/rules.mjs";

const read = (...path) => readFileSync(join(root, ...path), "utf8");
const yaml = read("azure.yaml");
const project = parse(yaml);
const parameters = JSON.parse(read("infra", "main.parameters.json"));
const devFolder = join("eng", "FunctionsAuth.Dev");
const dev = readdirSync(join(root, devFolder), { recursive: true })
  .filter((name) => name.endsWith(".cs") && !/^(bin|obj)/.test(name))
  .map((name) => read(devFolder, name))
  .join("\n");

describe("azure.yaml", () => {
  test("is as azd's schema wants it", () => assert.deepEqual(problemsOf(project), []));

  test("names what is there", () => {
    assert.ok(existsSync(join(root, project.infra.path, `${project.infra.module}.bicep`)));
    for (const service of Object.values(project.services)) assert.ok(existsSync(join(root, service.project, "FunctionsAuth.csproj")));
  });

  test("runs commands that dev.cs has", () => {
    for (const hook of Object.values(project.hooks)) {
      const command = hook.posix.run.replace(/^dotnet dev\.cs /, "");
      assert.ok(dev.includes(`new("${command}", [`), command);
    }
  });

  test("shows the first password and the issuer", () => assert.deepEqual(unseen(project, "postdeploy"), []));

  for (const system of ["posix", "windows"])
    test(`would not show them on ${system} if the hook were not interactive`, () => {
      const other = structuredClone(project);
      delete other.hooks.postdeploy[system].interactive;
      assert.deepEqual(unseen(other, "postdeploy"), [system]);
    });

  for (const [from, to] of [
    ["name: functionsauth", "name: FunctionsAuth"],
    ['azd: ">= 1.23.4"', 'azd: ">= 1.9.0"'],
    ['azd: ">= 1.23.4"', 'azd: ">= 1.23.0"'],
    ["      - azd: provision\n", ""],
    ["deploy --all", "deploy --every"],
    ["      - azd: provision\n      - azd: deploy --all", "      - azd: package\n      - azd: provision\n      - azd: deploy"],
    ["host: function", "host: appservice"],
    ["language: dotnet", "language: python"],
    ["project: ./src/FunctionsAuth", "image: functionsauth"],
    ["postdeploy:", "postdeployment:"],
    ["shell: pwsh", "shell: cmd"],
    ["      shell: sh\n      run: dotnet dev.cs azure welcome", "      shell: sh"],
    ["  postdeploy:\n", "  postdeploy:\n    run: dotnet dev.cs azure welcome\n"],
    ["  postdeploy:\n", "  postdeploy:\n    when: always\n"],
    ["    windows:\n      shell: pwsh\n      run: dotnet dev.cs azure check", "    windows:\n      shell: pwsh\n      run: ./check.ps1"],
  ])
    test(`is refused with ${JSON.stringify(to)}`, () => {
      assert.ok(yaml.includes(from));
      assert.notDeepEqual(problemsOf(parse(yaml.replace(from, to))), []);
    });
});

describe("main.parameters.json", () => {
  test("has every parameter of main.bicep as a variable of its own", () => assert.deepEqual(mismatches(project, parameters, files), []));

  const { location, ...withoutLocation } = parameters.parameters;
  for (const [what, wrong] of [
    ["a parameter is missing", { parameters: withoutLocation }],
    ["a parameter does not exist", { parameters: { ...parameters.parameters, vaults: { value: "${FUNCTIONSAUTH_VAULTS}" } } }],
    ["a variable stands for two", { parameters: { ...parameters.parameters, frontDoor: parameters.parameters.natGateway } }],
    ["a value is fixed", { parameters: { ...parameters.parameters, frontDoor: { value: true } } }],
    ["an output becomes a parameter", { parameters: { ...parameters.parameters, issuer: { value: "${SERVICE_FUNCTIONSAUTH_ISSUER}" } } }],
    ["a parameter would be asked for", { parameters: { ...parameters.parameters, location: { value: "${FUNCTIONSAUTH_LOCATION}" } } }],
  ])
    test(`is refused when ${what}`, () => assert.notDeepEqual(mismatches(project, wrong, files), []));

  test("is refused when the app is not tagged", () => {
    const path = "app/function-app.bicep";
    const changed = readAll({ ...sources, [path]: sources[path].replace("'azd-service-name': 'functionsauth'", "'azd-service-name': 'api'") });
    assert.notDeepEqual(mismatches(project, parameters, changed), []);
  });
});

describe("Variables that dev.cs reads", () => {
  const fromAzd = [
    ...main(files).outputs.map(({ name }) => name),
    ...Object.values(parameters.parameters).map(({ value }) => value.slice(2, -1)),
    "FUNCTIONSAUTH_IMPORT", "FUNCTIONSAUTH_FIRST_USER", // read by the hooks alone
  ];
  const own = ["FUNCTIONSAUTH_BICEP", "FUNCTIONSAUTH_LOCALHOST", "FUNCTIONSAUTH_TEST_STORAGE", "FUNCTIONSAUTH_WORKER_APP", "FUNCTIONSAUTH_WORKERHOST"]; // of tests
  const names = variablesRead(dev).filter((name) => !own.includes(name));

  test("are set by azd", () => {
    assert.ok(names.length >= 5);
    assert.deepEqual(names.filter((name) => !fromAzd.includes(name)), []);
  });

  test("are described", () => {
    const guide = read("docs", "deploy.md");
    for (const name of [...names, ...Object.values(parameters.parameters).map(({ value }) => value.slice(2, -1).split("=")[0])])
      assert.ok(guide.includes(name) || name.startsWith("AZURE_") || name.startsWith("SERVICE_"), `docs/deploy.md does not tell of ${name}`);
  });
});
