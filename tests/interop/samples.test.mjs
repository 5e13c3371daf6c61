// The samples that run on Node.js, each started as its README says: a web app, a single-page app, an MCP server and its client.
// They are the clients of the samples of LocalHost, at other ports.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { after, afterEach, before, describe, test } from "node:test";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import * as jose from "jose";
import { complaintsOf, executablePath, launch, passThrough } from "./harness/chromium.mjs";
import { alice } from "./harness/samples.mjs";
import { startServer } from "./harness/server.mjs";
import { UserAgent, authorize, textOf } from "./harness/user-agent.mjs";

const inRepository = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const notInstalled = existsSync(inRepository("samples/node_modules")) ? false : "`npm ci` did not run in samples/";
const patience = 120_000; // milliseconds: a busy machine takes its time

const at = {}; // the addresses of the samples: web, spa, api, mcp
let server;
let api;

describe("the samples", { skip: notInstalled }, () => {
  before(async () => {
    for (const name of ["web", "spa", "api", "mcp"]) at[name] = `http://localhost:${await freePort()}`;
    server = await startServer({ data: samplesAt(at), settings: { "Registration:Mode": "open", "Registration:Scopes": "openid offline_access mcp.tools" } });
    api = await startOrdersApi();
  });
  after(async () => {
    await api?.stop();
    await server?.stop();
  });

  describe("samples/node-web", () => {
    let sample;
    before(async () => { sample = await startSample("node-web/server.mjs", at.web); });
    after(() => sample?.stop());

    /** Two browsers in one: one keeps the cookies of the app, one those of the server. */
    async function signIn(answers = {}) {
      const [browser, there] = [new UserAgent(at.web), new UserAgent(server.issuer)];
      const { arrived } = await browser.open(`${at.web}/login`);
      const { callback } = await authorize(there, arrived, { ...alice, ...answers });
      return { browser, there, callback, page: await browser.open(callback) };
    }

    test("signs a person in, and shows the claims of the ID token", async () => {
      assert.match(textOf(await new UserAgent(at.web).open(at.web)), /Nobody is signed in/);
      const { browser, page, callback } = await signIn();
      assert.deepEqual([page.status, page.url.href], [200, `${at.web}/`]);
      assert.match(textOf(page), /Signed in as Alice Example.*email "alice@example.com"/);
      assert.equal((await browser.open(callback)).status, 400); // the code is used, and the login is over
    });

    test("calls the API with a token for it, which it renews first when it is about to expire", async () => {
      const { browser, page } = await signIn();
      const answers = [await browser.submit(page, {}), await browser.submit(page, {})].map(textOf);
      const [first, second] = answers.map((text) => /200 \{"scope":"openid profile email orders.read","roles":\["clerk"\],"jti":"([^"]+)"\}/.exec(text)?.[1] ?? assert.fail(text));
      assert.notEqual(first, second);
    });

    test("takes no answer that another browser began, and says so when the person has cancelled", async () => {
      const { callback } = await signIn();
      assert.match(textOf(await new UserAgent(at.web).open(callback)), /was not started in this browser/);
      assert.match(textOf((await signIn({ login: "cancel" })).page), /was not completed/);
    });

    test("signs out, here and at the server", async () => {
      const { browser, there } = await signIn();
      const { arrived: logout } = await browser.open(`${at.web}/logout`, { method: "POST" });
      const { arrived: home } = await there.open(logout);
      assert.equal(home.href, `${at.web}/`);
      assert.match(textOf(await browser.open(home)), /Nobody is signed in/);
      const { arrived: again } = await browser.open(`${at.web}/login`);
      assert.deepEqual((await authorize(there, again, alice)).asked[0], "login");
    });
  });

  describe("samples/mcp", () => {
    let sample;
    before(async () => { sample = await startSample("mcp/server.mjs", at.mcp); });
    after(() => sample?.stop());

    test("refuses a request without a token, and says where one is to be had", async () => {
      const answer = await fetch(`${at.mcp}/mcp`, { method: "POST" });
      assert.equal(answer.status, 401);
      const [, where] = /resource_metadata="([^"]+)"/.exec(answer.headers.get("WWW-Authenticate"));
      const metadata = await (await fetch(where)).json();
      assert.deepEqual([metadata.resource, metadata.scopes_supported], [`${at.mcp}/mcp`, ["mcp.tools"]]);
      assert.equal(new URL(metadata.authorization_servers[0]).origin, server.issuer);
    });

    test("refuses a token for another API", async () => {
      const token = await tokenFor(at.api);
      assert.equal((await fetch(`${at.mcp}/mcp`, { method: "POST", headers: { Authorization: `Bearer ${token}` } })).status, 401);
    });

    test("its client registers, signs the person in and calls the tool", async () => {
      const program = run("mcp/client.mjs", {}, [`${at.mcp}/mcp`, "--no-browser"]);
      const { callback } = await authorize(new UserAgent(server.issuer), await program.line(/^Sign in here: (.+)$/), alice);
      assert.match(await (await fetch(callback)).text(), /close this window/);
      const { sub, client, scopes } = JSON.parse(await program.line(/^whoami: (.+)$/));
      assert.ok(sub && client);
      assert.deepEqual(scopes, ["mcp.tools"]);
      assert.equal(await program.ended, 0);
    });

    test("its client ends with the reason when the person denies", async () => {
      const program = run("mcp/client.mjs", {}, [`${at.mcp}/mcp`, "--no-browser"]);
      const { callback } = await authorize(new UserAgent(server.issuer), await program.line(/^Sign in here: (.+)$/), { ...alice, consent: "deny" });
      await fetch(callback);
      await program.line(/(was not completed)/);
      assert.notEqual(await program.ended, 0);
    });
  });

  describe("samples/spa", { skip: executablePath ? false : "no Chromium on the PATH, and none of Playwright's" }, () => {
    let sample;
    let browser;
    let page;
    let complaints;
    before(async () => {
      sample = await startSample("spa/server.mjs", at.spa);
      browser = await launch();
    });
    after(async () => {
      await browser?.close();
      await sample?.stop();
    });
    const open = async () => {
      page = await (await browser.newContext()).newPage();
      complaints = complaintsOf(page);
      await page.goto(at.spa);
    };
    afterEach(async () => {
      await page.context().close();
      assert.deepEqual(complaints, []);
    });
    const press = (name) => page.getByRole("button", { name }).click();
    const shows = (text) => page.getByText(text).waitFor();
    const signIn = async () => {
      await open();
      await press("Sign in");
      await page.waitForURL("**/login?*");
      await passThrough(page, alice, at.spa);
      await shows("Signed in as Alice Example.");
    };

    test("signs in, calls the API, renews by its refresh token, and signs out", async () => {
      await signIn();
      assert.equal(page.url(), `${at.spa}/`);
      await shows('"email": "alice@example.com"');

      await press("Call the Orders API");
      await shows('"clerk"');
      const renewed = page.waitForResponse(`${server.issuer}/token`);
      await press("Renew the tokens");
      await shows("The tokens are new.");
      assert.match((await renewed).request().postData(), /grant_type=refresh_token/);
      await press("Call the Orders API");
      await shows('"clerk"');

      await press("Sign out");
      await page.waitForURL(`${at.spa}/`);
      await shows("Not signed in.");
      await press("Sign in");
      await page.waitForURL("**/login?*");
    });

    test("keeps no token where another page load could read it", async () => {
      await signIn();
      assert.deepEqual(await page.evaluate(() => [Object.keys(localStorage), Object.keys(sessionStorage)]), [[], []]);
      await page.reload();
      await shows("Not signed in.");
    });

    test("says so when the person has cancelled, or when the API does not run", async () => {
      await open();
      await press("Sign in");
      await page.waitForURL("**/login?*");
      await page.getByRole("button", { name: "Cancel" }).click();
      await shows("The sign-in was not completed");

      await page.context().close();
      await signIn();
      await page.route(`${at.api}/**`, (route) => route.abort("connectionrefused"));
      await press("Call the Orders API");
      await shows(`There is no answer from ${at.api}.`);
      assert.match(complaints.splice(0).join("\n"), /^Failed to load resource: net::ERR_CONNECTION_REFUSED \(\/orders\)$/);
    });

    test("runs under a content security policy without any exception for scripts", async () => {
      const policy = (await fetch(at.spa)).headers.get("Content-Security-Policy");
      assert.match(policy, /default-src 'none'; script-src 'self';/);
      assert.doesNotMatch(policy, /unsafe/);
      await open();
    });
  });
});

