// oauth4webapi, the library under many others, checks each message by itself; jose verifies every signature once more.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import * as jose from "jose";
import * as oauth from "oauth4webapi";
import { alice, demoSpa, sampleApi, sampleService, sampleWeb } from "./harness/samples.mjs";
import { startServer } from "./harness/server.mjs";
import { UserAgent, authorize } from "./harness/user-agent.mjs";

const insecure = { [oauth.allowInsecureRequests]: true };

let server;
let as;
let keys;
before(async () => {
  server = await startServer();
  as = await discover("oidc");
  keys = jose.createRemoteJWKSet(new URL(as.jwks_uri));
});
after(() => server?.stop());

const discover = async (algorithm) => {
  const issuer = new URL(server.issuer);
  return oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, { algorithm, ...insecure }));
};

const clientOf = ({ id, secret }) => [{ client_id: id }, secret ? oauth.ClientSecretBasic(secret) : oauth.None()];

async function signIn(sample, parameters = {}) {
  const [client, authentication] = clientOf(sample);
  const [verifier, state, nonce] = [oauth.generateRandomCodeVerifier(), oauth.generateRandomState(), oauth.generateRandomNonce()];
  const redirectUri = sample.redirectUri(server.issuer);
  const url = new URL(as.authorization_endpoint);
  url.search = new URLSearchParams({
    client_id: sample.id,
    redirect_uri: redirectUri,
    response_type: "code",
    scope: "openid profile email offline_access",
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    state,
    nonce,
    ...parameters,
  });
  const { callback } = await authorize(new UserAgent(server.issuer), url, alice);
  const validated = oauth.validateAuthResponse(as, client, callback, state);
  const response = await oauth.authorizationCodeGrantRequest(as, client, authentication, validated, redirectUri, verifier, insecure);
  assert.equal(response.headers.get("Cache-Control"), "no-store");
  const tokens = await oauth.processAuthorizationCodeResponse(as, client, response, { expectedNonce: nonce, requireIdToken: true });
  await oauth.validateApplicationLevelSignature(as, response, insecure);
  return { client, authentication, tokens, claims: oauth.getValidatedIdTokenClaims(tokens), nonce };
}

/** Calls an API as a client would, and lets it check the token as RFC 9068 says. */
const callApi = (accessToken, audience) => {
  const request = new Request(`${audience}/orders`, { headers: { Authorization: `Bearer ${accessToken}` } });
  return oauth.validateJwtAccessToken(as, request, audience, insecure);
};

test("the two metadata documents are one", async () => {
  assert.deepEqual(await discover("oauth2"), as);
  assert.equal(as.issuer, server.issuer);
  assert.equal(as.authorization_response_iss_parameter_supported, true);
});

test("the JWKS is cacheable and has no private part", async () => {
  const response = await fetch(as.jwks_uri);
  assert.match(response.headers.get("Cache-Control"), /max-age=\d+/);
  const { keys: published } = await response.json();
  assert.ok(published.length >= 2);
  for (const key of published) assert.deepEqual(["d", "p", "q", "k"].filter((part) => part in key), []);
});

for (const sample of [demoSpa, sampleWeb]) {
  test(`${sample.id}: code, ID token, userinfo, refresh, revocation`, async () => {
    const { client, authentication, tokens, claims, nonce } = await signIn(sample);
    const { payload } = await jose.jwtVerify(tokens.id_token, keys, { issuer: server.issuer, audience: sample.id });
    assert.equal(payload.nonce, nonce);

    const answer = await oauth.userInfoRequest(as, client, tokens.access_token, insecure);
    const user = await oauth.processUserInfoResponse(as, client, claims.sub, answer);
    assert.ok(user.name);

    const refreshing = await oauth.refreshTokenGrantRequest(as, client, authentication, tokens.refresh_token, insecure);
    const refreshed = await oauth.processRefreshTokenResponse(as, client, refreshing);
    assert.equal(oauth.getValidatedIdTokenClaims(refreshed).sub, claims.sub);

    await oauth.processRevocationResponse(await oauth.revocationRequest(as, client, authentication, refreshed.refresh_token, insecure));
    const tooLate = await oauth.refreshTokenGrantRequest(as, client, authentication, refreshed.refresh_token, insecure);
    await assert.rejects(oauth.processRefreshTokenResponse(as, client, tooLate), { error: "invalid_grant", status: 400 });
  });
}

test("an access token of a user is good at the resource, narrowed at the token endpoint", async () => {
  const { client, authentication, tokens, claims } = await signIn(sampleWeb, {
    scope: "openid profile offline_access api.read",
    resource: sampleApi.resource,
  });
  assert.equal((await callApi(tokens.access_token, sampleApi.resource)).sub, claims.sub);

  const response = await oauth.refreshTokenGrantRequest(as, client, authentication, tokens.refresh_token, {
    ...insecure,
    additionalParameters: { resource: sampleApi.resource, scope: "api.read" },
  });
  const narrowed = await oauth.processRefreshTokenResponse(as, client, response);
  assert.equal(narrowed.id_token, undefined);
  const { payload, protectedHeader } = await jose.jwtVerify(narrowed.access_token, keys, { typ: "at+jwt", audience: sampleApi.resource });
  assert.equal(payload.scope, "api.read");
  assert.equal(payload.aud, sampleApi.resource);
  assert.ok(["RS256", "ES256"].includes(protectedHeader.alg));
});

test("a service gets a token for the API, which believes and introspects it", async () => {
  const [client, authentication] = clientOf(sampleService);
  const response = await oauth.clientCredentialsGrantRequest(as, client, authentication, { resource: sampleApi.resource }, insecure);
  const tokens = await oauth.processClientCredentialsResponse(as, client, response);
  const claims = await callApi(tokens.access_token, sampleApi.resource);
  assert.deepEqual([claims.sub, claims.client_id, claims.scope], [sampleService.id, sampleService.id, "api.read api.write"]);
  await assert.rejects(callApi(tokens.access_token, "https://other.example"));

  const [api, apiAuthentication] = clientOf(sampleApi);
  const asked = await oauth.introspectionRequest(as, api, apiAuthentication, tokens.access_token, insecure);
  assert.equal((await oauth.processIntrospectionResponse(as, api, asked)).active, true);
});

test("a wrong secret is 401 with a challenge", async () => {
  const [client] = clientOf(sampleService);
  const response = await oauth.clientCredentialsGrantRequest(as, client, oauth.ClientSecretBasic("wrong"), {}, insecure);
  await assert.rejects(oauth.processClientCredentialsResponse(as, client, response), (thrown) => {
    assert.equal(thrown.status, 401);
    assert.equal(thrown.cause[0].scheme, "basic");
    return true;
  });
});

test("userinfo without a token, or with a wrong one, is 401 with a challenge", async () => {
  const [client] = clientOf(demoSpa);
  const response = await oauth.userInfoRequest(as, client, "wrong", insecure);
  await assert.rejects(oauth.processUserInfoResponse(as, client, oauth.skipSubjectCheck, response), (thrown) => {
    assert.equal(thrown.cause[0].parameters.error, "invalid_token");
    return true;
  });
  const bare = await fetch(as.userinfo_endpoint);
  assert.equal(bare.status, 401);
  assert.match(bare.headers.get("WWW-Authenticate"), /^Bearer/);
});
