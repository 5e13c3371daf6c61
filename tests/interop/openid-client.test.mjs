// openid-client, a certified client library, does everything that a web app and a single-page app do.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import * as client from "openid-client";
import { alice, demoSpa, sampleApi, sampleService, sampleWeb } from "./harness/samples.mjs";
import { startServer } from "./harness/server.mjs";
import { UserAgent, authorize, textOf } from "./harness/user-agent.mjs";

let server;
before(async () => { server = await startServer(); });
after(() => server?.stop());

const configure = async ({ id, secret }, issuer = server.issuer) => {
  const authentication = secret ? client.ClientSecretBasic(secret) : client.None();
  const options = { execute: [client.allowInsecureRequests, client.enableNonRepudiationChecks] };
  return client.discovery(new URL(issuer), id, { redirect_uris: [] }, authentication, options);
};

/** An authorization request with everything that its response is checked against. */
async function request(config, sample, parameters = {}) {
  const pkceCodeVerifier = client.randomPKCECodeVerifier();
  const checks = { pkceCodeVerifier, expectedState: client.randomState(), expectedNonce: client.randomNonce() };
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: sample.redirectUri(config.serverMetadata().issuer),
    scope: "openid profile email offline_access",
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: "S256",
    state: checks.expectedState,
    nonce: checks.expectedNonce,
    ...parameters,
  });
  return { url, checks };
}

async function signIn(config, sample, parameters, agent = new UserAgent(config.serverMetadata().issuer)) {
  const { url, checks } = await request(config, sample, parameters);
  const { callback, asked } = await authorize(agent, url, alice);
  const tokens = await client.authorizationCodeGrant(config, callback, { ...checks, idTokenExpected: true });
  return { tokens, claims: tokens.claims(), callback, checks, asked, agent };
}

const oauthError = (error, status) => (thrown) => {
  assert.equal(thrown.error, error, String(thrown));
  if (status) assert.equal(thrown.status, status);
  return true;
};

for (const sample of [demoSpa, sampleWeb]) {
  describe(`${sample.id} (${sample.secret ? "confidential" : "public"})`, () => {
    test("a person signs in, and the client believes the ID token, knows the user and refreshes", async () => {
      const config = await configure(sample);
      const { tokens, claims, callback } = await signIn(config, sample);
      assert.equal(callback.searchParams.get("iss"), server.issuer);
      assert.equal(claims.aud, sample.id);
      assert.ok(claims.sub && claims.sid && claims.auth_time);

      const user = await client.fetchUserInfo(config, tokens.access_token, claims.sub);
      assert.equal(user.preferred_username, "alice");
      assert.ok(user.email);

      const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token);
      assert.notEqual(refreshed.refresh_token, tokens.refresh_token);
      assert.equal(refreshed.claims().sub, claims.sub);
      await client.fetchUserInfo(config, refreshed.access_token, claims.sub);
    });

    test("within the grace window a refresh token used again gives the same successor", async () => {
      const config = await configure(sample);
      const { tokens } = await signIn(config, sample);
      const answers = await Promise.all([1, 2, 3].map(() => client.refreshTokenGrant(config, tokens.refresh_token)));
      assert.equal(new Set(answers.map((answer) => answer.refresh_token)).size, 1);
    });

    test("a revoked refresh token takes the grant's access token with it", async () => {
      const config = await configure(sample);
      const { tokens, claims } = await signIn(config, sample);
      await client.tokenRevocation(config, tokens.refresh_token);
      await assert.rejects(client.refreshTokenGrant(config, tokens.refresh_token), oauthError("invalid_grant", 400));
      await assert.rejects(client.fetchUserInfo(config, tokens.access_token, claims.sub), { status: 401 });
    });

    test("the response comes by form_post", async () => {
      const config = await configure(sample);
      const { url, checks } = await request(config, sample, { response_mode: "form_post" });
      const { form } = await authorize(new UserAgent(server.issuer), url, alice);
      const posted = new Request(form.action, { method: "POST", body: new URLSearchParams(form.hidden) });
      const tokens = await client.authorizationCodeGrant(config, posted, checks);
      assert.equal(tokens.claims().aud, sample.id);
    });
  });
}

