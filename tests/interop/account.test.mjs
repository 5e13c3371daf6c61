// The account pages in a real browser: what a person does there, and what follows for the clients.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, afterEach, before, describe, test } from "node:test";
import * as jose from "jose";
import * as client from "openid-client";
import { inspect } from "./harness/axe.mjs";
import { complaintsOf, executablePath, launch, passThrough, signIn } from "./harness/chromium.mjs";
import { startClientHost } from "./harness/client-host.mjs";
import { alice, importOf } from "./harness/samples.mjs";
import { importInto, newPrefix, noSharedTables, startServer } from "./harness/server.mjs";

const skip = executablePath ? false : "no Chromium on the PATH, and none of Playwright's";
const secret = "interop-secret-0123456789-abcdefghijklmn";
const newPassword = "four words without relation";
const logoutPath = "/desk/backchannel-logout";
const laptop = { userAgent: "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0" };
const phone = {
  userAgent: "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
  viewport: { width: 360, height: 740 },
};

// A person for each test, as what one does to an account must not reach another test.
const person = (username) => ({ username, password: alice.password });

const userOf = (username) => ({
  ...person(username),
  claims: {
    name: `${username} Example`, email: `${username}@example.com`, email_verified: true, phone_number: "+49 30 1234567",
    address: { formatted: "1 Example Street\n10115 Berlin\nGermany", country: "Germany" },
  },
  groups: ["shop-staff", "shop-admins"],
});

const callbackOf = (id) => `${host.origin}/${id}/callback`;

const web = (id, more) => ({
  client_id: id,
  client_secret: secret,
  redirect_uris: [callbackOf(id)],
  grant_types: ["authorization_code", "refresh_token"],
  scope: "openid profile email offline_access",
  ...more,
});

const data = () => importOf({
  groups: [{ name: "shop-staff" }, { name: "shop-admins" }],
  scopes: [{ name: "orders.read", display_name: "See orders" }, { name: "orders.write", display_name: "Change orders" }],
  clients: [
    web("shop", { client_name: "The shop", first_party: true }),
    web("desk", {
      client_name: "The desk", first_party: true, scope: "openid profile",
      backchannel_logout_uri: host.origin + logoutPath, backchannel_logout_session_required: true,
    }),
    web("notes", { client_name: "Notes of somebody else" }),
    web("office", {
      client_name: "Back office", first_party: true, scope: "openid orders.read orders.write",
      scope_maps: { "shop-staff": ["orders.read"], "shop-admins": ["orders.write"] },
    }),
  ],
  users: ["anna", "ben", "cleo", "dora", "emil", "fay", "gus", "hana", "ivo"].map(userOf),
});

