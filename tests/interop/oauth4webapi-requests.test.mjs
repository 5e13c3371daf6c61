// oauth4webapi, once more: requests that are posted back, pushed or signed, a client that has a key and no secret, and the signed
// answers that it gets.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import * as jose from "jose";
import * as oauth from "oauth4webapi";
import { createClientKey } from "./harness/client-key.mjs";
import { alice, importOf } from "./harness/samples.mjs";
import { startServer } from "./harness/server.mjs";
import { UserAgent, authorize } from "./harness/user-agent.mjs";

const insecure = { [oauth.allowInsecureRequests]: true };
const redirectUri = "https://client.example/callback";
const keyed = {
  client_id: "keyed",
  id_token_signed_response_alg: "PS256",
  userinfo_signed_response_alg: "ES256",
  require_auth_time: true,
};
const orders = { identifier: "https://orders.example", scopes: ["orders"], introspected_by: ["orders"] };
const other = { ...keyed, client_id: "other" };

let key;
let server;
let as;
let keys;
before(async () => {
  key = await createClientKey("RS256");
  server = await startServer({ data: importOf({ scopes: [{ name: "orders" }], resources: [orders], clients: clients() }), settings: { "Legacy:ImplicitAndHybrid": "true" } });
  const issuer = new URL(server.issuer);
  as = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, insecure));
  keys = jose.createRemoteJWKSet(new URL(as.jwks_uri));
});
after(() => server?.stop());

const clients = () => [
  { ...metadata("keyed"), subject_type: "pairwise" },
  { ...metadata("other"), subject_type: "public" },
  { client_id: "orders", token_endpoint_auth_method: "private_key_jwt", jwks: key.jwks, grant_types: [], scope: "", introspection_signed_response_alg: "PS256" },
];

const metadata = (id) => ({
  client_id: id,
  token_endpoint_auth_method: "private_key_jwt",
  jwks: key.jwks,
  redirect_uris: [redirectUri],
  grant_types: ["authorization_code", "implicit", "refresh_token"],
  response_types: ["code", "code id_token"],
  scope: "openid profile email offline_access orders",
  id_token_signed_response_alg: "PS256",
  userinfo_signed_response_alg: "ES256",
  first_party: true,
});

async function request(parameters = {}) {
  const [verifier, state, nonce] = [oauth.generateRandomCodeVerifier(), oauth.generateRandomState(), oauth.generateRandomNonce()];
  return {
    verifier,
    state,
    nonce,
    parameters: new URLSearchParams({
      client_id: keyed.client_id,
      redirect_uri: redirectUri,
      response_type: "code",
      scope: "openid profile email offline_access",
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
      state,
      nonce,
      ...parameters,
    }),
  };
}

/** Alice signs in: the response's parameters, out of the address or the posted form. */
async function visit(parameters, agent = new UserAgent(server.issuer)) {
  const url = new URL(as.authorization_endpoint);
  url.search = new URLSearchParams(parameters);
  const { callback, form } = await authorize(agent, url, { ...alice, redirectUri });
  return callback ?? new URLSearchParams(form.hidden);
}

async function redeem(validated, { verifier, nonce }, client = keyed) {
  const response = await oauth.authorizationCodeGrantRequest(as, client, oauth.PrivateKeyJwt(key), validated, redirectUri, verifier, insecure);
  const tokens = await oauth.processAuthorizationCodeResponse(as, client, response, { expectedNonce: nonce, requireIdToken: true });
  await oauth.validateApplicationLevelSignature(as, response, insecure);
  return { tokens, claims: oauth.getValidatedIdTokenClaims(tokens) };
}

/** The response of one sign-in, from its parameters to the tokens. */
async function finish(callback, asked, client = keyed) {
  return redeem(oauth.validateAuthResponse(as, client, callback, asked.state), asked, client);
}

async function push(parameters) {
  const response = await oauth.pushedAuthorizationRequest(as, keyed, oauth.PrivateKeyJwt(key), parameters, insecure);
  return oauth.processPushedAuthorizationResponse(as, keyed, response);
}

test("the metadata tells what this file does", () => {
  for (const method of ["private_key_jwt", "client_secret_jwt"]) assert.ok(as.token_endpoint_auth_methods_supported.includes(method));
  for (const mode of ["query", "fragment", "form_post"]) assert.ok(as.response_modes_supported.includes(mode));
  assert.ok(as.pushed_authorization_request_endpoint);
  assert.deepEqual([as.request_parameter_supported, as.require_request_uri_registration], [true, true]);
  assert.ok(!as.request_object_signing_alg_values_supported.includes("none"));
  assert.ok(!as.token_endpoint_auth_signing_alg_values_supported.includes("none"));
  assert.deepEqual(as.subject_types_supported.toSorted(), ["pairwise", "public"]);
});

