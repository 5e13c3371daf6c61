// Started by https.test.mjs: signs in at the issuer that it is given and prints what it got as JSON.

import * as client from "openid-client";
import { alice, sampleWeb } from "./samples.mjs";
import { UserAgent, authorize } from "./user-agent.mjs";

const config = await client.discovery(new URL(process.argv[2]), sampleWeb.id, undefined, client.ClientSecretBasic(sampleWeb.secret), {
  execute: [client.enableNonRepudiationChecks],
});
const pkceCodeVerifier = client.randomPKCECodeVerifier();
const [expectedState, expectedNonce] = [client.randomState(), client.randomNonce()];
const url = client.buildAuthorizationUrl(config, {
  redirect_uri: sampleWeb.redirectUri(),
  scope: "openid",
  code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
  code_challenge_method: "S256",
  state: expectedState,
  nonce: expectedNonce,
});
const agent = new UserAgent(process.argv[2]);
const { callback } = await authorize(agent, url, alice);
const tokens = await client.authorizationCodeGrant(config, callback, { pkceCodeVerifier, expectedState, expectedNonce });
const metadata = await fetch(new URL("/.well-known/openid-configuration", process.argv[2]));

console.log(JSON.stringify({
  claims: tokens.claims(),
  cookies: agent.cookieNames.sort(),
  hsts: metadata.headers.get("Strict-Transport-Security"),
}));
