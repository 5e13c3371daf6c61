// Runs the script of a check_session_iframe as a browser would, and asks it once. It reads JSON from standard input:
//   script, dataset (of the body), cookies, client (its origin), message
// and writes the answer, or null when nothing is left to run and none has come.

import { webcrypto } from "node:crypto";
import { createContext, runInContext } from "node:vm";

let input = "";
for await (const chunk of process.stdin) input += chunk;
const { script, dataset, cookies, client, message } = JSON.parse(input);

const listeners = [];
const frame = createContext({
  addEventListener: (type, listener) => type === "message" && listeners.push(listener),
  crypto: webcrypto,
  document: { body: { dataset }, cookie: cookies, referrer: `${client}/` },
  location: { ancestorOrigins: [client] },
  TextEncoder,
  URL,
});
runInContext("globalThis.window = globalThis; globalThis.self = globalThis; window.parent = {};", frame);
runInContext(script, frame);

const answer = await new Promise((resolve) => {
  process.once("beforeExit", () => resolve(null));
  const source = { postMessage: (data, origin) => resolve({ data, origin }) };
  for (const listener of listeners) listener({ data: message, origin: client, source });
});
console.log(JSON.stringify(answer));
