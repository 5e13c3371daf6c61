// Rich authorization requests with oauth4webapi: the example of docs/rich-authorization-requests.md, as it stands there.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import * as jose from "jose";
import * as oauth from "oauth4webapi";
import { alice, importOf } from "./harness/samples.mjs";
import { startServer } from "./harness/server.mjs";
import { UserAgent, authorize } from "./harness/user-agent.mjs";

const insecure = { [oauth.allowInsecureRequests]: true };
const guide = readFileSync(new URL("../../docs/rich-authorization-requests.md", import.meta.url), "utf8");
const file = JSON.parse(/```jsonc\n(.*?)\n```/s.exec(guide)[1]);
const [shop, api] = file.clients;
const redirectUri = shop.redirect_uris[0];
const payment = { type: "payment_initiation", instructedAmount: { amount: 25.5, currency: "EUR" }, creditorName: "Green Grocer" };

let server;
let as;
before(async () => {
  server = await startServer({ data: importOf(file) });
  const issuer = new URL(server.issuer);
  as = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, insecure));
});
after(() => server?.stop());

const authentication = (client) => oauth.ClientSecretBasic(client.client_secret);

async function push(details, verifier = oauth.generateRandomCodeVerifier()) {
  const parameters = new URLSearchParams({
    response_type: "code",
    redirect_uri: redirectUri,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    authorization_details: JSON.stringify(details),
  });
  const response = await oauth.pushedAuthorizationRequest(as, shop, authentication(shop), parameters, insecure);
  return { verifier, pushed: await oauth.processPushedAuthorizationResponse(as, shop, response) };
}

async function visit({ pushed }, agent = new UserAgent(server.issuer), options = {}) {
  const url = new URL(as.authorization_endpoint);
  url.search = new URLSearchParams({ client_id: shop.client_id, request_uri: pushed.request_uri });
  return authorize(agent, url, { ...alice, redirectUri, ...options });
}

test("the metadata lists the type", () => assert.deepEqual(as.authorization_details_types_supported, ["payment_initiation"]));

test("a payment is pushed, allowed, and stands in the answer, in the token and in the introspection of its API", async () => {
  const request = await push([payment]);
  const { callback, asked } = await visit(request);
  assert.deepEqual(asked, ["login", "consent"]);
  const validated = oauth.validateAuthResponse(as, shop, callback, oauth.expectNoState);
  const response = await oauth.authorizationCodeGrantRequest(as, shop, authentication(shop), validated, redirectUri, request.verifier, insecure);
  const tokens = await oauth.processAuthorizationCodeResponse(as, shop, response);
  assert.deepEqual(tokens.authorization_details, [payment]);
  assert.equal(tokens.scope, undefined);

  const keys = jose.createRemoteJWKSet(new URL(as.jwks_uri));
  const { payload } = await jose.jwtVerify(tokens.access_token, keys, { issuer: as.issuer, audience: "https://bank.example.com/payments", typ: "at+jwt" });
  assert.deepEqual(payload.authorization_details, [payment]);

  const answer = await oauth.introspectionRequest(as, api, authentication(api), tokens.access_token, insecure);
  const introspection = await oauth.processIntrospectionResponse(as, api, answer);
  assert.equal(introspection.active, true);
  assert.deepEqual(introspection.authorization_details, [payment]);
});

test("the same payment is asked for again, and a person may deny it", async () => {
  const agent = new UserAgent(server.issuer);
  await visit(await push([payment]), agent);
  const { callback, asked } = await visit(await push([payment]), agent, { consent: "deny" });
  assert.deepEqual(asked, ["consent"]);
  assert.equal(callback.searchParams.get("error"), "access_denied");
});

test("what the type does not allow is refused when it is pushed", async () => {
  for (const details of [
    [{ ...payment, instructedAmount: { amount: 10_001, currency: "EUR" } }],
    [{ ...payment, callback: "https://evil.example" }],
    [{ type: "account_information" }],
  ])
    await assert.rejects(push(details), (error) => error instanceof oauth.ResponseBodyError && error.error === "invalid_authorization_details");
});
