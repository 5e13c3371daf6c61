// The official SDK of the Model Context Protocol: a client that has never heard of this server signs a person in for an MCP server
// that it knows only the address of.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { UnauthorizedError, auth } from "@modelcontextprotocol/sdk/client/auth.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import * as jose from "jose";
import { localhostTls as tls, noTls } from "./harness/certificate.mjs";
import { startClientHost } from "./harness/client-host.mjs";
import { McpApp } from "./harness/mcp-client.mjs";
import { startMcpServer } from "./harness/mcp-server.mjs";
import { alice, importOf } from "./harness/samples.mjs";
import { startServer } from "./harness/server.mjs";
import { UserAgent, authorize, textOf } from "./harness/user-agent.mjs";

const documentPath = "/oauth/client.json";
const noTrust = process.platform === "linux" ? noTls : "only on Linux does .NET take a certificate to trust from SSL_CERT_FILE";

let tools; // asks for a scope
let notes; // has one, but does not say so
let plain; // has none
let server;
let host;
before(async () => {
  [tools, notes, plain] = await Promise.all([startMcpServer(), startMcpServer(), startMcpServer()]);
  if (!noTrust) host = await startClientHost({}, { tls });
  server = await startServer({
    data: importOf({
      clients: [],
      scopes: [{ name: "mcp.tools", display_name: "Use the tools" }, { name: "mcp.notes", display_name: "Read your notes" }],
      resources: [
        { identifier: tools.url.href, scopes: ["mcp.tools"] },
        { identifier: notes.url.href, scopes: ["mcp.notes"] },
        { identifier: plain.url.href },
      ],
    }),
    settings: {
      ClientIdMetadataDocuments: "true",
      "Registration:Mode": "open",
      "Registration:Scopes": "openid offline_access mcp.tools mcp.notes",
      "Registration:Resources:0": plain.url.href,
    },
    trust: noTrust ? undefined : tls.certificate,
  });
  await tools.protect({ issuer: server.issuer, scopes: ["mcp.tools"] });
  for (const quiet of [notes, plain]) await quiet.protect({ issuer: server.issuer });
});
after(async () => {
  await server?.stop();
  for (const other of [host, plain, notes, tools]) await other?.stop();
});

/** An app that introduces itself by a document at its own address. */
function documented() {
  const url = host.origin + documentPath;
  const app = new McpApp({}, url);
  host.routes[documentPath] = { client_id: url, ...app.clientMetadata };
  return app;
}

/** The person goes where the app has sent them, and back. */
async function visit(app, agent = new UserAgent(server.issuer), answers = {}) {
  const url = app.takeUrl();
  const { callback, asked } = await authorize(agent, url, { ...alice, ...answers });
  assert.equal(callback.searchParams.get("state"), app.kept.state);
  assert.equal(callback.searchParams.get("iss"), server.issuer);
  return { url, asked, code: callback.searchParams.get("code"), error: callback.searchParams.get("error") };
}

async function signIn(app, { url: serverUrl }, agent) {
  assert.equal(await auth(app, { serverUrl }), "REDIRECT");
  const visited = await visit(app, agent);
  assert.equal(await auth(app, { serverUrl, authorizationCode: visited.code }), "AUTHORIZED");
  return visited;
}

const transportOf = (app, { url }) => new StreamableHTTPClientTransport(url, { authProvider: app });

/** Calls the tool of an MCP server. */
async function whoami(transport) {
  const client = new Client({ name: "interop-agent", version: "1.0.0" });
  try {
    await client.connect(transport);
    const { content } = await client.callTool({ name: "whoami", arguments: {} });
    return JSON.parse(content[0].text);
  } finally {
    await client.close();
  }
}

const claimsOf = (app) => jose.decodeJwt(app.kept.tokens.access_token);

