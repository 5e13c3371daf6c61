// The Bicep compiler: it knows types that a syntax tree does not show, and what a deployment would make. `dotnet dev.cs test` fetches it.

import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { infra, root } from "./infra.mjs";

const onPath = (process.env.PATH ?? "").split(delimiter).flatMap((folder) => [join(folder, "bicep"), join(folder, "bicep.exe")]);
const bicep = [process.env.FUNCTIONSAUTH_BICEP ?? "", ...onPath].find((file) => existsSync(file));

/** For a test's `skip`. */
export const without = bicep ? false : "there is no Bicep compiler for this machine: its package could not be restored, and bicep is not on the PATH";

/** @returns its exit code, what it wrote, and what it complained about: warnings, too. */
export function run(...options) {
  return new Promise((resolve, reject) => {
    const child = spawn(bicep, options, { stdio: ["ignore", "pipe", "pipe"] });
    const [output, complaints] = [[], []];
    child.stdout.on("data", (chunk) => output.push(chunk));
    child.stderr.on("data", (chunk) => complaints.push(chunk));
    child.on("error", reject);
    child.on("close", (exitCode) => resolve({ exitCode, output: Buffer.concat(output).toString(), complaints: Buffer.concat(complaints).toString().trim() }));
  });
}

// One compiler that stays, for what is asked often: it speaks JSON-RPC over its input and output, as language servers do.
let server;

/** @returns the answer, such as { success, diagnostics } of `bicep/compile`. */
function ask(method, params) {
  server ??= startServer();
  return server.ask(method, params);
}

/** Its test file ends it, or Node would wait for it. */
export function stop() {
  server?.process.kill();
  server = undefined;
}

function startServer() {
  const child = spawn(bicep, ["jsonrpc", "--stdio"], { stdio: ["pipe", "pipe", "inherit"] });
  const waiting = new Map();
  let [received, next] = [Buffer.alloc(0), 1];
  child.stdout.on("data", (chunk) => {
    received = Buffer.concat([received, chunk]);
    for (let message = take(); message !== undefined; message = take()) {
      const { id, result, error } = JSON.parse(message);
      const { resolve, reject } = waiting.get(id);
      waiting.delete(id);
      if (error) reject(new Error(error.message));
      else resolve(result);
    }
  });
  child.on("close", () => waiting.forEach(({ reject }) => reject(new Error("The Bicep compiler has ended"))));

  function take() {
    const start = received.indexOf("\r\n\r\n") + 4;
    const length = start < 4 ? undefined : Number(/Content-Length: (\d+)/i.exec(received.subarray(0, start).toString())[1]);
    if (length === undefined || received.length < start + length)
      return undefined;
    const message = received.subarray(start, start + length).toString();
    received = received.subarray(start + length);
    return message;
  }

  return {
    process: child,
    ask: (method, params) => new Promise((resolve, reject) => {
      const message = Buffer.from(JSON.stringify({ jsonrpc: "2.0", id: next, method, params }));
      waiting.set(next++, { resolve, reject });
      child.stdin.write(`Content-Length: ${message.length}\r\n\r\n`);
      child.stdin.write(message);
    }),
  };
}

/** What the compiler says to main.bicep of this folder, by the rules of the bicepconfig.json there: codes. */
export const complaintsAbout = async (folder) => (await ask("bicep/compile", { path: join(folder, "main.bicep") })).diagnostics.map(({ code }) => code);

/** The text of a file as the compiler formats it. */
export const formatted = async (file) => (await ask("bicep/format", { path: file })).contents;

/** A copy of infra/ in .local, with changes: by path a text and what takes its place. It is deleted afterwards. */
export async function withCopy(changes, use) {
  mkdirSync(join(root, ".local"), { recursive: true });
  const folder = mkdtempSync(join(root, ".local", "infra-"));
  try {
    cpSync(infra, folder, { recursive: true });
    for (const { file, from, to } of changes) {
      const text = readFileSync(join(folder, file), "utf8");
      if (!text.includes(from)) throw new Error(`${file} has no ${from}`);
      writeFileSync(join(folder, file), text.replace(from, () => to));
    }
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What a deployment with these parameters would make: its resources, with everything computed that does not depend on Azure's answers. */
export function snapshot(parameters, changes = []) {
  return withCopy(changes, async (folder) => {
    const path = join(folder, "options.bicepparam");
    const lines = Object.entries({ environmentName: "test", location: "westeurope", ...parameters }).map(([name, value]) => `param ${name} = ${literal(value)}`);
    writeFileSync(path, ["using 'main.bicep'", ...lines, ""].join("\n"));
    const metadata = { tenantId: `${zeros}2`, subscriptionId: `${zeros}1`, location: "westeurope", deploymentName: "test" };
    const { predictedResources, diagnostics } = JSON.parse((await ask("bicep/getSnapshot", { path, metadata })).snapshot);
    return { resources: predictedResources, diagnostics };
  });
}

const zeros = "00000000-0000-0000-0000-00000000000";

function literal(value) {
  if (Array.isArray(value))
    return `[${value.map(literal).join(", ")}]`;
  if (typeof value === "object")
    return `{ ${Object.entries(value).map(([name, member]) => `${name}: ${literal(member)}`).join(", ")} }`;
  return typeof value === "string" ? `'${value.replaceAll("'", "\\'")}'` : String(value);
}
