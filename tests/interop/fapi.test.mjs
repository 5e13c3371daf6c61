// openid-client as a client of FAPI 2.0: pushed requests, a key instead of a secret, tokens that are bound to a key, and with Message
// Signing requests and responses that are signed.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import * as client from "openid-client";
import { createClientKey } from "./harness/client-key.mjs";
import { alice, importOf } from "./harness/samples.mjs";
import { startServer } from "./harness/server.mjs";
import { UserAgent, authorize } from "./harness/user-agent.mjs";

const redirectUri = "https://client.example/callback";

let key;
let server;
before(async () => {
  key = await createClientKey("ES256");
  server = await startServer({ data: importOf({ clients: ["fapi2_security", "fapi2_message_signing"].map(metadata) }), settings: { Profile: "fapi2_security" } });
});
after(() => server?.stop());

const metadata = (profile) => ({
  client_id: profile,
  profile,
  token_endpoint_auth_method: "private_key_jwt",
  jwks: key.jwks,
  redirect_uris: [redirectUri],
  grant_types: ["authorization_code", "refresh_token"],
  scope: "openid profile offline_access",
});

async function configure(id, own = {}) {
  const config = await client.discovery(new URL(server.issuer), id, { id_token_signed_response_alg: "PS256", ...own }, client.PrivateKeyJwt({ key: key.key, kid: key.kid }), { execute: [client.allowInsecureRequests] });
  client.enableNonRepudiationChecks(config);
  return config;
}

const request = async (verifier) => ({
  redirect_uri: redirectUri, scope: "openid profile offline_access", code_challenge: await client.calculatePKCECodeChallenge(verifier), code_challenge_method: "S256", state: client.randomState(),
});

async function redeem(config, callback, verifier, expectedState) {
  const DPoP = client.getDPoPHandle(config, await client.randomDPoPKeyPair("ES256"));
  const tokens = await client.authorizationCodeGrant(config, callback, { pkceCodeVerifier: verifier, expectedState }, undefined, { DPoP });
  assert.equal(tokens.token_type, "dpop"); // as the library writes it
  const user = await client.fetchUserInfo(config, tokens.access_token, tokens.claims().sub, { DPoP });
  assert.equal(user.preferred_username, "alice");
  const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token, undefined, { DPoP });
  assert.equal(refreshed.refresh_token ?? tokens.refresh_token, tokens.refresh_token);
}

describe("openid-client with FAPI 2.0", () => {
  test("security profile", async () => {
    const config = await configure("fapi2_security");
    const verifier = client.randomPKCECodeVerifier();
    const parameters = await request(verifier);
    const url = await client.buildAuthorizationUrlWithPAR(config, parameters);
    assert.deepEqual([...url.searchParams.keys()].sort(), ["client_id", "request_uri"]);
    const { callback } = await authorize(new UserAgent(server.issuer), url, alice);
    assert.equal(callback.searchParams.get("iss"), server.issuer);
    await redeem(config, callback, verifier, parameters.state);
  });

  test("message signing", async () => {
    const config = await configure("fapi2_message_signing", { authorization_signed_response_alg: "PS256" });
    client.useJwtResponseMode(config);
    const verifier = client.randomPKCECodeVerifier();
    const parameters = await request(verifier);
    const signed = await client.buildAuthorizationUrlWithJAR(config, parameters, { key: key.key, kid: key.kid });
    const { callback } = await authorize(new UserAgent(server.issuer), await client.buildAuthorizationUrlWithPAR(config, signed.searchParams), alice);
    assert.deepEqual([...callback.searchParams.keys()], ["response"]);
    await redeem(config, callback, verifier, parameters.state);

    await assert.rejects(client.buildAuthorizationUrlWithPAR(config, parameters), { error: "invalid_request" });
  });
});