/** The samples of LocalHost with other addresses. */
function samplesAt({ web, spa, api: orders, mcp }) {
  const fixed = { "http://localhost:3000": web, "http://localhost:5173": spa, "http://localhost:5080": orders, "http://localhost:5090": mcp };
  const text = readFileSync(inRepository("src/FunctionsAuth.LocalHost/Samples/samples.json"), "utf8");
  const data = JSON.parse(text.replace(/http:\/\/localhost:\d+/g, (address) => fixed[address] ?? address));
  const clients = data.clients.filter(({ client_id: id }) => id !== "demo-spa"); // its addresses are those of the server itself
  clients.find(({ client_id: id }) => id === "sample-web").access_token_lifetime = 60; // about to expire from the beginning
  return { ...data, clients };
}

/** Stands in for samples/aspnetcore-api: it checks the token and allows the single-page app to call it. */
async function startOrdersApi() {
  const keys = jose.createRemoteJWKSet(new URL(`${server.issuer}/.well-known/jwks.json`));
  const listener = createServer(async (request, response) => {
    response.setHeader("Access-Control-Allow-Origin", at.spa);
    response.setHeader("Access-Control-Allow-Headers", "Authorization");
    if (request.method === "OPTIONS") return response.writeHead(204).end();
    const token = /^Bearer (.+)$/.exec(request.headers.authorization)?.[1] ?? "";
    const verified = await jose.jwtVerify(token, keys, { issuer: server.issuer, audience: at.api, typ: "at+jwt" }).catch(() => null);
    if (verified === null) return response.writeHead(401, { "WWW-Authenticate": "Bearer" }).end();
    const { scope, roles, jti } = verified.payload;
    response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify({ scope, roles, jti }));
  }).listen(new URL(at.api).port, "localhost");
  await once(listener, "listening");
  return {
    async stop() {
      listener.closeAllConnections();
      listener.close();
      await once(listener, "close");
    },
  };
}