describe("the account pages", { skip }, () => {
  let browser;
  before(async () => {
    const ids = ["shop", "desk", "notes", "office"];
    host = await startClientHost({ ...Object.fromEntries(ids.map((id) => [`/${id}/callback`, `<title>${id}</title>`])), [logoutPath]: {}, "/favicon.ico": "" });
    server = await startServer({ data: data(), tables });
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
    await host?.stop();
  });
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
    host.forget();
    assert.deepEqual(complaints.splice(0).flatMap((some) => some), []);
  });

  const newPage = async (options) => {
    const page = await (await browser.newContext(options)).newPage();
    complaints.push(complaintsOf(page));
    return page;
  };

  test("one browser ends the session of another, and its client is told", async () => {
    const anna = person("anna");
    const [here, there] = [await newPage(laptop), await newPage(phone)];
    const desk = await signInAt("desk", there, anna, "openid profile");
    const shop = await signInAt("shop", there, anna, "openid offline_access");
    await signInAt("shop", here, anna, "openid");

    await open(here, "sessions", anna);
    assert.deepEqual(await headings(here), ["Firefox on Windows This browser", "Safari on iPhone"]);
    await here.getByRole("button", { name: "Sign out: Safari on iPhone" }).click();
    await here.locator("#done", { hasText: "The session is ended." }).waitFor();
    assert.deepEqual(await headings(here), ["Firefox on Windows This browser"]);

    const logout = await logoutToken("desk");
    assert.deepEqual([logout.sub, logout.sid], [desk.claims.sub, desk.claims.sid]);
    await assert.rejects(client.refreshTokenGrant(desk.config, desk.tokens.refresh_token), { error: "invalid_grant" });
    await client.refreshTokenGrant(shop.config, shop.tokens.refresh_token); // it has offline_access
    await there.goto(address("sessions"));
    await there.waitForURL("**/login?*");
  });

  test("signing out everywhere ends what works while the person is away, too", async () => {
    const anna = person("anna");
    const [here, there] = [await newPage(laptop), await newPage(phone)];
    const shop = await signInAt("shop", there, anna, "openid offline_access");
    await open(here, "sessions", anna);
    await here.getByRole("button", { name: "Sign out everywhere" }).click();
    await here.getByRole("heading", { name: "You are signed out" }).waitFor();
    await assert.rejects(client.refreshTokenGrant(shop.config, shop.tokens.refresh_token), { error: "invalid_grant" });
    assert.equal(await statusOfUserInfo(shop), 401);
    for (const page of [here, there]) {
      await page.goto(address("profile"));
      await page.waitForURL("**/login?*");
    }
  });

  test("access that an app has is listed, and taken back", async () => {
    const ben = person("ben");
    const page = await newPage();
    const notes = await signInAt("notes", page, ben, "openid profile email offline_access");
    assert.deepEqual(notes.asked, ["login", "consent"]);
    assert.deepEqual((await signInAt("notes", page, ben, "openid profile")).asked, []);

    await open(page, "apps", ben);
    const row = page.locator(".rows > li");
    assert.match(await row.innerText(), /Notes of somebody else[^]*profile[^]*email[^]*while you are away/i);
    await row.getByRole("button", { name: "Take access back" }).click();
    await page.locator("#done", { hasText: "no access to your account any more" }).waitFor();
    assert.equal(await row.count(), 0);

    await assert.rejects(client.refreshTokenGrant(notes.config, notes.tokens.refresh_token), { error: "invalid_grant" });
    assert.equal(await statusOfUserInfo(notes), 401);
    assert.deepEqual((await signInAt("notes", page, ben, "openid profile")).asked, ["consent"]);
  });

  test("apps see the profile that was changed", async () => {
    const cleo = person("cleo");
    const page = await newPage();
    await open(page, "profile", cleo);
    await page.getByLabel("Name", { exact: true }).fill("Cleo C. Example");
    await page.getByLabel("Language").fill("not a language");
    await page.getByRole("button", { name: "Save" }).click();
    await page.locator("#claim-locale-problem").waitFor();
    assert.equal(await page.getByLabel("Name", { exact: true }).inputValue(), "Cleo C. Example");
    await page.getByLabel("Language").fill("de-CH");
    await page.getByRole("button", { name: "Save" }).click();
    await page.locator("#done", { hasText: "Your profile is saved." }).waitFor();

    const { config, tokens, claims } = await signInAt("shop", page, cleo, "openid profile");
    const info = await client.fetchUserInfo(config, tokens.access_token, claims.sub);
    assert.deepEqual([info.name, info.locale], ["Cleo C. Example", "de-CH"]);
  });

  test("a new username signs in, and the old one does not", async () => {
    const dora = person("dora");
    const page = await newPage();
    const before = await signInAt("shop", page, dora, "openid");
    await open(page, "profile", dora);
    await page.getByRole("link", { name: "Change your username" }).click();
    await page.getByLabel("New username").fill("anna");
    await page.getByRole("button", { name: "Change username" }).click();
    await page.locator("#problem", { hasText: "taken" }).waitFor();
    await page.getByLabel("New username").fill("theodora");
    await page.getByRole("button", { name: "Change username" }).click();
    await page.locator("#done", { hasText: "theodora" }).waitFor();

    const other = await newPage();
    await other.goto(address("profile"));
    await signIn(other, dora);
    await other.locator("#problem").waitFor();
    const after = await signInAt("shop", other, person("theodora"), "openid");
    assert.equal(after.claims.sub, before.claims.sub);
  });

  test("a new password signs every other browser out", async () => {
    const emil = person("emil");
    const [here, there] = [await newPage(laptop), await newPage(phone)];
    const shop = await signInAt("shop", there, emil, "openid offline_access");
    await open(here, "password", emil);
    await changePassword(here);
    await here.locator("#done", { hasText: "Your password is changed." }).waitFor();
    assert.deepEqual(await headings(here), ["Firefox on Windows This browser"]);

    await assert.rejects(client.refreshTokenGrant(shop.config, shop.tokens.refresh_token), { error: "invalid_grant" });
    await there.goto(address("profile"));
    await signIn(there, emil);
    await there.locator("#problem").waitFor();
    await signIn(there, { ...emil, password: newPassword });
    await there.getByRole("heading", { name: "Profile" }).waitFor();
    await here.goto(address("profile"));
    await here.getByRole("heading", { name: "Profile" }).waitFor();
  });

  test("who loses a group loses its scope at the next refresh", { skip: noSharedTables }, async () => {
    const fay = person("fay");
    const page = await newPage();
    const office = await signInAt("office", page, fay, "openid orders.read orders.write");
    assert.equal(office.tokens.scope, "openid orders.read orders.write");
    await open(page, "profile", fay);
    await page.getByText("shop-admins, shop-staff").waitFor();

    await importInto(tables, { users: [{ username: "fay", groups: ["shop-staff"] }] });
    const renewed = await client.refreshTokenGrant(office.config, office.tokens.refresh_token);
    assert.equal(renewed.scope, "openid orders.read");
    await page.reload();
    await page.getByText("shop-staff", { exact: true }).waitFor();

    await importInto(tables, { users: [{ username: "fay", groups: [] }] });
    await assert.rejects(client.refreshTokenGrant(office.config, renewed.refresh_token), { error: "invalid_grant" });
  });

  test("the activity shows what a stranger tried", async () => {
    const gus = person("gus");
    const stranger = await newPage(phone);
    await stranger.goto(address("profile"));
    await signIn(stranger, { ...gus, password: "a wrong password" });
    await stranger.locator("#problem").waitFor();

    const page = await newPage(laptop);
    await open(page, "activity", gus);
    const [first, second] = await page.locator(".events > li").allInnerTexts();
    assert.match(first, /^You signed in[^]*Firefox on Windows/);
    assert.match(second, /^Somebody tried to sign in with a wrong password\.[^]*Safari on iPhone/);
  });

  test("a person takes a copy of everything, and is forgotten", async () => {
    const hana = person("hana");
    const page = await newPage();
    const shop = await signInAt("shop", page, hana, "openid offline_access");
    await open(page, "data", hana);
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Download" }).click()]);
    const text = await readFile(await download.path(), "utf8");
    const copy = JSON.parse(text);
    assert.deepEqual([copy.username, copy.claims.email, copy.groups.length], ["hana", "hana@example.com", 2]);
    assert.ok(copy.sessions.length > 0 && copy.events.length > 0);
    assert.doesNotMatch(text, /hash|secret|argon|pbkdf/i);

    await page.getByRole("link", { name: "Delete your account" }).click();
    await page.getByLabel("Type your username to confirm").fill("somebody");
    await page.getByRole("button", { name: "Delete my account" }).click();
    await page.locator("#problem", { hasText: "Nothing was deleted" }).waitFor();
    await page.getByLabel("Type your username to confirm").fill("hana");
    await page.getByRole("button", { name: "Delete my account" }).click();
    await page.getByRole("heading", { name: "Your account is deleted" }).waitFor();
    await inspect(page, "account-deleted");

    await assert.rejects(client.refreshTokenGrant(shop.config, shop.tokens.refresh_token), { error: "invalid_grant" });
    await page.goto(address("profile"));
    await signIn(page, hana);
    await page.locator("#problem").waitFor();
  });

  test("everything works without scripts", async () => {
    const ivo = person("ivo");
    const there = await newPage(phone);
    await open(there, "sessions", ivo);
    const page = await newPage({ ...laptop, javaScriptEnabled: false });
    await signInAt("notes", page, ivo, "openid profile");
    await open(page, "profile", ivo);
    await page.getByLabel("Name", { exact: true }).fill("Ivo without scripts");
    await page.getByRole("button", { name: "Save" }).click();
    await page.locator("#done", { hasText: "Your profile is saved." }).waitFor();

    await goTo(page, "Apps");
    await page.getByRole("button", { name: "Take access back" }).click();
    await page.locator("#done").waitFor();
    await goTo(page, "Devices");
    await page.getByRole("button", { name: "Sign out: Safari on iPhone" }).click();
    await page.locator("#done").waitFor();
    await goTo(page, "Activity");
    assert.match(await page.locator(".events").innerText(), /You changed your profile\./);
    await goTo(page, "Security");
    await page.getByRole("link", { name: "Change password" }).click();
    await changePassword(page);
    await page.locator("#done").waitFor();
    await goTo(page, "Your data");
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Download" }).click()]);
    assert.equal(JSON.parse(await readFile(await download.path(), "utf8")).claims.name, "Ivo without scripts");
    await goTo(page, "Sign out");
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("heading", { name: "You are signed out" }).waitFor();

    await open(page, "delete", { ...ivo, password: newPassword });
    await page.getByLabel("Type your username to confirm").fill("ivo");
    await page.getByRole("button", { name: "Delete my account" }).click();
    await page.getByRole("heading", { name: "Your account is deleted" }).waitFor();
  });

  test("everything works without a mouse, and the focus can be seen", async () => {
    const page = await newPage();
    const nav = page.getByRole("navigation", { name: "Account" });
    await page.goto(address("profile"));
    await page.locator("#username:focus").waitFor();
    await page.keyboard.type("gus");
    await tabTo(page, page.getByLabel("Password", { exact: true }));
    await page.keyboard.type(alice.password);
    await page.keyboard.press("Enter");

    await tabTo(page, page.getByLabel("Name", { exact: true }));
    await page.keyboard.press("ControlOrMeta+A");
    await page.keyboard.type("Gus by keyboard");
    await page.keyboard.press("Enter");
    await page.locator("#done", { hasText: "Your profile is saved." }).waitFor();
    assert.equal(await page.getByLabel("Name", { exact: true }).inputValue(), "Gus by keyboard");

    for (const name of ["Security", "Devices", "Apps", "Activity", "Your data", "Profile"]) {
      await tabTo(page, nav.getByRole("link", { name, exact: true }));
      await page.keyboard.press("Enter");
      await nav.locator("[aria-current=page]", { hasText: name }).waitFor();
    }
    await tabTo(page, page.getByRole("link", { name: "Change your username" }));
    await page.keyboard.press("Enter");
    await tabTo(page, page.getByLabel("New username"));

    await tabTo(page, nav.getByRole("link", { name: "Devices" }));
    await page.keyboard.press("Enter");
    await tabTo(page, page.getByRole("button", { name: "Sign out: " }).first());
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "You are signed out" }).waitFor();
  });

  test("every page is accessible, and fits a phone", async () => {
    const [page, other] = [await newPage(laptop), await newPage(phone)];
    await open(page, "apps", alice);
    await inspect(page, "account-apps-none");
    await signInAt("shop", page, alice, "openid profile");
    await signInAt("notes", page, alice, "openid profile email offline_access");
    await other.goto(address("profile"));
    await signIn(other, { ...alice, password: "a wrong password" });
    await signIn(other, alice);
    await other.getByRole("heading", { name: "Profile" }).waitFor();

    for (const route of ["profile", "username", "password", "passkeys", "sessions", "apps", "activity", "data", "delete"]) {
      await page.goto(address(route));
      await inspect(page, `account-${route}`);
    }
    await page.goto(address("profile"));
    await page.getByLabel("Address of your picture").fill("http://pictures.example/alice.png");
    await page.getByRole("button", { name: "Save" }).click();
    await page.locator("#problem").waitFor();
    await inspect(page, "account-profile-problem");
    await page.getByLabel("Address of your picture").fill("");
    await page.getByRole("button", { name: "Save" }).click();
    await page.locator("#done").waitFor();
    await inspect(page, "account-profile-done");
    await page.goto(address("password"));
    await changePassword(page, "something else altogether");
    await page.locator("#problem").waitFor();
    await inspect(page, "account-password-problem");
    await page.goto(address("username"));
    await page.getByLabel("New username").fill("ben");
    await page.getByRole("button", { name: "Change username" }).click();
    await page.locator("#problem").waitFor();
    await inspect(page, "account-username-problem");
    await page.goto(address("delete"));
    await page.getByLabel("Type your username to confirm").fill("ben");
    await page.getByRole("button", { name: "Delete my account" }).click();
    await page.locator("#problem").waitFor();
    await inspect(page, "account-delete-problem");

    const nobody = await newPage();
    await nobody.goto(address("profile"));
    await nobody.getByRole("button", { name: "Cancel" }).click();
    await nobody.getByRole("heading", { name: "You are not signed in" }).waitFor();
    await inspect(nobody, "account-closed");
  });
});

