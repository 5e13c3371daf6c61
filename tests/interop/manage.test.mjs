// The pages on which the server is managed, in a real browser: from an empty server to a protected API with a person in a group.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as client from "openid-client";
import { inspect } from "./harness/axe.mjs";
import { executablePath, passThrough, signIn, useBrowser } from "./harness/chromium.mjs";
import { alice } from "./harness/samples.mjs";
import { startServer } from "./harness/server.mjs";

const skip = executablePath ? false : "no Chromium on the PATH, and none of Playwright's";
const admin = { username: "admin", password: "Admin-Horse-9-Battery" };
const api = "https://shelf.example";
const callback = "https://desk.example/callback";

// An empty server but for who manages it.
const data = {
  groups: [{ name: "administrators" }, { name: "auditors" }],
  clients: [],
  users: [{ ...admin, groups: ["administrators"] }, { ...alice, groups: ["auditors"] }],
};

describe("the management pages", { skip }, () => {
  const scene = useBrowser(() => startServer({ data }));
  const address = (route) => `${scene.server.issuer}/manage${route ? `/${route}` : ""}`;

  const open = async (page, route, who) => {
    await page.goto(address(route));
    if (page.url().includes("/login")) await passThrough(page, who, address());
    if (page.url() !== address(route)) await page.goto(address(route));
  };

  const press = (page, name) => page.getByRole("button", { name, exact: true }).click();
  const unfold = (page, name) => page.locator("summary", { hasText: name }).click();
  const done = (page, text) => page.locator("#done", { hasText: text }).waitFor();

  test("lead from an empty server to a protected API with a person in a group", async () => {
    const page = await scene.newPage();
    await open(page, "scopes", admin);

    // 1 and 2: what the API has.
    await unfold(page, "Create a scope");
    await page.getByLabel("What it is called", { exact: true }).first().fill("shelf.read");
    await page.getByLabel("Text on the consent page").fill("See the shelf");
    await page.locator("details[open]").getByRole("button", { name: "Create" }).click();
    await done(page, "shelf.read is created.");
    await unfold(page, "Create an API");
    await page.getByLabel("Identifier").fill(api);
    await page.locator("details[open]").getByLabel("Scopes").fill("shelf.read");
    await page.locator("details[open]").getByRole("button", { name: "Create" }).click();
    await done(page, `${api} is created.`);
    await inspect(page, "manage-scopes");

    // 3: a group of those who may use it.
    await open(page, "groups", admin);
    await page.getByLabel("What it is called", { exact: true }).fill("readers");
    await press(page, "Create");
    await page.getByRole("heading", { name: "Group: readers" }).waitFor();

    // 4: an app.
    await open(page, "clients/new", admin);
    await inspect(page, "manage-clients-new");
    await page.getByRole("link", { name: "Choose: Single-page app" }).click();
    await page.getByLabel("Client id").fill("desk");
    await page.getByLabel("What it is called", { exact: true }).fill("The desk");
    await page.getByLabel("Redirect URIs", { exact: true }).fill(callback);
    await page.getByLabel("Scopes").fill("openid profile shelf.read");
    await inspect(page, "manage-clients-new-spa");
    await press(page, "Create");
    await done(page, "The app is registered.");
    await inspect(page, "manage-client");

    // 5 and 6: a person in the group.
    await open(page, "users/new", admin);
    await page.getByLabel("Username").fill("rita");
    await page.getByLabel("Name", { exact: true }).fill("Rita Reader");
    await inspect(page, "manage-users-new");
    await press(page, "Create");
    await done(page, "rita is created.");
    const password = await page.locator(".shown-once").innerText();
    await inspect(page, "manage-user-created");
    await unfold(page, "Add to a group");
    await page.getByLabel("Group", { exact: true }).fill("readers");
    await press(page, "Add");
    await page.getByRole("link", { name: "readers" }).waitFor();

    await assertTokenFor(await scene.newPage(), { username: "rita", password: password.trim() });
    for (const route of ["", "users", "groups", "groups/readers", "clients", "keys", "events", "webhooks", "settings", "api"]) {
      await open(page, route, admin);
      await inspect(page, `manage-${route.replace("/", "-") || "overview"}`);
    }
    await page.goto(`${address("groups/readers")}?ask=delete`);
    await page.getByRole("heading", { name: "Delete the group readers?" }).waitFor();
    await inspect(page, "manage-group-delete");
    await press(page, "Delete");
    await page.locator("#problem", { hasText: "still in use" }).waitFor();
    await inspect(page, "manage-group-problem");
  });

  /** The app gets a token for the API on behalf of the person. */
  async function assertTokenFor(page, person) {
    const config = await client.discovery(new URL(scene.server.issuer), "desk", undefined, client.None(), { execute: [client.allowInsecureRequests] });
    const pkceCodeVerifier = client.randomPKCECodeVerifier();
    const url = client.buildAuthorizationUrl(config, {
      redirect_uri: callback, scope: "openid shelf.read", code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier), code_challenge_method: "S256",
    });
    await page.route(`${callback}**`, (route) => route.fulfill({ body: "<!doctype html><title>desk</title>", contentType: "text/html" }));
    await page.goto(url.href);
    await passThrough(page, person, callback);
    const tokens = await client.authorizationCodeGrant(config, new URL(page.url()), { pkceCodeVerifier });
    const claims = JSON.parse(Buffer.from(tokens.access_token.split(".")[1], "base64url").toString());
    assert.ok([claims.aud].flat().includes(api));
    assert.equal(claims.scope, "openid shelf.read");
  }

  test("show an auditor everything and let them change nothing, without scripts", async () => {
    const page = await scene.newPage({ javaScriptEnabled: false });
    await page.goto(address("users"));
    await signIn(page, alice);
    await page.getByRole("heading", { name: "People" }).waitFor();
    assert.deepEqual(await page.locator("main button").allInnerTexts(), ["Find"]);
    await page.getByLabel("The beginning of the username").fill("adm");
    await press(page, "Find");
    await page.getByRole("link", { name: "admin" }).click();
    await page.getByRole("heading", { name: "Person: admin" }).waitFor();
    assert.equal(await page.locator("main form").count(), 0);
  });
});
