// The compiler's own word on infra/: it builds, lints and formats it, and makes a snapshot of each set of options.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { alertsIn } from "./harness/alert-rules.mjs";
import { complaintsAbout, formatted, run, snapshot, stop, withCopy, without } from "./harness/compiler.mjs";
import { files, infra, sources } from "./harness/infra.mjs";
import { optionSets, problemsOf } from "./harness/option-sets.mjs";
import { apiVersionsReviewed } from "./harness/reviewed.mjs";

const skip = without;
const change = (file, from, to) => [{ file, from, to }];

after(stop);

describe("bicep build", { skip }, () => {
  test("finds nothing", async () => {
    const { exitCode, complaints } = await run("build", join(infra, "main.bicep"), "--stdout");
    assert.deepEqual({ exitCode, complaints }, { exitCode: 0, complaints: "" });
  });

  test("notices a type that is wrong", () => withCopy(change("data/vault.bicep", "softDeleteRetentionInDays: 90", "softDeleteRetentionInDays: '90'"), async (folder) =>
    assert.deepEqual(await complaintsAbout(folder), ["BCP036"])));

  test("notices a parameter that hides a decorator", () => withCopy(change("watch/query-alert.bicep", "@sys.description('KQL", "@description('KQL"), async (folder) =>
    assert.ok((await complaintsAbout(folder)).length > 0)));
});

describe("bicep lint", { skip }, () => {
  // Counted from the day of the review, so that the rule says the same on every day. It is no rule of infra/bicepconfig.json: there it
  // would stop `azd up` one day.
  const age = 730 + Math.ceil((Date.now() - Date.parse(apiVersionsReviewed)) / 86_400_000);

  const addRule = (folder) => {
    const config = JSON.parse(readFileSync(join(folder, "bicepconfig.json"), "utf8"));
    config.analyzers.core.rules["use-recent-api-versions"] = { level: "error", maxAgeInDays: age };
    writeFileSync(join(folder, "bicepconfig.json"), JSON.stringify(config));
  };

  test("finds nothing, and no API version that was older than two years when somebody looked", () => withCopy([], async (folder) => {
    addRule(folder);
    const { exitCode, complaints } = await run("lint", join(folder, "main.bicep"));
    assert.deepEqual({ exitCode, complaints }, { exitCode: 0, complaints: "" });
  }));

  test("notices an old API version", () => withCopy(change("data/vault.bicep", "vaults@2025-05-01", "vaults@2023-07-01"), async (folder) => {
    addRule(folder);
    assert.ok((await complaintsAbout(folder)).includes("use-recent-api-versions"));
  }));

  test("notices a variable that nothing uses", () => withCopy(change("data/vault.bicep", "var byPolicy", "var forgotten = 1\nvar byPolicy"), async (folder) =>
    assert.ok((await complaintsAbout(folder)).includes("no-unused-vars"))));
});

describe("bicep format", { skip }, () => {
  const read = (folder, path) => readFileSync(join(folder, path), "utf8").replaceAll("\r\n", "\n");

  test("changes nothing", () => withCopy([], async (folder) => {
    const { exitCode, complaints } = await run("format", "--pattern", join(folder, "**", "*.bicep"), "--newline-kind", "LF", "--insert-final-newline");
    assert.deepEqual({ exitCode, complaints }, { exitCode: 0, complaints: "" });
    assert.deepEqual(Object.entries(sources).filter(([path, text]) => read(folder, path) !== text).map(([path]) => path), []);
  }));

  test("notices a space too many", () => withCopy(change("app/identity.bicep", "param name string", "param  name string"), async (folder) =>
    assert.notEqual(await formatted(join(folder, "app", "identity.bicep")), read(folder, "app/identity.bicep"))));
});

describe("bicep snapshot", { skip }, () => {
  for (const { name, parameters, mutants } of optionSets) {
    test(`of ${name} has what it must have`, async () => {
      const { resources, diagnostics } = await snapshot(parameters);
      assert.deepEqual({ diagnostics, problems: problemsOf(name, resources) }, { diagnostics: [], problems: [] });
    });
    for (const { file, from, to } of mutants)
      test(`of ${name} notices ${JSON.stringify(to)} in ${file}`, async () => assert.notDeepEqual(problemsOf(name, (await snapshot(parameters, change(file, from, to))).resources), []));
  }

  test("has the queries of the alerts as the other tests read them", async () => {
    const { resources } = await snapshot({});
    const deployed = resources.filter(({ type }) => type === "Microsoft.Insights/scheduledQueryRules").map(({ properties }) => properties.criteria.allOf[0].query);
    assert.deepEqual(deployed, alertsIn(files).logged.map(({ query }) => query));
  });
});
