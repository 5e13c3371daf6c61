// openid-client, once more: requests that are pushed or signed, a client that has a key and no secret, pairwise subjects.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import * as jose from "jose";
import * as client from "openid-client";
import { startClientHost } from "./harness/client-host.mjs";
import { createClientKey } from "./harness/client-key.mjs";
import { alice, importOf } from "./harness/samples.mjs";
import { startServer } from "./harness/server.mjs";
import { UserAgent, authorize } from "./harness/user-agent.mjs";

const secret = "interop-secret-0123456789-abcdefghijklmn";
const userScopes = "openid profile email offline_access";
const redirectUriOf = (id) => `https://${id}.client.example/callback`;

let key;
let host;
let server;
before(async () => {
  key = await createClientKey();
  host = await startClientHost({ "/jwks.json": key.jwks });
  server = await startServer({ data: importOf({ clients: clients() }), settings: { "Legacy:ImplicitAndHybrid": "true" } });
});
after(async () => {
  await server?.stop();
  await host?.stop();
});

const clients = () => [
  {
    ...web("keyed"),
    token_endpoint_auth_method: "private_key_jwt",
    token_endpoint_auth_signing_alg: "ES256",
    jwks_uri: `${host.origin}/jwks.json`,
    request_object_signing_alg: "ES256",
    request_uris: [`${host.origin}/request.jwt`],
    id_token_signed_response_alg: "ES256",
    userinfo_signed_response_alg: "PS256",
  },
  { ...web("pushing"), client_secret: secret, require_pushed_authorization_requests: true },
  { ...web("signing"), client_secret: secret, jwks: key.jwks, require_signed_request_object: true },
  { ...web("one-sector"), client_secret: secret, subject_type: "pairwise" },
  { ...web("other-sector"), client_secret: secret, subject_type: "pairwise" },
  { ...web("public-subject"), client_secret: secret },
  {
    ...web("hybrid"),
    client_secret: secret,
    grant_types: ["authorization_code", "implicit", "refresh_token"],
    response_types: ["code", "code id_token", "id_token"],
  },
];

const web = (id) => ({
  client_id: id,
  redirect_uris: [redirectUriOf(id)],
  grant_types: ["authorization_code", "refresh_token"],
  scope: userScopes,
  first_party: true,
});

const configure = async (id, metadata = {}, authentication = client.ClientSecretBasic(secret)) =>
  client.discovery(new URL(server.issuer), id, metadata, authentication, {
    execute: [client.allowInsecureRequests, client.enableNonRepudiationChecks],
  });

const configureKeyed = (signing = key) =>
  configure("keyed", { id_token_signed_response_alg: "ES256", userinfo_signed_response_alg: "PS256" }, client.PrivateKeyJwt(signing));

/** The parameters of a request, and what its response is checked against. */
async function request(config) {
  const pkceCodeVerifier = client.randomPKCECodeVerifier();
  const checks = { pkceCodeVerifier, expectedState: client.randomState(), expectedNonce: client.randomNonce(), idTokenExpected: true };
  const parameters = {
    redirect_uri: redirectUriOf(config.clientMetadata().client_id),
    scope: userScopes,
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: "S256",
    state: checks.expectedState,
    nonce: checks.expectedNonce,
  };
  return { parameters, checks };
}

/** Signs in at the URL that a function makes of the request's parameters. */
async function signIn(config, toUrl = client.buildAuthorizationUrl, agent = new UserAgent(server.issuer)) {
  const { parameters, checks } = await request(config);
  const url = await toUrl(config, parameters);
  const { callback, asked } = await authorize(agent, url, { ...alice, redirectUri: parameters.redirect_uri });
  const tokens = await client.authorizationCodeGrant(config, callback, checks);
  return { tokens, claims: tokens.claims(), url, checks, asked, agent };
}

const oauthError = (error, status) => (thrown) => {
  assert.equal(thrown.error, error, String(thrown));
  if (status) assert.equal(thrown.status, status);
  return true;
};

