// Libraries that other people build apps with, each with the default registration of docs/import.md: a client_id, a secret, where to
// redirect to, and the scopes. They send the secret in the header or in the body without asking which one was registered, and most
// of them know the person by the ID token alone.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { request as httpsRequest } from "node:https";
import { after, before, describe, test } from "node:test";
import { Auth } from "@auth/core";
import { ConfidentialClientApplication, ProtocolMode } from "@azure/msal-node";
import fastifyOauth2 from "@fastify/oauth2";
import { getAuth, initOidcAuthMiddleware, oidcAuthMiddleware, revokeSession } from "@hono/oidc-auth";
import fastify from "fastify";
import { Hono } from "hono";
import { localhostTls as tls, noTls } from "./harness/certificate.mjs";
import { alice, importOf } from "./harness/samples.mjs";
import { startServer } from "./harness/server.mjs";
import { UserAgent, authorize } from "./harness/user-agent.mjs";

const scope = "openid profile email offline_access";
const secretOf = (id) => `${id}-secret-0123456789-0123456789-abcdef`;
const redirectUriOf = (id) => `https://${id}.example${id === "auth-js" ? "/auth/callback/functionsauth" : "/callback"}`;
const clientOf = (id) => ({
  client_id: id,
  client_secret: secretOf(id),
  redirect_uris: [redirectUriOf(id)],
  grant_types: ["authorization_code", "refresh_token"],
  scope,
});
const data = importOf({
  clients: ["hono", "fastify-header", "fastify-body", "auth-js", "msal"].map(clientOf),
  scopes: [{ name: "internal" }],
});