const tables = newPrefix();
const complaints = [];
let host;
let server;

const address = (route) => `${server.issuer}/account/${route}`;

/** Opens an account page, signing in where that is asked for. */
async function open(page, route, who) {
  await page.goto(address(route));
  await passThrough(page, who, address(route));
}

const goTo = (page, name) => page.getByRole("navigation", { name: "Account" }).getByRole("link", { name, exact: true }).click();

async function changePassword(page, again = newPassword) {
  await page.getByLabel("New password").fill(newPassword);
  await page.getByLabel("The same password again").fill(again);
  await page.getByRole("button", { name: "Change password" }).click();
}

const headings = async (page) => (await page.locator(".rows h2").allTextContents()).map((text) => text.replace(/\s+/g, " ").trim());

/** Signs in at a client, whose callback is a page of its own. */
async function signInAt(id, page, who, scope) {
  const config = await client.discovery(new URL(server.issuer), id, {}, client.ClientSecretBasic(secret), { execute: [client.allowInsecureRequests] });
  const pkceCodeVerifier = client.randomPKCECodeVerifier();
  const checks = { pkceCodeVerifier, expectedState: client.randomState(), expectedNonce: client.randomNonce() };
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: callbackOf(id),
    scope,
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: "S256",
    state: checks.expectedState,
    nonce: checks.expectedNonce,
  });
  await page.goto(url.href);
  const asked = await passThrough(page, who, callbackOf(id));
  const tokens = await client.authorizationCodeGrant(config, new URL(page.url()), { ...checks, idTokenExpected: true });
  return { config, tokens, claims: tokens.claims(), asked };
}

async function statusOfUserInfo({ config, tokens }) {
  const { status } = await fetch(config.serverMetadata().userinfo_endpoint, { headers: { Authorization: `Bearer ${tokens.access_token}` } });
  return status;
}

async function logoutToken(id) {
  const { form } = await host.next(logoutPath);
  const keys = jose.createRemoteJWKSet(new URL(`${server.issuer}/.well-known/jwks.json`));
  const { payload } = await jose.jwtVerify(form.logout_token, keys, { issuer: server.issuer, audience: id, typ: "logout+jwt" });
  return payload;
}

/** Presses Tab until the focus is there. Wherever it goes on the way, it can be seen. */
async function tabTo(page, locator) {
  await locator.waitFor();
  const focused = () => locator.evaluate((element) => element === document.activeElement);
  for (let presses = 0; presses < 40; presses++) {
    await page.keyboard.press("Tab");
    const invisible = await page.evaluate(() => {
      const [element, style] = [document.activeElement, getComputedStyle(document.activeElement)];
      return element !== document.body && (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2) ? element.outerHTML : null;
    });
    assert.equal(invisible, null, "the focus can't be seen");
    if (await focused()) return;
  }
  assert.fail(`Tab does not lead to ${locator}`);
}
