// oidc-client-ts in Chromium: a single-page app that signs in, renews in a hidden frame, watches the session, and signs out
// together with the other apps of the session. App and server are hosts of one site, so that the server gets its cookies in frames,
// too; and none is localhost, where any program could pose as the app, so that the person is always asked.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { localhostTls as tls, noTls } from "./harness/certificate.mjs";
import { complaintsOf, executablePath, launch, signIn } from "./harness/chromium.mjs";
import { startClientHost } from "./harness/client-host.mjs";
import { alice, importOf } from "./harness/samples.mjs";
import { startServer } from "./harness/server.mjs";

const skip = executablePath ? noTls : "no Chromium on the PATH, and none of Playwright's";
const fileOf = (path) => readFileSync(fileURLToPath(new URL(path, import.meta.url)), "utf8");
const frontchannel = (id) => `/${id}/frontchannel-logout`;

describe("a single-page app", { skip }, () => {
  let host;
  let server;
  let browser;
  before(async () => {
    host = await startClientHost({}, { tls, name: "app.shop.test" });
    server = await startServer({
      data: importOf({ clients: clientsAt(host.origin) }),
      settings: { SessionManagement: "true" },
      tls,
      host: "login.shop.test",
    });
    host.routes["/oidc-client-ts.js"] = fileOf("node_modules/oidc-client-ts/dist/browser/oidc-client-ts.min.js");
    host.routes["/settings.js"] = `const issuer = ${JSON.stringify(server.issuer)};`;
    host.routes["/app.js"] = fileOf("harness/spa/app.js");
    for (const path of ["/", "/callback", "/silent", "/goodbye"]) host.routes[path] = fileOf("harness/spa/index.html");
    for (const id of ["spa", "spa-offline"]) host.routes[frontchannel(id)] = pageThatNotes(id);
    browser = await launch({ hosts: "*.shop.test" });
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
    await host?.stop();
  });

  let context;
  let page;
  let complaints;
  beforeEach(async () => {
    host.forget();
    context = await browser.newContext({ ignoreHTTPSErrors: true });
    page = await context.newPage();
    complaints = complaintsOf(page);
    await page.goto(host.origin);
    await page.evaluate(() => void manager.signinRedirect());
    await page.waitForURL("**/login?*");
    await signIn(page, alice);
    await page.waitForURL(`${host.origin}/callback?*`);
    await page.evaluate(() => signedIn);
  });
  afterEach(async () => {
    await context.close();
    assert.deepEqual(complaints, []);
  });

  const sub = () => page.evaluate(async () => (await manager.getUser()).profile.sub);
  const renew = () => page.evaluate(() => manager.signinSilent().then((user) => user.profile, ({ error }) => error));

  test("knows the person, with the claims of userinfo", async () => {
    const { profile, scope, session_state: state } = await page.evaluate(async () => ({ ...(await manager.getUser()) }));
    assert.deepEqual([profile.iss, profile.aud, profile.preferred_username], [server.issuer, "spa", "alice"]);
    assert.equal(scope, "openid profile");
    assert.match(state, /^.+\..+$/);
  });

  test("renews its tokens by prompt=none in a hidden frame", async () => {
    const before = await page.evaluate(async () => ({ ...(await manager.getUser()) }));
    const framed = page.waitForEvent("requestfinished", (request) => request.url().startsWith(`${server.issuer}/authorize`));
    const profile = await renew();
    assert.match((await framed).url(), /prompt=none/);
    assert.deepEqual([profile.sub, profile.sid], [before.profile.sub, before.profile.sid]);
    assert.notEqual(await page.evaluate(async () => (await manager.getUser()).access_token), before.access_token);
  });

  test("a second app gets in by the same session, and renews by its refresh token", async () => {
    const tokens = await page.evaluate(async () => {
      const other = managerOf("spa-offline", { scope: "openid offline_access" });
      const first = await other.signinSilent();
      const second = await other.signinSilent();
      return { subject: first.profile.sub, first: first.refresh_token, second: second.refresh_token };
    });
    assert.equal(tokens.subject, await sub());
    assert.ok(tokens.first && tokens.second && tokens.first !== tokens.second);
  });

  test("hears from the check_session_iframe that the session has ended", async () => {
    await page.waitForFunction(() => answers.length >= 2);
    assert.deepEqual(await page.evaluate(() => [events, [...new Set(answers)]]), [[], ["unchanged"]]);

    const tab = await context.newPage();
    await tab.goto(`${server.issuer}/logout`);
    await tab.getByRole("button", { name: "Sign out" }).click();
    await tab.getByRole("heading", { name: "You are signed out" }).waitFor();
    await page.waitForFunction(() => events.length > 0);
    assert.deepEqual(await page.evaluate(() => [events, answers.at(-1)]), [["signed out"], "changed"]);
    assert.equal(await renew(), "login_required");
  });

  test("hears from it that the session has changed when the person signs in once more", async () => {
    await page.waitForFunction(() => answers.length > 0);
    const tab = await context.newPage();
    await tab.goto(host.origin);
    await tab.evaluate(() => void manager.signinRedirect({ prompt: "login" }));
    await tab.waitForURL("**/login?*");
    await signIn(tab, alice);
    await tab.waitForURL(`${host.origin}/callback?*`);
    await page.waitForFunction(() => events.length > 0);
    assert.deepEqual(await page.evaluate(() => events), ["session changed"]);
  });

  test("signs out, and every app of the session is told in a frame before the browser comes back", async () => {
    const { sid } = await page.evaluate(async () => (await manager.getUser()).profile);
    await page.evaluate(() => managerOf("spa-offline", { scope: "openid" }).signinSilent());
    await page.evaluate(() => void manager.signoutRedirect({ state: { from: "here" } }));
    await page.waitForURL(`${host.origin}/goodbye?state=*`);
    const { userState } = await page.evaluate(() => manager.signoutCallback());
    assert.deepEqual(userState, { from: "here" });

    for (const id of ["spa", "spa-offline"]) {
      const { query, headers } = await host.next(frontchannel(id));
      assert.deepEqual(query, { app: id, iss: server.issuer, sid });
      assert.equal(headers["sec-fetch-dest"], "iframe");
      assert.equal(await page.evaluate((key) => localStorage.getItem(key), `${id} was told`), sid); // its script ran
    }
    assert.equal(await renew(), "login_required");
  });
});

const clientsAt = (origin) => ["spa", "spa-offline"].map((id) => ({
  client_id: id,
  token_endpoint_auth_method: "none",
  redirect_uris: [`${origin}/callback`, `${origin}/silent`],
  post_logout_redirect_uris: [`${origin}/goodbye`],
  frontchannel_logout_uri: `${origin}${frontchannel(id)}?app=${id}`,
  frontchannel_logout_session_required: true,
  // Without refresh tokens the library renews in a frame.
  ...(id === "spa" ? { grant_types: ["authorization_code"] } : { grant_types: ["authorization_code", "refresh_token"] }),
  scope: "openid profile offline_access",
  first_party: true,
}));

const pageThatNotes = (id) =>
  `<!doctype html><script>localStorage.setItem("${id} was told", new URLSearchParams(location.search).get("sid"));</script>`;