test("form_post: the response stands in the form, its tokens and userinfo are signed as registered", async () => {
  const asked = await request({ response_mode: "form_post" });
  const { tokens, claims } = await finish(await visit(asked.parameters), asked);
  const { protectedHeader } = await jose.jwtVerify(tokens.id_token, keys, { issuer: as.issuer, audience: keyed.client_id });
  assert.equal(protectedHeader.alg, "PS256");

  const answer = await oauth.userInfoRequest(as, keyed, tokens.access_token, insecure);
  const user = await oauth.processUserInfoResponse(as, keyed, claims.sub, answer);
  await oauth.validateApplicationLevelSignature(as, answer, insecure);
  assert.equal(user.email, "alice@example.com");
});

test("introspection: an API that asks for a JWT gets a signed one", async () => {
  const api = { client_id: "orders", introspection_signed_response_alg: "PS256" };
  const asked = await request({ scope: "openid orders" });
  const { tokens } = await finish(await visit(asked.parameters), asked);
  const introspect = async (token) => {
    const response = await oauth.introspectionRequest(as, api, oauth.PrivateKeyJwt(key), token, insecure);
    assert.equal(response.headers.get("content-type"), "application/token-introspection+jwt");
    const claims = await oauth.processIntrospectionResponse(as, api, response);
    await oauth.validateApplicationLevelSignature(as, response, insecure);
    return claims;
  };
  const claims = await introspect(tokens.access_token);
  assert.deepEqual([claims.active, claims.scope, claims.client_id], [true, "openid orders", keyed.client_id]);
  assert.ok(claims.aud.includes(orders.identifier));
  assert.deepEqual(await introspect("nonsense"), { active: false });
});

test("pairwise: each client knows another subject, and userinfo agrees with its ID token", async () => {
  const agent = new UserAgent(server.issuer);
  const subjects = [];
  for (const client of [keyed, other]) {
    const asked = await request({ client_id: client.client_id });
    const { tokens, claims } = await finish(await visit(asked.parameters, agent), asked, client);
    const answer = await oauth.userInfoRequest(as, client, tokens.access_token, insecure);
    subjects.push((await oauth.processUserInfoResponse(as, client, claims.sub, answer)).sub);
  }
  assert.notEqual(subjects[0], subjects[1]);
});

test("PAR: the request is pushed with the client's assertion, and good once", async () => {
  const asked = await request();
  const { request_uri, expires_in } = await push(asked.parameters);
  assert.ok(expires_in > 0 && expires_in <= 600);
  const reference = { client_id: keyed.client_id, request_uri };
  const { claims } = await finish(await visit(reference), asked);
  assert.equal(claims.nonce, asked.nonce);

  const again = await new UserAgent(server.issuer).open(`${as.authorization_endpoint}?${new URLSearchParams(reference)}`);
  assert.equal(again.status, 400);
});

test("JAR: the request is signed, by value and pushed", async () => {
  for (const send of [async (signed) => signed, async (signed) => ({ client_id: keyed.client_id, request_uri: (await push(signed)).request_uri })]) {
    const asked = await request();
    const signed = { client_id: keyed.client_id, request: await oauth.issueRequestObject(as, keyed, asked.parameters, key) };
    const { claims } = await finish(await visit(await send(signed)), asked);
    assert.equal(claims.nonce, asked.nonce);
  }
});

test("code id_token: the ID token of the front channel has the hash of the code", async () => {
  const asked = await request({ response_type: "code id_token" });
  const callback = await visit(asked.parameters);
  const validated = await oauth.validateCodeIdTokenResponse(as, keyed, callback, asked.nonce, asked.state, undefined, insecure);
  const { claims } = await redeem(validated, asked);
  assert.equal(claims.aud, keyed.client_id);
});

test("the claims parameter puts what it names into the ID token", async () => {
  const asked = await request({ scope: "openid", claims: JSON.stringify({ id_token: { email: { essential: true }, acr: null } }) });
  const { claims } = await finish(await visit(asked.parameters), asked);
  assert.equal(claims.email, "alice@example.com");
  assert.ok(as.acr_values_supported.includes(claims.acr));
});

test("prompt=none renews silently, and only for whom it is meant", async () => {
  const agent = new UserAgent(server.issuer);
  const first = await request();
  const { tokens, claims } = await finish(await visit(first.parameters, agent), first);

  const silent = await request({ prompt: "none", id_token_hint: tokens.id_token });
  const renewed = await finish(await visit(silent.parameters, agent), silent);
  assert.deepEqual([renewed.claims.sub, renewed.claims.sid], [claims.sub, claims.sid]);
  await assert.rejects(async () => finish(await visit(silent.parameters), silent), { error: "login_required" });
});

test("an assertion for another server, or one that is used again, is refused", async () => {
  const refresh = async (authentication) => {
    const response = await oauth.refreshTokenGrantRequest(as, keyed, authentication, "any", insecure);
    return oauth.processRefreshTokenResponse(as, keyed, response);
  };
  const changed = (change) => oauth.PrivateKeyJwt(key, { [oauth.modifyAssertion]: (_, payload) => change(payload) });
  const jti = oauth.generateRandomState();
  await assert.rejects(refresh(changed((payload) => { payload.jti = jti; })), { error: "invalid_grant" });
  await assert.rejects(refresh(changed((payload) => { payload.jti = jti; })), { error: "invalid_client" });
  await assert.rejects(refresh(changed((payload) => { payload.aud = "https://other.example"; })), { error: "invalid_client" });
});