describe("a client with a key and no secret", () => {
  test("signs in, refreshes and gets signed userinfo, with the keys of its jwks_uri", async () => {
    const config = await configureKeyed();
    const { tokens, claims } = await signIn(config);
    assert.equal(jose.decodeProtectedHeader(tokens.id_token).alg, "ES256");
    assert.equal((await host.next("/jwks.json")).method, "GET");

    const user = await client.fetchUserInfo(config, tokens.access_token, claims.sub);
    assert.equal(user.email, "alice@example.com");
    assert.deepEqual([user.iss, user.aud], [server.issuer, "keyed"]);

    const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token);
    assert.equal(refreshed.claims().sub, claims.sub);
    await client.tokenRevocation(config, refreshed.refresh_token);
    await assert.rejects(client.refreshTokenGrant(config, refreshed.refresh_token), oauthError("invalid_grant", 400));
  });

  test("is refused with a key of somebody else, and keeps the code that it came with", async () => {
    const config = await configureKeyed();
    const { parameters, checks } = await request(config);
    const { callback } = await authorize(new UserAgent(server.issuer), client.buildAuthorizationUrl(config, parameters), alice);
    const { key: stolen } = await createClientKey();
    const impostor = await configureKeyed({ key: stolen, kid: key.kid });
    await assert.rejects(client.authorizationCodeGrant(impostor, callback, checks), oauthError("invalid_client", 401));
    await client.authorizationCodeGrant(config, callback, checks);
  });

  test("is refused with a secret", async () => {
    const config = await configure("keyed");
    await assert.rejects(client.refreshTokenGrant(config, "any"), { status: 401 });
  });
});

describe("a pushed request", () => {
  for (const [id, config] of [["pushing", () => configure("pushing")], ["keyed", configureKeyed]]) {
    test(`leaves only its reference in the browser (${id})`, async () => {
      const { url, claims } = await signIn(await config(), client.buildAuthorizationUrlWithPAR);
      assert.deepEqual([...url.searchParams.keys()].sort(), ["client_id", "request_uri"]);
      assert.equal(claims.aud, id);
    });
  }

  test("is good for one sign-in", async () => {
    const config = await configure("pushing");
    const { url } = await signIn(config, client.buildAuthorizationUrlWithPAR);
    const page = await new UserAgent(server.issuer).open(url);
    assert.equal(page.status, 400);
  });

  test("is told at once what is wrong with it", async () => {
    const config = await configure("pushing");
    const { parameters } = await request(config);
    const push = (changes) => client.buildAuthorizationUrlWithPAR(config, { ...parameters, ...changes });
    await assert.rejects(push({ redirect_uri: "https://attacker.example/" }), oauthError("invalid_request", 400));
    await assert.rejects(push({ scope: "phone" }), oauthError("invalid_scope", 400));
  });

  test("is a must for a client that says so", async () => {
    const config = await configure("pushing");
    const { parameters, checks } = await request(config);
    const { callback } = await authorize(new UserAgent(server.issuer), client.buildAuthorizationUrl(config, parameters), alice);
    await assert.rejects(client.authorizationCodeGrant(config, callback, checks), oauthError("invalid_request"));
  });
});

