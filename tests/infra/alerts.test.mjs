// Alerts ask the log for texts. Each must be one that the code writes, or the alert never comes.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { files, filesIn, root } from "./harness/infra.mjs";

const code = filesIn(join(root, "src")).filter((path) => path.endsWith(".cs") && !/[\\/](bin|obj)[\\/]/.test(path)).map((path) => readFileSync(path, "utf8")).join("\n");
const alerts = files.find(({ path }) => path === "watch/alerts.bicep").variables.find(({ name }) => name === "logAlerts").value;
const guide = readFileSync(join(root, "docs", "operations.md"), "utf8");
const host = JSON.parse(readFileSync(join(root, "host.json"), "utf8")).logging;

/** The text of messages, with {} for what is filled in. */
const messages = [...code.matchAll(/\[LoggerMessage\((\d+), LogLevel\.\w+, "((?:[^"\\]|\\.)*)"\)\]/g)].map(([, id, text]) => ({ id, text }));

test("There are alerts, and messages", () => assert.ok(alerts.length >= 7 && messages.length >= 15));

for (const { name, query, description, operator } of alerts) {
  describe(name, () => {
    const texts = [...query.matchAll(/message contains "([^"]+)"/g)].map(([, text]) => text);
    const timers = [...query.matchAll(/startswith "Executed 'Functions\.(\w+)' \(Succeeded"/g)].map(([, timer]) => timer);

    test("asks for something", () => assert.ok(texts.length + timers.length > 0));

    for (const text of texts)
      test(`${JSON.stringify(text)} is what one message says, under the event of the description`, () => {
        const found = messages.filter((message) => message.text.includes(text));
        assert.equal(found.length, 1);
        assert.ok(description.includes(found[0].id), `${found[0].id} is not in: ${description}`);
      });

    for (const timer of timers) {
      test(`${timer} is a function`, () => assert.ok(code.includes(`[Function("${timer}")]`)));
      test(`${timer} is logged when it succeeds, and never sampled away`, () => {
        assert.equal(operator, "LessThan");
        assert.equal(host.logLevel[`Function.${timer}`], "Information");
        assert.match(host.applicationInsights.samplingSettings.excludedTypes, /\bTrace\b/);
      });
    }

    test("docs/operations.md says what to do", () => assert.ok(guide.includes(`\`${name}\``)));
  });
}

const metrics = files.flatMap(({ resources }) => resources).filter(({ type }) => type === "Microsoft.Insights/metricAlerts").map(({ body }) => /-([a-z-]+)'$/.exec(body.name.text)[1]);

test("There are alerts on metrics", () => assert.ok(metrics.length >= 4));

for (const name of metrics)
  test(`docs/operations.md says what to do about ${name}`, () => assert.ok(guide.includes(`\`${name}\``)));