/** Any access token for that API. */
async function tokenFor(resource) {
  const { client_id: id, client_secret: secret } = samplesAt(at).clients.find((client) => client.client_id === "sample-service");
  const answer = await fetch(`${server.issuer}/token`, {
    method: "POST",
    body: new URLSearchParams({ grant_type: "client_credentials", client_id: id, client_secret: secret, resource }),
  });
  const { access_token: token } = await answer.json();
  assert.equal(jose.decodeJwt(token).aud, resource);
  return token;
}

/** A sample that serves at that address. */
async function startSample(path, address) {
  const program = run(path, { PORT: new URL(address).port });
  await program.line(/(ready): http/);
  return program;
}

/** @returns { line, ended, stop }; `line(pattern)` waits for a line like that and gives the first group of it */
function run(path, environment, options = []) {
  const program = spawn(process.execPath, [inRepository(`samples/${path}`), ...options], {
    env: { ...process.env, ISSUER: server.issuer, ORDERS_API: at.api, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const kill = () => program.kill();
  process.once("exit", kill);
  const [lines, waiting] = [[], []];
  const look = (line, { pattern, resolve }) => {
    const found = pattern.exec(line);
    if (found) resolve(found[1]);
    return found !== null;
  };
  for (const stream of [program.stdout, program.stderr]) {
    createInterface(stream).on("line", (line) => {
      lines.push(line);
      for (const waiter of waiting) look(line, waiter);
    });
  }
  const ended = new Promise((resolve) => { program.once("close", resolve); });
  ended.then(() => process.removeListener("exit", kill));
  return {
    ended,
    line(pattern) {
      return new Promise((resolve, reject) => {
        const fail = () => reject(new Error(`${path} never wrote ${pattern}:\n${lines.join("\n")}`));
        const timer = setTimeout(fail, patience);
        ended.then(() => { clearTimeout(timer); fail(); });
        const waiter = { pattern, resolve: (found) => { clearTimeout(timer); resolve(found); } };
        if (!lines.some((line) => look(line, waiter))) waiting.push(waiter);
      });
    },
    async stop() {
      kill();
      await ended;
    },
  };
}

/** One that no operating system gives to a connection before the sample has it. */
async function freePort() {
  while (true) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    const listener = createServer().listen(port, "localhost");
    const isFree = await once(listener, "listening").then(() => true, () => false);
    if (!isFree) continue;
    listener.close();
    await once(listener, "close");
    return port;
  }
}
