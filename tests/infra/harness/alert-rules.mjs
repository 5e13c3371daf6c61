// What must hold between alerts and what the code logs. Rules as those of rules.mjs.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Expression } from "./bicep.mjs";
import { filesIn, root } from "./infra.mjs";
import { mistakesIn } from "./kql.mjs";
import { alertsByCause } from "./reviewed.mjs";

const code = filesIn(join(root, "src")).filter((path) => path.endsWith(".cs") && !/[\\/](bin|obj)[\\/]/.test(path)).map((path) => readFileSync(path, "utf8")).join("\n");
const guide = readFileSync(join(root, "docs", "operations.md"), "utf8");

/** By event id: the level, the text with {} for what is filled in, and whether an exception comes with it. */
const messages = new Map([...code.matchAll(/\[LoggerMessage\((\d+), LogLevel\.(\w+), "((?:[^"\\]|\\.)*)"\)\]\s+private (?:static )?partial void \w+\(([^)]*)\)/g)]
  .map(([, id, level, text, parameters]) => [id, { level, text, hasException: /\bException \w+$/.test(parameters) }]));

/** Alerts on the log, with their queries as they are deployed, and alerts on metrics. */
export function alertsIn(files) {
  const log = files.find(({ path }) => path === "watch/log-alerts.bicep");
  const variables = new Map(log.variables.map(({ name, value }) => [name, value]));
  const logged = variables.get("logAlerts").map((alert) => ({ ...alert, query: textIn(variables, alert.query) }));
  const metrics = files.flatMap(({ resources }) => resources).filter(({ type }) => type === "Microsoft.Insights/metricAlerts")
    .map(({ body }) => ({ name: /-([a-z-]+)'$/.exec(body.name.text)[1], severity: body.properties.severity }));
  return { logged, metrics };
}

/** A text with the file's other texts in it, also through format(). */
function textIn(variables, value) {
  if (!(value instanceof Expression))
    return value;
  return value.text.slice(1, -1)
    .replaceAll(/\$\{format\((\w+), ('[^)]*')\)\}/g, (_, name, parts) => parts.split(", ").reduce((text, part, i) => text.replaceAll(`{${i}}`, part.slice(1, -1)), textIn(variables, variables.get(name))))
    .replaceAll(/\$\{(\w+)\}/g, (_, name) => textIn(variables, variables.get(name)))
    .replaceAll(/\\(['\\$])/g, "$1");
}

const eventsOf = ({ query }) => [...query.matchAll(/\.EventId\) (?:==|in) \(?((?:"\d+"(?:, )?)+)/g)].flatMap(([, list]) => [...list.matchAll(/\d+/g)].map(([id]) => id));
const each = (files, problemsOf) => alertsIn(files).logged.flatMap((alert) => problemsOf(alert).map((problem) => `${alert.name}: ${problem}`));

export const alertRules = {
  "every query is KQL on the tables that the log fills": (files) => each(files, ({ query }) => mistakesIn(query)),

  "every query takes the absence of a table": (files) => each(files, ({ query }) => query.startsWith("union isfuzzy=true traces") ? [] : ["it does not begin with union isfuzzy=true traces"]),

  "every event that is asked for is logged once, and named in the description": (files) => each(files, (alert) => [
    ...eventsOf(alert).length > 0 || /message contains/.test(alert.query) ? [] : ["asks for nothing"],
    ...eventsOf(alert).filter((id) => !messages.has(id)).map((id) => `nothing logs ${id}`),
    ...eventsOf(alert).filter((id) => code.split(`[LoggerMessage(${id},`).length > 2).map((id) => `${id} is logged in two places`),
    ...eventsOf(alert).filter((id) => !alert.description.includes(id)).map((id) => `its description does not name ${id}`),
  ]),

  "events with an exception are looked for among the exceptions": (files) => each(files, (alert) => eventsOf(alert)
    .filter((id) => messages.get(id)?.hasException && !/^union [^|]*\bexceptions\b/.test(alert.query)).map((id) => `${id} has an exception`)),

  "events are the server's own": (files) => each(files, (alert) => eventsOf(alert).length === 0 || alert.query.includes('CategoryName) startswith "FunctionsAuth."') ? [] : ["takes those of libraries, too"]),

  "what a query compares is what the events have": (files) => each(files, (alert) => {
    const known = ["CategoryName", "EventId", ...eventsOf(alert).flatMap((id) => [...(messages.get(id)?.text ?? "").matchAll(/\{(\w+)\}/g)].map(([, name]) => name))];
    const compared = [...alert.query.matchAll(/customDimensions\.(\w+)\) (?:!=|==|in) \(?"([^"]+)"/g)].filter(([, name]) => name !== "EventId");
    return [
      ...[...alert.query.matchAll(/customDimensions\.(\w+)/g)].filter(([, name]) => !known.includes(name)).map(([, name]) => `its events have no ${name}`),
      ...compared.filter(([, , value]) => !code.includes(`("${value}"`) && !new RegExp(`^\\s+${value},$`, "m").test(code)).map(([, , value]) => `the code knows no ${value}`),
      ...[...alert.query.matchAll(/endswith "(\w+)"/g)].filter(([, type]) => type.startsWith("Temporarily") && !code.includes(`class ${type}(`)).map(([, type]) => `there is no ${type}`),
    ];
  }),

  "timers say that they have run, at a level that is logged, and alerts wait for them": (files) => {
    const waiting = alertsIn(files).logged.filter(({ name }) => name.endsWith("-not-run"));
    return [
      ...waiting.length === [...code.matchAll(/\[TimerTrigger\(/g)].length ? [] : ["there is a timer without an alert"],
      ...waiting.flatMap((alert) => [
        ...eventsOf(alert).filter((id) => messages.get(id)?.level !== "Information").map((id) => `${alert.name}: ${id} is no information`),
        // Else it would go off before the first deployment.
        .../\| where since < ago\(\d+[hd]\) and/.test(alert.query) ? [] : [`${alert.name}: does not ask since when the app has run`],
      ]),
    ];
  },

  "nobody is woken for what a client can cause": (files) => {
    const { logged, metrics } = alertsIn(files);
    const all = [...logged, ...metrics];
    return [
      ...all.filter(({ name }) => [alertsByCause.client, alertsByCause.server].filter((names) => names.includes(name)).length !== 1).map(({ name }) => `${name} is not in reviewed.mjs`),
      ...all.filter(({ name, severity }) => alertsByCause.client.includes(name) && !(severity >= 2)).map(({ name, severity }) => `${name} has severity ${severity}`),
      ...Object.values(alertsByCause).flat().filter((name) => !all.some((alert) => alert.name === name)).map((name) => `there is no ${name}`),
    ];
  },

  "docs/operations.md says what to do about each alert, with its severity": (files) => {
    const { logged, metrics } = alertsIn(files);
    return [...logged, ...metrics].filter(({ name, severity }) => !guide.includes(`| \`${name}\` | ${severity} |`)).map(({ name, severity }) => `${name} (${severity}) is not in the table`);
  },
};