describe("a signed request", () => {
  const signed = (config, parameters) => client.buildAuthorizationUrlWithJAR(config, parameters, key);

  for (const [id, config] of [["signing", () => configure("signing")], ["keyed", configureKeyed]]) {
    test(`by value (${id})`, async () => {
      const { url, claims } = await signIn(await config(), signed);
      assert.deepEqual([...url.searchParams.keys()].sort(), ["client_id", "request"]);
      assert.equal(claims.aud, id);
    });
  }

  test("by reference, which the server fetches from the client", async () => {
    const config = await configureKeyed();
    const { claims } = await signIn(config, async (_, parameters) => {
      const url = await signed(config, parameters);
      host.routes["/request.jwt"] = url.searchParams.get("request");
      url.searchParams.delete("request");
      url.searchParams.set("request_uri", `${host.origin}/request.jwt`);
      return url;
    });
    assert.equal(claims.aud, "keyed");
    assert.equal((await host.next("/request.jwt")).method, "GET");
  });

  test("that is pushed", async () => {
    const { claims } = await signIn(await configure("signing"), async (config, parameters) => {
      const url = await signed(config, parameters);
      return client.buildAuthorizationUrlWithPAR(config, { request: url.searchParams.get("request") });
    });
    assert.equal(claims.aud, "signing");
  });

  test("counts alone: what stands beside it is ignored", async () => {
    const config = await configure("signing");
    const { claims } = await signIn(config, async (_, parameters) => {
      const url = await signed(config, parameters);
      url.searchParams.set("nonce", "another");
      url.searchParams.set("redirect_uri", "https://attacker.example/");
      return url;
    });
    assert.notEqual(claims.nonce, "another");
  });

  test("with the key of somebody else, or none, asks nobody to sign in", async () => {
    const config = await configure("signing");
    const { key: stolen } = await createClientKey();
    const forge = (_, parameters) => client.buildAuthorizationUrlWithJAR(config, parameters, { key: stolen, kid: key.kid });
    for (const [toUrl, error] of [[forge, "invalid_request_object"], [client.buildAuthorizationUrl, "invalid_request"]]) {
      const { parameters } = await request(config);
      const { callback, asked } = await authorize(new UserAgent(server.issuer), await toUrl(config, parameters), {
        ...alice, redirectUri: parameters.redirect_uri,
      });
      assert.deepEqual([callback.searchParams.get("error"), asked], [error, []]);
    }
  });
});

describe("pairwise subjects", () => {
  test("are others in another sector, and userinfo agrees with the ID token", async () => {
    const subjects = [];
    for (const id of ["one-sector", "other-sector", "public-subject"]) {
      const config = await configure(id);
      const { tokens, claims } = await signIn(config);
      const user = await client.fetchUserInfo(config, tokens.access_token, claims.sub);
      assert.equal(user.preferred_username, "alice");
      assert.equal((await client.refreshTokenGrant(config, tokens.refresh_token)).claims().sub, claims.sub);
      subjects.push(claims.sub);
    }
    assert.equal(new Set(subjects).size, 3);
  });

  test("stay the same at the next sign-in", async () => {
    const config = await configure("one-sector");
    const [first, second] = [await signIn(config), await signIn(config)];
    assert.equal(first.claims.sub, second.claims.sub);
  });

  test("renew silently, with the ID token as a hint", async () => {
    const config = await configure("one-sector");
    const { tokens, claims, agent } = await signIn(config);
    const silently = (_, parameters) =>
      client.buildAuthorizationUrl(config, { ...parameters, prompt: "none", id_token_hint: tokens.id_token });
    const renewed = await signIn(config, silently, agent);
    assert.deepEqual(renewed.asked, []);
    assert.deepEqual([renewed.claims.sub, renewed.claims.auth_time], [claims.sub, claims.auth_time]);
    await assert.rejects(signIn(config, silently), oauthError("login_required"));
  });
});

describe("legacy response types, where they are switched on", () => {
  const inFragment = (callback) => assert.ok(callback.hash && !callback.search);

  test("code id_token: the ID token of the front channel proves the code", async () => {
    const config = await configure("hybrid");
    client.useCodeIdTokenResponseType(config);
    const { parameters, checks } = await request(config);
    const { callback } = await authorize(new UserAgent(server.issuer), client.buildAuthorizationUrl(config, parameters), alice);
    inFragment(callback);
    const tokens = await client.authorizationCodeGrant(config, callback, checks);
    assert.equal(tokens.claims().aud, "hybrid");
  });

  test("id_token, posted as a form", async () => {
    const config = await configure("hybrid");
    client.useIdTokenResponseType(config);
    const [nonce, state] = [client.randomNonce(), client.randomState()];
    const url = client.buildAuthorizationUrl(config, {
      redirect_uri: redirectUriOf("hybrid"), scope: "openid email", response_mode: "form_post", nonce, state,
    });
    const { form } = await authorize(new UserAgent(server.issuer), url, alice);
    const posted = new Request(form.action, { method: "POST", body: new URLSearchParams(form.hidden) });
    const claims = await client.implicitAuthentication(config, posted, nonce, { expectedState: state });
    assert.equal(claims.email, "alice@example.com");
  });
});
