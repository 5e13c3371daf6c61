// openid-client and oauth4webapi with tokens that are bound to a key (RFC 9449), where each proof needs a nonce of the server.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import * as oauth from "oauth4webapi";
import * as client from "openid-client";
import { alice, demoSpa, sampleApi, sampleService, sampleWeb } from "./harness/samples.mjs";
import { startServer } from "./harness/server.mjs";
import { UserAgent, authorize } from "./harness/user-agent.mjs";

let server;
before(async () => { server = await startServer({ settings: { "Dpop:RequireNonce": "true" } }); });
after(() => server?.stop());

const configure = ({ id, secret }) =>
  client.discovery(new URL(server.issuer), id, {}, secret ? client.ClientSecretBasic(secret) : client.None(), { execute: [client.allowInsecureRequests] });

describe("openid-client", () => {
  for (const sample of [demoSpa, sampleWeb]) {
    test(`${sample.id} binds its code, redeems it, asks userinfo and refreshes, always with a proof`, async () => {
      const config = await configure(sample);
      const DPoP = client.getDPoPHandle(config, await client.randomDPoPKeyPair("ES256"));
      const pkceCodeVerifier = client.randomPKCECodeVerifier();
      const parameters = {
        redirect_uri: sample.redirectUri(server.issuer), scope: "openid profile offline_access", code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier), code_challenge_method: "S256",
      };
      const url = sample.secret
        ? await client.buildAuthorizationUrlWithPAR(config, parameters, { DPoP })
        : client.buildAuthorizationUrl(config, { ...parameters, dpop_jkt: await DPoP.calculateThumbprint() });
      const { callback } = await authorize(new UserAgent(server.issuer), url, alice);
      // The code is bound to the key, by the proof of the pushed request or by dpop_jkt.
      const other = client.getDPoPHandle(config, await client.randomDPoPKeyPair("ES256"));
      await assert.rejects(client.authorizationCodeGrant(config, callback, { pkceCodeVerifier }, undefined, { DPoP: other }), { error: "invalid_grant" });
      const tokens = await client.authorizationCodeGrant(config, callback, { pkceCodeVerifier }, undefined, { DPoP });
      assert.equal(tokens.token_type, "dpop"); // as the library writes it
      const { sub } = tokens.claims();
      const user = await client.fetchUserInfo(config, tokens.access_token, sub, { DPoP });
      assert.equal(user.preferred_username, "alice");
      await assert.rejects(client.fetchUserInfo(config, tokens.access_token, sub), { status: 401 });

      const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token, undefined, { DPoP });
      await client.fetchUserInfo(config, refreshed.access_token, sub, { DPoP });
      const stolen = client.refreshTokenGrant(config, refreshed.refresh_token, undefined, { DPoP: other });
      if (sample.secret) assert.equal((await stolen).token_type, "dpop");
      else await assert.rejects(stolen, { error: "invalid_grant" });
    });
  }

  test("a service gets a bound token, and the API that introspects it sees the key", async () => {
    const config = await configure(sampleService);
    const DPoP = client.getDPoPHandle(config, await client.randomDPoPKeyPair("PS256"));
    const tokens = await client.clientCredentialsGrant(config, { resource: sampleApi.resource }, { DPoP });
    const seen = await client.tokenIntrospection(await configure(sampleApi), tokens.access_token);
    assert.equal(seen.token_type, "DPoP");
    assert.equal(seen.cnf.jkt, await DPoP.calculateThumbprint());
  });
});

test("oauth4webapi gets the nonce from the error and repeats its request", async () => {
  const as = await oauth.processDiscoveryResponse(new URL(server.issuer), await oauth.discoveryRequest(new URL(server.issuer), { [oauth.allowInsecureRequests]: true }));
  assert.deepEqual(as.dpop_signing_alg_values_supported, ["ES256", "PS256"]);
  const own = { client_id: sampleService.id };
  const DPoP = oauth.DPoP(own, await oauth.generateKeyPair("ES256"));
  const options = { DPoP, [oauth.allowInsecureRequests]: true };
  const request = () => oauth.clientCredentialsGrantRequest(as, own, oauth.ClientSecretBasic(sampleService.secret), {}, options);
  await assert.rejects(request().then((answer) => oauth.processClientCredentialsResponse(as, own, answer)), (error) => oauth.isDPoPNonceError(error));
  const tokens = await oauth.processClientCredentialsResponse(as, own, await request());
  assert.equal(tokens.token_type, "dpop");
});
