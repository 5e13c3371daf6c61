// Clients that register themselves: openid-client and oauth4webapi ask, and sign a person in with what they get.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import * as jose from "jose";
import * as oauth from "oauth4webapi";
import * as client from "openid-client";
import { createClientKey } from "./harness/client-key.mjs";
import { alice, importOf } from "./harness/samples.mjs";
import { startServer } from "./harness/server.mjs";
import { UserAgent, authorize } from "./harness/user-agent.mjs";

const insecure = { [oauth.allowInsecureRequests]: true };
const redirectUri = "https://client.example/callback";
const app = {
  client_name: "Self-made",
  redirect_uris: [redirectUri],
  grant_types: ["authorization_code", "refresh_token"],
  scope: "openid profile offline_access",
};

let key;
let server;
let as;
before(async () => {
  key = await createClientKey();
  server = await startServer({ data: importOf({ clients: [] }), settings: { "Registration:Mode": "open" } });
  const issuer = new URL(server.issuer);
  as = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, insecure));
});
after(() => server?.stop());

describe("openid-client", () => {
  const register = (metadata, authentication, options) =>
    client.dynamicClientRegistration(new URL(server.issuer), { ...app, ...metadata }, authentication, {
      execute: [client.allowInsecureRequests, client.enableNonRepudiationChecks],
      ...options,
    });

  async function signIn(config) {
    const pkceCodeVerifier = client.randomPKCECodeVerifier();
    const checks = { pkceCodeVerifier, expectedState: client.randomState(), expectedNonce: client.randomNonce() };
    const url = client.buildAuthorizationUrl(config, {
      redirect_uri: config.clientMetadata().redirect_uris[0],
      scope: app.scope,
      code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: "S256",
      state: checks.expectedState,
      nonce: checks.expectedNonce,
    });
    const { callback, asked } = await authorize(new UserAgent(server.issuer), url, alice);
    const tokens = await client.authorizationCodeGrant(config, callback, { ...checks, idTokenExpected: true });
    return { tokens, claims: tokens.claims(), asked };
  }

  for (const [method, authentication, more] of [
    ["none", () => client.None()],
    ["client_secret_basic", () => client.ClientSecretBasic()],
    ["client_secret_post", () => client.ClientSecretPost()],
    ["client_secret_jwt", () => client.ClientSecretJwt()],
    ["private_key_jwt", () => client.PrivateKeyJwt(key), () => ({ jwks: key.jwks })],
  ]) {
    test(`registers with ${method}, signs in after consent, and refreshes`, async () => {
      const config = await register({ token_endpoint_auth_method: method, ...more?.() }, authentication());
      const registered = config.clientMetadata();
      assert.equal(registered.token_endpoint_auth_method, method);
      assert.equal(typeof registered.client_secret, method.startsWith("client_secret") ? "string" : "undefined");

      const { tokens, claims, asked } = await signIn(config);
      assert.deepEqual(asked, ["login", "consent"]);
      assert.equal(claims.aud, registered.client_id);
      const user = await client.fetchUserInfo(config, tokens.access_token, claims.sub);
      assert.equal(user.preferred_username, "alice");
      assert.equal((await client.refreshTokenGrant(config, tokens.refresh_token)).claims().sub, claims.sub);
    });
  }

  test("registers two clients with pairwise subjects: to them alice is two persons", async () => {
    const subjects = [];
    for (const name of ["one.example", "other.example"]) {
      const config = await register({ redirect_uris: [`https://${name}/callback`], subject_type: "pairwise" }, client.ClientSecretBasic());
      subjects.push((await signIn(config)).claims.sub);
    }
    assert.notEqual(subjects[0], subjects[1]);
  });

  for (const [what, metadata, error] of [
    ["a redirect URI with a fragment", { redirect_uris: ["https://client.example/#fragment"] }, "invalid_redirect_uri"],
    ["no redirect URI", { redirect_uris: [] }, "invalid_redirect_uri"],
    ["a grant without a person", { grant_types: ["client_credentials"] }, "invalid_client_metadata"],
    ["a key that it does not show", { token_endpoint_auth_method: "private_key_jwt" }, "invalid_client_metadata"],
    ["a response type that is off", { response_types: ["code id_token"] }, "invalid_client_metadata"],
  ]) {
    test(`can't register with ${what}: ${error}`, () => assert.rejects(register(metadata), { error, status: 400 }));
  }

  test("can't register by a token that nobody has given out, though anyone may without one", async () => {
    await assert.rejects(register({}, undefined, { initialAccessToken: "made-up" }), { status: 401 });
  });
});

