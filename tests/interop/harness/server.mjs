// Starts LocalHost on a free port, with tables of its own in Azurite or in memory, or instead of it the real worker.

import { execFile, spawn } from "node:child_process";
import { randomBytes, randomInt } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const built = (folder, project) => fileURLToPath(new URL(`../../../${folder}/${project}/bin/Debug/net10.0/${project}.dll`, import.meta.url));
const localHost = process.env.FUNCTIONSAUTH_LOCALHOST ?? built("src", "FunctionsAuth.LocalHost");
const workerHost = process.env.FUNCTIONSAUTH_WORKERHOST ?? built("tests", "FunctionsAuth.WorkerHost");
const storage = process.env.FUNCTIONSAUTH_TEST_STORAGE ?? "memory";
const readyWithin = 300_000; // milliseconds: a busy machine takes its time
const stoppedWithin = 10_000;

let onWorker = false;

/** Why a test that changes the tables of a running server is skipped, or false. */
export const noSharedTables = storage === "memory" ? "FUNCTIONSAUTH_TEST_STORAGE is not set: nothing else reaches tables in memory" : false;

/** Tables that no other test has. */
export const newPrefix = () => `t${randomBytes(6).toString("hex")}`;

/** From now on the published app in its own process takes the place of LocalHost: it needs a storage account. */
export function useWorker() {
  onWorker = true;
}

/**
 * @param settings such as { "Lifetimes:RefreshTokenGrace": "00:00:00" }
 * @param data what an import file says, instead of the samples
 * @param tls { certificate, key }, PEM files; without them the server speaks http
 * @param mtls true: with a second address, at which it asks clients for their certificates; needs tls
 * @param host the name that browsers know it by, if not localhost
 * @param trust a PEM file: a certificate that it trusts when it fetches something; only where .NET uses OpenSSL
 * @param tables what stands before the names of its tables, if another server shares them
 * @param keys the folder of its keys, if another server shares them
 * @param program another FunctionsAuth.LocalHost.dll, such as that of an earlier release
 * @returns { issuer, url, stop }; without an Issuer in the settings, both are its address
 */
export async function startServer({ settings = {}, data, tls, mtls, host, trust, tables = newPrefix(), keys, program = onWorker ? workerHost : localHost } = {}) {
  if (!existsSync(program)) throw new Error(`${program} is not there: \`dotnet dev.cs test\` builds it.`);

  const [scheme, port] = [tls ? "https" : "http", await freePort()];
  const url = `${scheme}://localhost:${port}`;
  const options = ["--url", url, "--storage", storage, "--table-prefix", tables];
  if (tls) options.push("--cert", tls.certificate, "--key", tls.key);
  if (mtls) options.push("--mtls-url", `https://localhost:${await freePort()}`);
  if (host) options.push("--set", `Issuer=${scheme}://${host}:${port}`);
  for (const [name, value] of Object.entries(settings)) options.push("--set", `${name}=${value}`);

  const folder = await mkdtemp(join(tmpdir(), "functionsauth-"));
  if (onWorker || keys) options.push("--keys", keys ?? join(folder, "keys"));
  if (data) {
    const file = join(folder, "import.json");
    await writeFile(file, JSON.stringify(data));
    options.push("--import", file);
  }

  const env = trust ? { ...process.env, SSL_CERT_FILE: trust } : process.env;
  const server = spawn("dotnet", [program, "run", ...options], { env, stdio: ["ignore", "pipe", "pipe"] });
  const end = stopper(server);
  const stop = async () => {
    await end();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    return { issuer: await issuerOf(server), url, stop, pid: server.pid };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Imports into the tables of a server that runs, as an operator does. */
export async function importInto(tables, data) {
  const folder = await mkdtemp(join(tmpdir(), "functionsauth-"));
  try {
    const file = join(folder, "import.json");
    await writeFile(file, JSON.stringify(data));
    await promisify(execFile)("dotnet", [localHost, "import", file, "--storage", storage, "--table-prefix", tables]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function issuerOf(server) {
  const output = [];
  return new Promise((resolve, reject) => {
    const fail = (what) => reject(new Error([what, ...output].join("\n")));
    const timer = setTimeout(() => fail("The server was not ready in time."), readyWithin);
    server.once("error", reject);
    server.once("exit", (code) => fail(`The server ended with ${code}.`));
    for (const stream of [server.stdout, server.stderr]) {
      createInterface(stream).on("line", (line) => {
        output.push(line);
        if (!line.startsWith("Ready: ")) return;
        clearTimeout(timer);
        resolve(line.slice("Ready: ".length).trim());
      });
    }
  });
}

function stopper(server) {
  const kill = () => server.kill("SIGKILL");
  process.once("exit", kill);
  return async () => {
    process.removeListener("exit", kill);
    if (server.exitCode !== null || server.signalCode !== null) return;
    const timer = setTimeout(kill, stoppedWithin);
    server.kill();
    await once(server, "exit");
    clearTimeout(timer);
  };
}

/** One that no operating system gives to a connection or another listener before the server has it. */
async function freePort() {
  while (true) {
    const port = randomInt(20_000, 32_000);
    const listener = createServer().listen(port, "127.0.0.1");
    const isFree = await once(listener, "listening").then(() => true, () => false);
    if (!isFree) continue;
    listener.close();
    await once(listener, "close");
    return port;
  }
}