describe("a service", () => {
  test("gets a token for a resource, and the resource's API can introspect it", async () => {
    const service = await configure(sampleService);
    const tokens = await client.clientCredentialsGrant(service, { scope: "api.read", resource: sampleApi.resource });
    assert.equal(tokens.refresh_token, undefined);

    const answer = await client.tokenIntrospection(await configure(sampleApi), tokens.access_token);
    assert.equal(answer.active, true);
    assert.equal(answer.client_id, sampleService.id);
    assert.equal(answer.scope, "api.read");
    assert.equal(answer.aud, sampleApi.resource);
  });

  test("with a wrong secret is refused", async () => {
    const config = await configure({ ...sampleService, secret: "wrong" });
    await assert.rejects(client.clientCredentialsGrant(config), { status: 401 });
  });

  test("can't have a resource that is unknown, or a scope that is not its own", async () => {
    const config = await configure(sampleService);
    await assert.rejects(client.clientCredentialsGrant(config, { resource: "https://other.example" }), oauthError("invalid_target", 400));
    await assert.rejects(client.clientCredentialsGrant(config, { scope: "openid" }), oauthError("invalid_scope", 400));
  });
});

describe("introspection", () => {
  test("tells an API of a user's token for it, and no longer once that is revoked", async () => {
    const web = await configure(sampleWeb);
    const api = await configure(sampleApi);
    const { tokens, claims } = await signIn(web, sampleWeb, { scope: "openid offline_access api.read", resource: sampleApi.resource });
    const live = await client.tokenIntrospection(api, tokens.access_token);
    assert.deepEqual([live.active, live.sub, live.client_id], [true, claims.sub, sampleWeb.id]);

    await client.tokenRevocation(web, tokens.access_token);
    assert.deepEqual(await client.tokenIntrospection(api, tokens.access_token), { active: false });
    assert.deepEqual(await client.tokenIntrospection(web, tokens.refresh_token), { active: false });
  });

  test("tells nothing of tokens that are not for the one who asks", async () => {
    const { tokens } = await signIn(await configure(sampleWeb), sampleWeb);
    const api = await configure(sampleApi);
    for (const token of [tokens.access_token, tokens.refresh_token, "no-token"]) {
      assert.deepEqual(await client.tokenIntrospection(api, token), { active: false });
    }
  });
});

describe("the session", () => {
  test("prompt=none fails without one, and succeeds silently with one", async () => {
    const config = await configure(sampleWeb);
    const agent = new UserAgent(server.issuer);
    const silent = await request(config, sampleWeb, { prompt: "none" });
    const { callback } = await authorize(agent, silent.url, alice);
    await assert.rejects(client.authorizationCodeGrant(config, callback, silent.checks), oauthError("login_required"));

    const first = await signIn(config, sampleWeb, {}, agent);
    const second = await signIn(config, sampleWeb, { prompt: "none" }, agent);
    assert.deepEqual(first.asked.at(0), "login");
    assert.deepEqual(second.asked, []);
    assert.deepEqual([second.claims.sub, second.claims.sid, second.claims.auth_time], [first.claims.sub, first.claims.sid, first.claims.auth_time]);
  });

  test("prompt=login and max_age=0 ask again, max_age=3600 does not", async () => {
    const config = await configure(sampleWeb);
    const { agent, claims } = await signIn(config, sampleWeb);
    assert.deepEqual((await signIn(config, sampleWeb, { max_age: "3600" }, agent)).asked, []);
    for (const again of [{ prompt: "login" }, { max_age: "0" }]) {
      const { asked, claims: newer } = await signIn(config, sampleWeb, again, agent);
      assert.deepEqual(asked, ["login"]);
      assert.ok(newer.auth_time >= claims.auth_time);
    }
    const { url, checks } = await request(config, sampleWeb, { max_age: "60" });
    const { callback } = await authorize(agent, url, alice);
    await client.authorizationCodeGrant(config, callback, { ...checks, maxAge: 60 });
  });

  test("ends by RP-initiated logout, and takes a refresh token without offline_access with it", async () => {
    const config = await configure(demoSpa);
    const { agent, tokens } = await signIn(config, demoSpa, { scope: "openid" });
    const state = client.randomState();
    const back = demoSpa.redirectUri(server.issuer);
    const url = client.buildEndSessionUrl(config, { id_token_hint: tokens.id_token, post_logout_redirect_uri: back, state });
    const { arrived } = await agent.open(url, { until: back });
    assert.equal(arrived.href, `${back}?state=${state}`);

    const silent = await request(config, demoSpa, { prompt: "none" });
    const { callback } = await authorize(agent, silent.url, alice);
    assert.equal(callback.searchParams.get("error"), "login_required");
    await assert.rejects(client.refreshTokenGrant(config, tokens.refresh_token), oauthError("invalid_grant", 400));
  });
});