describe("oauth4webapi", () => {
  async function register(metadata = {}) {
    const response = await oauth.dynamicClientRegistrationRequest(as, { ...app, ...metadata }, insecure);
    assert.equal(response.headers.get("Cache-Control"), "no-store");
    return oauth.processDynamicClientRegistrationResponse(response);
  }

  async function signIn(registered) {
    const [verifier, state, nonce] = [oauth.generateRandomCodeVerifier(), oauth.generateRandomState(), oauth.generateRandomNonce()];
    const url = new URL(as.authorization_endpoint);
    url.search = new URLSearchParams({
      client_id: registered.client_id,
      redirect_uri: redirectUri,
      response_type: "code",
      scope: registered.scope,
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
      state,
      nonce,
    });
    const { callback } = await authorize(new UserAgent(server.issuer), url, alice);
    const validated = oauth.validateAuthResponse(as, registered, callback, state);
    const authentication = oauth.ClientSecretBasic(registered.client_secret);
    const response = await oauth.authorizationCodeGrantRequest(as, registered, authentication, validated, redirectUri, verifier, insecure);
    const tokens = await oauth.processAuthorizationCodeResponse(as, registered, response, { expectedNonce: nonce, requireIdToken: true });
    await oauth.validateApplicationLevelSignature(as, response, insecure);
    return { authentication, tokens };
  }

  /** RFC 7592, for which no library has anything. */
  const manage = (registered, method, metadata) =>
    oauth.protectedResourceRequest(
      registered.registration_access_token,
      method,
      new URL(registered.registration_client_uri),
      new Headers(metadata && { "Content-Type": "application/json" }),
      metadata && JSON.stringify(metadata),
      insecure,
    );

  test("registers, and the ID token is signed as it was registered", async () => {
    const registered = await register({ id_token_signed_response_alg: "PS256" });
    assert.equal(registered.scope, app.scope);
    assert.equal(registered.client_secret_expires_at, 0);
    const { tokens } = await signIn(registered);
    assert.equal(jose.decodeProtectedHeader(tokens.id_token).alg, "PS256");
  });

  test("reads its registration and changes it, and what it shows is what counts", async () => {
    const registered = await register();
    const read = await (await manage(registered, "GET")).json();
    assert.deepEqual([read.client_id, read.client_name], [registered.client_id, app.client_name]);

    const changed = await manage(registered, "PUT", { ...app, client_id: registered.client_id, client_name: "Renamed", scope: "openid" });
    const now = await changed.json();
    assert.deepEqual([changed.status, now.client_name, now.scope], [200, "Renamed", "openid"]);
    assert.notEqual(now.registration_access_token, registered.registration_access_token);

    assert.equal((await (await manage(now, "GET")).json()).client_name, "Renamed");
    assert.equal(await statusOf(manage(registered, "GET")), 401); // the new token is in use
    const { tokens } = await signIn({ ...now, client_secret: registered.client_secret });
    assert.equal(tokens.scope, "openid");
  });

  test("deletes its registration, and its tokens end", async () => {
    const registered = await register();
    const { authentication, tokens } = await signIn(registered);
    assert.equal((await manage(registered, "DELETE")).status, 204);

    const refreshing = await oauth.refreshTokenGrantRequest(as, registered, authentication, tokens.refresh_token, insecure);
    await assert.rejects(oauth.processRefreshTokenResponse(as, registered, refreshing), (thrown) => thrown.status === 401);
    assert.equal(await statusOf(manage(registered, "GET")), 401);
  });

  // A challenge in WWW-Authenticate makes the library throw.
  const statusOf = (answer) => answer.then(({ status }) => status, ({ status }) => status);
});