for (const [way, introduce, skip] of [
  ["registers", () => new McpApp(), false],
  ["has a metadata document", documented, noTrust],
]) {
  describe(`a client that ${way}`, { skip }, () => {
    test("finds the server, signs the person in for the MCP server, and refreshes", async () => {
      const app = introduce();
      const { url, asked } = await signIn(app, tools);
      assert.deepEqual(asked, ["login", "consent"]);
      const { origin, searchParams } = url;
      const sent = ["resource", "scope", "code_challenge_method"].map((name) => searchParams.get(name));
      assert.deepEqual([origin, ...sent], [server.issuer, tools.url.href, "mcp.tools", "S256"]);

      const first = claimsOf(app);
      assert.deepEqual([first.aud, first.scope, first.client_id], [tools.url.href, "mcp.tools", app.kept.client.client_id]);

      const { refresh_token: used } = app.kept.tokens;
      assert.equal(await auth(app, { serverUrl: tools.url }), "AUTHORIZED");
      assert.notEqual(app.kept.tokens.refresh_token, used);
      const second = claimsOf(app);
      assert.deepEqual([second.aud, second.scope, second.sub], [first.aud, first.scope, first.sub]);
      assert.notEqual(second.jti, first.jti);
    });

    test("uses a tool over Streamable HTTP, and gets a new token by itself when the old one is over", async () => {
      const app = introduce();
      const transport = transportOf(app, tools);
      await assert.rejects(whoami(transport), UnauthorizedError);
      await transport.finishAuth((await visit(app)).code);
      const caller = await whoami(transportOf(app, tools));
      assert.deepEqual(caller, { sub: claimsOf(app).sub, client: app.kept.client.client_id, scopes: ["mcp.tools"] });

      app.kept.tokens.access_token = "over";
      assert.deepEqual(await whoami(transportOf(app, tools)), caller);
      assert.equal(app.takeUrl(), undefined);
    });

    test("gets nothing for another MCP server by what it has", async () => {
      const app = introduce();
      await signIn(app, tools);
      const { access_token: token } = app.kept.tokens;
      const answer = await fetch(notes.url, { method: "POST", headers: { Authorization: `Bearer ${token}` } });
      assert.equal(answer.status, 401);

      assert.equal(await auth(app, { serverUrl: notes.url }).catch(({ errorCode }) => errorCode), "invalid_target");
      assert.equal(app.kept.tokens.access_token, token);
    });

    test("sends the person again when its refresh token was revoked", async () => {
      const app = introduce();
      const agent = new UserAgent(server.issuer);
      await signIn(app, tools, agent);
      await revoke(app);
      assert.equal(await auth(app, { serverUrl: tools.url }), "REDIRECT");
      assert.deepEqual(app.forgotten, ["tokens"]);
      const { asked } = await visit(app, agent);
      assert.deepEqual(asked, ["consent"]); // another program on the machine could pose as the app
    });

    test("hears that the person has denied", async () => {
      const app = introduce();
      await auth(app, { serverUrl: tools.url });
      assert.equal((await visit(app, undefined, { consent: "deny" })).error, "access_denied");
    });
  });
}

describe("an MCP server that asks for no scope", () => {
  for (const [grantTypes, renews] of [[["authorization_code", "refresh_token"], true], [["authorization_code"], false]]) {
    test(`gets a token that is for it alone (${grantTypes})`, async () => {
      for (const [quiet, scope] of [[notes, /^(offline_access )?mcp.notes$/], [plain, /^(offline_access)?$/]]) {
        const app = new McpApp({ grant_types: grantTypes });
        const { url } = await signIn(app, quiet);
        assert.ok(!url.searchParams.has("scope"));
        assert.deepEqual(claimsOf(app).aud, quiet.url.href);
        assert.match(claimsOf(app).scope ?? "", scope);
        if (renews) assert.equal(await auth(app, { serverUrl: quiet.url }), "AUTHORIZED");
        assert.equal((await whoami(transportOf(app, quiet))).sub, claimsOf(app).sub);
      }
    });
  }
});

test("an app that wants to go on without the person asks for offline_access, with a consent for it", async () => {
  const app = new McpApp({ scope: "mcp.notes offline_access" });
  const agent = new UserAgent(server.issuer);
  const { url } = await signIn(app, notes, agent);
  assert.equal(url.searchParams.get("prompt"), "consent");

  await signOut(agent);
  assert.equal(await auth(app, { serverUrl: notes.url }), "AUTHORIZED");
  assert.equal(claimsOf(app).scope, "mcp.notes offline_access");
});

