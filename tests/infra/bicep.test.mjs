// The rules of infra/, each with changes that break it: a rule that no change breaks says nothing.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { alertRules } from "./harness/alert-rules.mjs";
import { files, readAll, sources } from "./harness/infra.mjs";
import { mutants } from "./harness/mutants.mjs";
import { rules } from "./harness/rules.mjs";

const all = { ...rules, ...alertRules };

test("There are files", () => assert.ok(files.length >= 15 && files.every(({ resources, modules }) => resources.length + modules.length > 0)));

test("Every change is for a rule", () => assert.deepEqual(Object.keys(mutants).filter((name) => !(name in all)), []));

for (const [name, rule] of Object.entries(all)) {
  describe(name, () => {
    test("holds", () => assert.deepEqual(rule(files), []));
    test("is broken by a change", () => assert.ok(mutants[name]?.length > 0, "harness/mutants.mjs has none"));
    for (const { file, from, to } of mutants[name] ?? [])
      test(`notices ${JSON.stringify(to)} in ${file}`, () => assert.notDeepEqual(rule(changed(file, from, to)), []));
  });
}

function changed(file, from, to) {
  const text = sources[file];
  assert.ok(text?.includes(from), `${file} has no ${from}`);
  return readAll({ ...sources, [file]: text.replace(from, () => to) });
}