describe("errors", () => {
  test("a person who cancels or denies sends the client access_denied", async () => {
    const config = await configure(demoSpa);
    for (const answer of [{ login: "cancel" }, { consent: "deny" }]) {
      const { url, checks } = await request(config, demoSpa);
      const { callback } = await authorize(new UserAgent(server.issuer), url, { ...alice, ...answer });
      assert.equal(callback.searchParams.get("iss"), server.issuer);
      await assert.rejects(client.authorizationCodeGrant(config, callback, checks), oauthError("access_denied"));
    }
  });

  test("a wrong password is told on the login page", async () => {
    const config = await configure(demoSpa);
    const { url } = await request(config, demoSpa);
    const agent = new UserAgent(server.issuer);
    const page = await agent.open(url);
    const again = await agent.submit(page, { username: "alice", password: "wrong", action: "login" });
    assert.equal(again.status, 422);
    assert.match(textOf(again), /do not match/);
  });

  test("a redirect URI that is not registered is never followed", async () => {
    const config = await configure(demoSpa);
    const { url } = await request(config, demoSpa, { redirect_uri: "https://attacker.example/" });
    const page = await new UserAgent(server.issuer).open(url);
    assert.equal(page.status, 400);
    assert.match(textOf(page), /redirect_uri is not registered/);
  });

  for (const [what, parameters, error] of [
    ["an unknown response type", { response_type: "voucher" }, "unsupported_response_type"],
    ["no PKCE", { code_challenge: "", code_challenge_method: "" }, "invalid_request"],
    ["plain PKCE", { code_challenge_method: "plain" }, "invalid_request"],
    ["no scope but another client's", { scope: "api.write" }, "invalid_scope"],
    ["an unknown prompt", { prompt: "maybe" }, "invalid_request"],
  ]) {
    test(`${what} is ${error}, with state and iss`, async () => {
      const config = await configure(demoSpa);
      const { url, checks } = await request(config, demoSpa, parameters);
      const { callback } = await authorize(new UserAgent(server.issuer), url, alice);
      assert.deepEqual([callback.searchParams.get("state"), callback.searchParams.get("iss")], [checks.expectedState, server.issuer]);
      await assert.rejects(client.authorizationCodeGrant(config, callback, checks), oauthError(error));
    });
  }

  test("a response type that is switched off is unsupported_response_type, told where its tokens would be", async () => {
    const config = await configure(demoSpa);
    const { url, checks } = await request(config, demoSpa, { response_type: "token" });
    const { callback } = await authorize(new UserAgent(server.issuer), url, alice);
    assert.equal(callback.search, "");
    const { error, state, iss } = Object.fromEntries(new URLSearchParams(callback.hash.slice(1)));
    assert.deepEqual([error, state, iss], ["unsupported_response_type", checks.expectedState, server.issuer]);
  });

  test("a code with the wrong verifier is refused", async () => {
    const config = await configure(demoSpa);
    const { url, checks } = await request(config, demoSpa);
    const { callback } = await authorize(new UserAgent(server.issuer), url, alice);
    const wrong = { ...checks, pkceCodeVerifier: client.randomPKCECodeVerifier() };
    await assert.rejects(client.authorizationCodeGrant(config, callback, wrong), oauthError("invalid_grant", 400));
  });

  test("a code redeemed twice is refused, and its tokens end", async () => {
    const config = await configure(demoSpa);
    const { tokens, claims, callback, checks } = await signIn(config, demoSpa);
    await assert.rejects(client.authorizationCodeGrant(config, callback, checks), oauthError("invalid_grant", 400));
    await assert.rejects(client.fetchUserInfo(config, tokens.access_token, claims.sub), { status: 401 });
    await assert.rejects(client.refreshTokenGrant(config, tokens.refresh_token), oauthError("invalid_grant", 400));
  });
});

test("without a grace window a refresh token used again ends its family", async () => {
  const strict = await startServer({ settings: { "Lifetimes:RefreshTokenGrace": "00:00:00" } });
  try {
    const config = await configure(demoSpa, strict.issuer);
    const { tokens, claims } = await signIn(config, demoSpa);
    const next = await client.refreshTokenGrant(config, tokens.refresh_token);
    await assert.rejects(client.refreshTokenGrant(config, tokens.refresh_token), oauthError("invalid_grant", 400));
    await assert.rejects(client.refreshTokenGrant(config, next.refresh_token), oauthError("invalid_grant", 400));
    await assert.rejects(client.fetchUserInfo(config, next.access_token, claims.sub), { status: 401 });
  } finally {
    await strict.stop();
  }
});