/** The cookies of a response, for the next request; those of before stay. */
function cookiesAfter(response, cookies = new Map()) {
  for (const line of response.headers.getSetCookie()) {
    const [pair, ...attributes] = line.split(";");
    const [name, value] = [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)];
    if (value === "" || attributes.some((attribute) => /max-age=0$/i.test(attribute))) cookies.delete(name);
    else cookies.set(name, value);
  }
  return cookies;
}
const headerOf = (cookies) => [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");

describe("with the default registration", () => {
  let server;
  before(async () => { server = await startServer({ data }); });
  after(() => server?.stop());

  const signIn = async (url, redirectUri) => (await authorize(new UserAgent(server.issuer), url, { ...alice, redirectUri })).callback;

  test("@hono/oidc-auth asks for every scope of the metadata, and knows the email address from the ID token", async () => {
    const app = new Hono();
    app.use(initOidcAuthMiddleware({
      OIDC_AUTH_SECRET: "a secret of the app itself, 32 characters or more",
      OIDC_ISSUER: server.issuer,
      OIDC_CLIENT_ID: "hono",
      OIDC_CLIENT_SECRET: secretOf("hono"),
      OIDC_REDIRECT_URI: redirectUriOf("hono"),
    }));
    app.get("/logout", async (context) => { await revokeSession(context); return context.text("gone"); });
    app.use(oidcAuthMiddleware());
    app.get("/", async (context) => context.json(await getAuth(context)));

    const start = await app.request("https://hono.example/");
    assert.equal(start.status, 302);
    const url = start.headers.get("Location");
    assert.deepEqual(new URL(url).searchParams.get("scope").split(" ").sort(), ["address", "email", "offline_access", "openid", "phone", "profile"]);
    const cookies = cookiesAfter(start);
    const callback = await signIn(url, redirectUriOf("hono"));
    const back = await app.request(callback.href, { headers: { Cookie: headerOf(cookies) } });
    assert.equal(back.status, 302, await back.text());
    cookiesAfter(back, cookies);
    const session = await (await app.request("https://hono.example/", { headers: { Cookie: headerOf(cookies) } })).json();
    assert.equal(session.email, "alice@example.com");
    assert.ok(session.rtk);

    const end = await app.request("https://hono.example/logout", { headers: { Cookie: headerOf(cookies) } });
    assert.equal(await end.text(), "gone");
  });

  for (const authorizationMethod of ["header", "body"]) {
    test(`@fastify/oauth2 sends its secret in the ${authorizationMethod}, refreshes, and revokes`, async () => {
      const id = `fastify-${authorizationMethod}`;
      const app = fastify();
      await app.register(fastifyOauth2, {
        name: "login",
        credentials: { client: { id, secret: secretOf(id) }, options: { authorizationMethod } },
        discovery: { issuer: server.issuer },
        scope: scope.split(" "),
        pkce: "S256",
        startRedirectPath: "/start",
        callbackUri: redirectUriOf(id),
      });
      app.get("/callback", async (request) => (await app.login.getAccessTokenFromAuthorizationCodeFlow(request)).token);
      try {
        const start = await app.inject("/start");
        const cookies = Object.fromEntries(start.cookies.map(({ name, value }) => [name, value]));
        const callback = await signIn(start.headers.location, redirectUriOf(id));
        const answer = await app.inject({ url: callback.pathname + callback.search, cookies });
        assert.equal(answer.statusCode, 200, answer.body);
        const token = answer.json();
        assert.equal(token.scope, scope);
        const person = await app.login.userinfo(token);
        assert.deepEqual([person.name, person.email], ["Alice Example", "alice@example.com"]);
        const { token: renewed } = await app.login.getNewAccessTokenUsingRefreshToken(token, {});
        assert.notEqual(renewed.access_token, token.access_token);
        await app.login.revokeToken(renewed, "refresh_token", {});
        await assert.rejects(app.login.getNewAccessTokenUsingRefreshToken(renewed, {}));
      } finally {
        await app.close();
      }
    });
  }

  test("Auth.js knows the person's name and email address from the ID token", async () => {
    const config = {
      secret: "a secret of the app itself",
      trustHost: true,
      basePath: "/auth",
      providers: [{
        id: "functionsauth", name: "FunctionsAuth", type: "oidc", issuer: server.issuer,
        clientId: "auth-js", clientSecret: secretOf("auth-js"), authorization: { params: { scope } },
      }],
    };
    const origin = "https://auth-js.example";
    const cookies = new Map();
    const ask = async (path, init = {}) => {
      const response = await Auth(new Request(origin + path, { ...init, headers: { ...init.headers, Cookie: headerOf(cookies) } }), config);
      cookiesAfter(response, cookies);
      return response;
    };
    const { csrfToken } = await (await ask("/auth/csrf")).json();
    const start = await ask("/auth/signin/functionsauth", {
      method: "POST",
      headers: { "Content-Type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ csrfToken }),
    });
    const url = new URL(start.headers.get("Location"));
    const callback = await signIn(url.href, url.searchParams.get("redirect_uri"));
    const back = await ask(callback.pathname + callback.search);
    assert.equal(back.status, 302);
    assert.ok(!back.headers.get("Location").includes("error"), back.headers.get("Location"));
    const { user } = await (await ask("/auth/session")).json();
    assert.deepEqual([user.name, user.email], ["Alice Example", "alice@example.com"]);
  });
});

describe("with the default registration, over https", { skip: noTls }, () => {
  let server;
  before(async () => { server = await startServer({ data, tls }); });
  after(() => server?.stop());

  test("MSAL sends its secret in the body, and has the username of the ID token", async () => {
    const app = new ConfidentialClientApplication({
      auth: { clientId: "msal", clientSecret: secretOf("msal"), authority: server.issuer, knownAuthorities: [new URL(server.issuer).host] },
      system: { protocolMode: ProtocolMode.OIDC, networkClient: networkClient(readFileSync(tls.certificate)) },
    });
    const redirectUri = redirectUriOf("msal");
    const url = await app.getAuthCodeUrl({ scopes: ["profile", "email"], redirectUri, codeChallenge: challenge, codeChallengeMethod: "S256" });
    const code = await codeOf(server, url, redirectUri);
    const { account, idTokenClaims } = await app.acquireTokenByCode({ code, scopes: ["profile", "email"], redirectUri, codeVerifier: verifier });
    assert.deepEqual([account.username, account.name, idTokenClaims.email], ["alice", "Alice Example", "alice@example.com"]);
  });
});

// The example of RFC 7636 appendix B.
const verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/** In this process nothing else trusts the certificate, so the person's browser is played with the same client. */
async function codeOf(server, url, redirectUri) {
  const tlsOff = process.env.NODE_TLS_REJECT_UNAUTHORIZED;
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0";
  try {
    const { callback } = await authorize(new UserAgent(server.issuer), url, { ...alice, redirectUri });
    return callback.searchParams.get("code");
  } finally {
    if (tlsOff === undefined) delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    else process.env.NODE_TLS_REJECT_UNAUTHORIZED = tlsOff;
  }
}

/** MSAL's network interface, trusting one more certificate. */
const networkClient = (ca) => {
  const send = (url, method, { headers = {}, body } = {}) => new Promise((resolve, reject) => {
    const request = httpsRequest(url, { method, headers, ca }, async (response) => {
      const parts = [];
      for await (const part of response) parts.push(part);
      const text = Buffer.concat(parts).toString();
      resolve({ headers: response.headers, body: text === "" ? {} : JSON.parse(text), status: response.statusCode });
    });
    request.once("error", reject);
    request.end(body);
  });
  return {
    sendGetRequestAsync: (url, options) => send(url, "GET", options),
    sendPostRequestAsync: (url, options) => send(url, "POST", options),
  };
};
