// A session from its first sign-in to the logout tokens that end it: openid-client asks, the client's own server is told, jose
// verifies.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import * as jose from "jose";
import * as client from "openid-client";
import { startClientHost } from "./harness/client-host.mjs";
import { alice, importOf } from "./harness/samples.mjs";
import { startServer } from "./harness/server.mjs";
import { UserAgent, authorize, textOf } from "./harness/user-agent.mjs";

const secret = "interop-secret-0123456789-abcdefghijklmn";
const callbackOf = (id) => `https://${id}.client.example/callback`;
const goodbyeOf = (id) => `https://${id}.client.example/goodbye`;
const logoutPathOf = (id) => `/${id}/backchannel-logout`;

let host;
let server;
let keys;
before(async () => {
  host = await startClientHost({ [logoutPathOf("shop")]: {}, [logoutPathOf("partner")]: {} });
  server = await startServer({ data: importOf({ clients: clients() }) });
  keys = jose.createRemoteJWKSet(new URL(`${server.issuer}/.well-known/jwks.json`));
});
after(async () => {
  await server?.stop();
  await host?.stop();
});

const clients = () => [
  web("shop", { backchannel_logout_uri: host.origin + logoutPathOf("shop"), backchannel_logout_session_required: true }),
  web("partner", {
    backchannel_logout_uri: host.origin + logoutPathOf("partner"), id_token_signed_response_alg: "ES256", subject_type: "pairwise",
  }),
  web("broken", { backchannel_logout_uri: "http://localhost:9/nobody-listens" }),
];

const web = (id, more) => ({
  client_id: id,
  client_secret: secret,
  redirect_uris: [callbackOf(id)],
  post_logout_redirect_uris: [goodbyeOf(id)],
  grant_types: ["authorization_code", "refresh_token"],
  scope: "openid profile offline_access",
  first_party: true,
  ...more,
});

/** Signs in at a client, or renews there silently. */
async function signIn(id, agent, parameters = {}) {
  const metadata = id === "partner" ? { id_token_signed_response_alg: "ES256" } : {};
  const config = await client.discovery(new URL(server.issuer), id, metadata, client.ClientSecretBasic(secret), {
    execute: [client.allowInsecureRequests, client.enableNonRepudiationChecks],
  });
  const pkceCodeVerifier = client.randomPKCECodeVerifier();
  const checks = { pkceCodeVerifier, expectedState: client.randomState(), expectedNonce: client.randomNonce() };
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: callbackOf(id),
    scope: "openid profile",
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: "S256",
    state: checks.expectedState,
    nonce: checks.expectedNonce,
    ...parameters,
  });
  const { callback, asked } = await authorize(agent, url, alice);
  const tokens = await client.authorizationCodeGrant(config, callback, { ...checks, idTokenExpected: true });
  return { config, tokens, claims: tokens.claims(), asked };
}

/** Ends the session at the request of a client, and lands at its goodbye page. */
async function signOut(agent, id, { config, tokens }) {
  const state = client.randomState();
  const url = client.buildEndSessionUrl(config, { id_token_hint: tokens.id_token, post_logout_redirect_uri: goodbyeOf(id), state });
  const { arrived } = await agent.open(url, { until: goodbyeOf(id) });
  assert.equal(arrived?.href, `${goodbyeOf(id)}?state=${state}`);
}

/** What a client was told: the logout token, checked as Back-Channel Logout §2.6 says. */
async function logoutTokenOf(id, algorithm = "RS256") {
  const { method, form, headers } = await host.next(logoutPathOf(id));
  assert.equal(method, "POST");
  assert.match(headers["content-type"], /^application\/x-www-form-urlencoded/);
  assert.deepEqual(Object.keys(form), ["logout_token"]);
  const { payload } = await jose.jwtVerify(form.logout_token, keys, {
    issuer: server.issuer,
    audience: id,
    typ: "logout+jwt",
    algorithms: [algorithm],
    maxTokenAge: "2m",
    requiredClaims: ["jti", "exp", "sub", "sid"],
  });
  assert.deepEqual(payload.events, { "http://schemas.openid.net/event/backchannel-logout": {} });
  assert.equal(payload.nonce, undefined);
  return payload;
}

const loginRequired = { error: "login_required" };
const invalidGrant = { error: "invalid_grant" };