describe("a registration", () => {
  for (const method of ["client_secret_basic", "client_secret_post", undefined]) {
    test(`with ${method ?? "no authentication method named"} gets a secret, by which it signs in and refreshes`, async () => {
      const app = new McpApp({ token_endpoint_auth_method: method });
      await signIn(app, tools);
      assert.ok(app.kept.client.client_secret);
      assert.equal(app.kept.client.token_endpoint_auth_method, method ?? "client_secret_basic"); // RFC 7591 §2
      assert.equal(await auth(app, { serverUrl: tools.url }), "AUTHORIZED");
    });
  }

  test("that is gone is made again, and the person is sent once more", async () => {
    const app = new McpApp();
    const { client, uri, token } = await register(app); // the SDK would forget how to manage it
    app.saveClientInformation(client);
    await signIn(app, tools);
    assert.equal((await fetch(uri, { method: "DELETE", headers: { Authorization: `Bearer ${token}` } })).status, 204);

    assert.equal(await auth(app, { serverUrl: tools.url }), "REDIRECT");
    assert.deepEqual(app.forgotten, ["all"]);
    assert.notEqual(app.kept.client.client_id, client.client_id);
    await visit(app);
  });

  test("with a redirect URI where anyone could listen is refused", async () => {
    const app = new McpApp({ redirect_uris: ["http://app.example/callback"] });
    await assert.rejects(auth(app, { serverUrl: tools.url }), /redirect_uris/);
    assert.equal(app.kept.client, undefined);
  });
});

describe("a metadata document", { skip: noTrust }, () => {
  test("is vouched for by its host, which the consent page names", async () => {
    const app = documented();
    await auth(app, { serverUrl: tools.url });
    const agent = new UserAgent(server.issuer);
    const login = await agent.open(app.takeUrl());
    const consent = await agent.submit(login, { ...alice, action: "login" });
    assert.match(textOf(consent), /identified by localhost/);
  });

  test("must list the redirect URI, with any port", async () => {
    const app = documented();
    app.redirectUrl = "http://127.0.0.1:50123/callback";
    await auth(app, { serverUrl: tools.url });
    assert.ok((await visit(app)).code);

    app.redirectUrl = "http://127.0.0.1:50123/elsewhere";
    await auth(app, { serverUrl: tools.url });
    const page = await new UserAgent(server.issuer).open(app.takeUrl());
    assert.equal(page.status, 400);
  });

  test("that names another address as its client is no client", async () => {
    const url = `${host.origin}/stolen.json`;
    host.routes["/stolen.json"] = { client_id: host.origin + documentPath, redirect_uris: ["http://127.0.0.1/callback"] };
    const app = new McpApp({}, url);
    await auth(app, { serverUrl: tools.url });
    const page = await new UserAgent(server.issuer).open(app.takeUrl());
    assert.equal(page.status, 400);
    assert.match(textOf(page), /described by a document at its own address/);
  });
});

const metadata = async () => (await fetch(`${server.issuer}/.well-known/oauth-authorization-server`)).json();

async function register(app) {
  const { registration_endpoint: endpoint } = await metadata();
  const body = JSON.stringify(app.clientMetadata);
  const answer = await fetch(endpoint, { method: "POST", headers: { "Content-Type": "application/json" }, body });
  assert.equal(answer.status, 201);
  const { registration_client_uri: uri, registration_access_token: token, ...client } = await answer.json();
  return { client, uri, token };
}

async function signOut(agent) {
  const page = await agent.open(`${server.issuer}/logout`);
  assert.equal((await agent.submit(page, { action: "logout" })).status, 200);
}

async function revoke(app) {
  const { revocation_endpoint: endpoint } = await metadata();
  const body = new URLSearchParams({ token: app.kept.tokens.refresh_token, client_id: app.kept.client.client_id });
  assert.equal((await fetch(endpoint, { method: "POST", body })).status, 200);
}
