// Two servers on the same tables and keys, as in a rolling update: what one begins, the other goes on with.
// FUNCTIONSAUTH_EARLIER_LOCALHOST names the FunctionsAuth.LocalHost.dll of an earlier release; without it both are this one.

import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { alice, sampleWeb } from "./harness/samples.mjs";
import { newPrefix, startServer } from "./harness/server.mjs";
import { UserAgent, authorize } from "./harness/user-agent.mjs";

const redirectUri = sampleWeb.redirectUri();
const skip = process.env.FUNCTIONSAUTH_TEST_STORAGE ? false : "Two servers share no tables in memory: set FUNCTIONSAUTH_TEST_STORAGE.";

describe("an earlier release and this one", { skip }, () => {
  let earlier, present, folder;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "functionsauth-"));
    const shared = { tables: newPrefix(), keys: join(folder, "keys") };
    // Long enough for a busy machine.
    const settings = { "Lifetimes:AuthorizationCode": "00:10:00", "Lifetimes:RefreshTokenGrace": "00:05:00" };
    const program = process.env.FUNCTIONSAUTH_EARLIER_LOCALHOST || undefined;
    earlier = await startServer({ ...shared, settings, program });
    present = await startServer({ ...shared, settings: { ...settings, Issuer: earlier.issuer } });
  });
  after(async () => {
    await present?.stop();
    await earlier?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  for (const direction of ["from the earlier one to this one", "from this one to the earlier one"]) {
    const servers = () => (direction.startsWith("from the earlier") ? [earlier, present] : [present, earlier]);

    test(`${direction}: a code is redeemed, and its token opens userinfo at both`, async () => {
      const [from, to] = servers();
      const tokens = await signIn(from, to);
      for (const server of [from, to]) assert.equal((await userInfo(server, tokens)).preferred_username, alice.username);
    });

    test(`${direction}: a refresh token is refreshed by turns`, async () => {
      const [from, to] = servers();
      let tokens = await signIn(from, from);
      for (const server of [to, from, to, from]) tokens = await refresh(server, tokens);
      assert.ok((await userInfo(to, tokens)).sub);
    });

    test(`${direction}: a repeated refresh gives the same successor`, async () => {
      const [from, to] = servers();
      const tokens = await signIn(from, from);
      const next = await refresh(from, tokens);
      assert.equal((await refresh(to, tokens)).refresh_token, next.refresh_token);
      await refresh(to, next);
    });

    test(`${direction}: a refresh token of three generations ago ends its family at both`, async () => {
      const [from, to] = servers();
      const tokens = await signIn(from, from);
      const last = await refresh(to, await refresh(to, await refresh(from, tokens)));
      for (const [server, used] of [[to, tokens], [from, last], [to, last]]) await assert.rejects(refresh(server, used), /invalid_grant/);
    });

    test(`${direction}: a code that was redeemed is refused`, async () => {
      const [from, to] = servers();
      const { code, verifier } = await codeOf(from);
      await redeem(from, code, verifier);
      await assert.rejects(redeem(to, code, verifier), /invalid_grant/);
    });

    test(`${direction}: who is signed in is asked nothing more`, async () => {
      const [from, to] = servers();
      const agent = new UserAgent(earlier.issuer);
      await codeOf(from, agent);
      const { asked, code } = await codeOf(to, agent, { prompt: "none" });
      assert.deepEqual(asked, []);
      assert.ok(code);
    });

    test(`${direction}: a client that registered itself reads itself`, async () => {
      const [from, to] = servers();
      const client = await json(fetch(new URL("/register", from.url), {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ redirect_uris: [redirectUri] }),
      }));
      const read = await json(fetch(new URL(new URL(client.registration_client_uri).pathname, to.url), {
        headers: { Authorization: `Bearer ${client.registration_access_token}` },
      }));
      assert.equal(read.client_id, client.client_id);
    });
  }
});

/** The code of one server, redeemed at another. */
async function signIn(from, to) {
  const { code, verifier } = await codeOf(from);
  return redeem(to, code, verifier);
}

/** The request goes to that server, and the pages are at the issuer's address, as the links say. */
async function codeOf(server, agent = new UserAgent(server.issuer), parameters = {}) {
  const verifier = randomBytes(32).toString("base64url");
  const url = new URL("/authorize", server.url);
  url.search = new URLSearchParams({
    client_id: sampleWeb.id,
    redirect_uri: redirectUri,
    response_type: "code",
    scope: "openid profile offline_access",
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
    ...parameters,
  });
  const { callback, asked } = await authorize(agent, url, alice);
  return { code: callback.searchParams.get("code"), verifier, asked };
}

const redeem = (server, code, verifier) =>
  post(server, { grant_type: "authorization_code", code, code_verifier: verifier, redirect_uri: redirectUri });

const refresh = (server, tokens) => post(server, { grant_type: "refresh_token", refresh_token: tokens.refresh_token });

const post = (server, form) => json(fetch(new URL("/token", server.url), {
  method: "POST",
  headers: { Authorization: `Basic ${btoa(`${sampleWeb.id}:${sampleWeb.secret}`)}` },
  body: new URLSearchParams(form),
}));

const userInfo = (server, tokens) => json(fetch(new URL("/userinfo", server.url), { headers: { Authorization: `Bearer ${tokens.access_token}` } }));

async function json(answer) {
  const response = await answer;
  const body = await response.text();
  if (!response.ok) throw new Error(`${response.status} ${body}`);
  return JSON.parse(body);
}