describe("back-channel logout", () => {
  test("is in the metadata", async () => {
    const { config } = await signIn("shop", new UserAgent(server.issuer));
    const metadata = config.serverMetadata();
    assert.equal(metadata.backchannel_logout_supported, true);
    assert.equal(metadata.backchannel_logout_session_supported, true);
  });

  test("tells each client of the session, with the subject and the sid that it knows", async () => {
    const agent = new UserAgent(server.issuer);
    const shop = await signIn("shop", agent);
    const partner = await signIn("partner", agent);
    assert.notEqual(partner.claims.sub, shop.claims.sub);
    await signOut(agent, "shop", shop);

    const [toShop, toPartner] = await Promise.all([logoutTokenOf("shop"), logoutTokenOf("partner", "ES256")]);
    assert.deepEqual([toShop.sub, toShop.sid], [shop.claims.sub, shop.claims.sid]);
    assert.deepEqual([toPartner.sub, toPartner.sid], [partner.claims.sub, partner.claims.sid]);
    assert.notEqual(toShop.jti, toPartner.jti);
  });

  test("leaves other browsers alone", async () => {
    const [agent, other] = [new UserAgent(server.issuer), new UserAgent(server.issuer)];
    const session = await signIn("shop", agent);
    const elsewhere = await signIn("shop", other);
    await signOut(agent, "shop", session);
    assert.equal((await logoutTokenOf("shop")).sid, session.claims.sid);
    assert.deepEqual((await signIn("shop", other, { prompt: "none" })).asked, []);
    await client.refreshTokenGrant(elsewhere.config, elsewhere.tokens.refresh_token);
  });

  test("to a client that is down keeps nobody signed in, and the others are told", async () => {
    const agent = new UserAgent(server.issuer);
    const broken = await signIn("broken", agent);
    const shop = await signIn("shop", agent);
    await signOut(agent, "broken", broken);
    assert.equal((await logoutTokenOf("shop")).sid, shop.claims.sid);
    await assert.rejects(signIn("broken", agent, { prompt: "none" }), loginRequired);
  });
});

describe("RP-initiated logout", () => {
  test("ends silent renewal and refresh tokens, but not those with offline_access", async () => {
    const agent = new UserAgent(server.issuer);
    const session = await signIn("shop", agent);
    const offline = await signIn("shop", agent, { scope: "openid offline_access" });
    const renewed = await signIn("shop", agent, { prompt: "none", id_token_hint: session.tokens.id_token });
    assert.deepEqual([renewed.asked, renewed.claims.sid], [[], session.claims.sid]);
    await signOut(agent, "shop", renewed);

    await logoutTokenOf("shop");
    await assert.rejects(signIn("shop", agent, { prompt: "none" }), loginRequired);
    await assert.rejects(client.refreshTokenGrant(session.config, session.tokens.refresh_token), invalidGrant);
    assert.equal((await client.refreshTokenGrant(offline.config, offline.tokens.refresh_token)).claims().sub, session.claims.sub);
  });

  test("knows a pairwise client's hint", async () => {
    const agent = new UserAgent(server.issuer);
    await signOut(agent, "partner", await signIn("partner", agent));
    await logoutTokenOf("partner", "ES256");
  });

  test("without a hint asks the person, and tells nobody before the answer", async () => {
    const agent = new UserAgent(server.issuer);
    const { config, claims } = await signIn("shop", agent);
    const url = client.buildEndSessionUrl(config, { post_logout_redirect_uri: goodbyeOf("shop") });
    const question = await agent.open(url, { until: goodbyeOf("shop") });
    assert.match(textOf(question), /sign out/i);
    assert.equal((await signIn("shop", agent, { prompt: "none" })).claims.sid, claims.sid);
    assert.equal(host.unread(logoutPathOf("shop")), 0);

    const { arrived } = await agent.submit(question, { action: "logout" }, { until: goodbyeOf("shop") });
    assert.equal(arrived.href, goodbyeOf("shop"));
    assert.equal((await logoutTokenOf("shop")).sid, claims.sid);
  });

  test("goes to no address that is not registered, and ends nothing then", async () => {
    const agent = new UserAgent(server.issuer);
    const { config, tokens } = await signIn("shop", agent);
    const attacker = "https://attacker.example/";
    const page = await agent.open(client.buildEndSessionUrl(config, { id_token_hint: tokens.id_token, post_logout_redirect_uri: attacker }));
    assert.equal(page.status, 400);
    assert.deepEqual((await signIn("shop", agent, { prompt: "none" })).asked, []);
  });
});
