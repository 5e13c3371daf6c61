// Every page that a person comes to on the way to an app, looked at by axe-core in light, in dark and on a phone.

import assert from "node:assert/strict";
import { after, afterEach, before, describe, test } from "node:test";
import { inspect } from "./harness/axe.mjs";
import { complaintsOf, executablePath, launch, passThrough, signIn } from "./harness/chromium.mjs";
import { startClientHost } from "./harness/client-host.mjs";
import { alice, importOf } from "./harness/samples.mjs";
import { startServer } from "./harness/server.mjs";

const skip = executablePath ? false : "no Chromium on the PATH, and none of Playwright's";

describe("the pages on the way to an app", { skip }, () => {
  let host;
  let server;
  let browser;
  let page;
  let complaints;
  const callback = () => `${host.origin}/callback`;
  const authorize = (id, more = {}) => `${server.issuer}/authorize?${new URLSearchParams({
    client_id: id, response_type: "code", redirect_uri: callback(), scope: "openid profile email address phone orders.read offline_access",
    code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", code_challenge_method: "S256", ...more,
  })}`;
  const web = (id, more) => ({
    client_id: id,
    client_secret: "interop-secret-0123456789-abcdefghijklmn",
    redirect_uris: [callback()],
    grant_types: ["authorization_code", "refresh_token"],
    scope: "openid profile email address phone offline_access orders.read",
    client_uri: "https://app.example/",
    policy_uri: "https://app.example/privacy",
    tos_uri: "https://app.example/terms",
    ...more,
  });

  before(async () => {
    host = await startClientHost({ "/callback": "<title>The app</title>", "/favicon.ico": "" });
    server = await startServer({
      settings: { SelfRegistration: "true" },
      data: importOf({
        groups: [{ name: "shop-staff" }],
        scopes: [{ name: "orders.read", display_name: "See your orders", description: "What you bought, when, and where it was sent" }],
        resources: [{ identifier: "https://api.example.com/orders", display_name: "The order API", scopes: ["orders.read"] }],
        authorization_details_types: [
          {
            type: "payment",
            title: "One payment",
            schema: {
              properties: { amount: { type: "number" }, creditor: { type: "string" }, items: { type: "array", items: { type: "string" } } },
              required: ["amount", "creditor"],
            },
            lines: [{ text: "Up to {amount} EUR to {creditor}" }, { text: "For {items}" }],
          },
        ],
        clients: [
          web("app", { client_name: "An app of somebody else", client_description: "Buy things, and see what you bought" }),
          web("shop", { client_name: "A shop", authorization_details_types: ["payment"] }),
          web("choosy", { client_name: "An app that can do with less", required_scopes: ["profile"] }),
          web("staff", { client_name: "Back office", first_party: true, contacts: ["it@example.com"], scope_maps: { "shop-staff": ["orders.read"] } }),
        ],
      }),
    });
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
    await host?.stop();
  });
  afterEach(async () => {
    await page.context().close();
    // The statuses of error pages are what the pages say.
    assert.deepEqual(complaints.filter((complaint) => !/status of (400|403|404) /.test(complaint)), []);
  });
  const newPage = async () => {
    page = await (await browser.newContext()).newPage();
    complaints = complaintsOf(page);
  };

  test("login, consent and logout", async () => {
    await newPage();
    await page.goto(authorize("app"));
    await inspect(page, "login");
    await signIn(page, { ...alice, password: "a wrong password" });
    await page.locator("#problem").waitFor();
    await inspect(page, "login-problem");
    await signIn(page, alice);
    await page.waitForURL("**/consent?*");
    await inspect(page, "consent");
    await page.goto(authorize("app", { resource: "https://api.example.com/orders" }));
    await page.waitForURL("**/consent?*");
    await inspect(page, "consent-resource");
    await passThrough(page, alice, callback());
    await page.goto(authorize("app", { prompt: "consent" }));
    await page.waitForURL("**/consent?*");
    await inspect(page, "consent-again");

    await page.goto(`${server.issuer}/logout`);
    await inspect(page, "logout");
    await page.getByRole("button", { name: "Stay signed in" }).click();
    await page.getByRole("heading", { name: "You are still signed in" }).waitFor();
    await inspect(page, "logout-stay");
    await page.goto(`${server.issuer}/logout?client_id=app`);
    await inspect(page, "logout-of-app");
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("heading", { name: "You are signed out" }).waitFor();
    await inspect(page, "logged-out");
  });

  test("consent to what was asked for in detail", async () => {
    await newPage();
    const payment = { type: "payment", amount: 25.5, creditor: "Green Grocer" };
    const long = { ...payment, creditor: "x".repeat(300), items: ["apples", "\u05ea\u05e4\u05d5\u05d7", "<b>pears</b>"] };
    await page.goto(authorize("shop", { authorization_details: JSON.stringify([payment, long]) }));
    await signIn(page, alice);
    await page.waitForURL("**/consent?*");
    await page.getByText("Up to 25.5 EUR to Green Grocer").waitFor();
    await page.getByText("<b>pears</b>").waitFor();
    await inspect(page, "consent-details");
  });

  test("consent with scopes that can be left out", async () => {
    await newPage();
    await page.goto(authorize("choosy"));
    await signIn(page, alice);
    await page.waitForURL("**/consent?*");
    await inspect(page, "consent-optional");
    await page.getByRole("link", { name: "Switch account" }).click();
    await page.waitForURL("**/login?*");
  });

  test("the portal, and the accounts that the browser knows", async () => {
    await newPage();
    await page.goto(`${server.issuer}/apps`);
    await signIn(page, alice);
    await page.getByRole("heading", { name: "Your apps" }).waitFor();
    await page.getByRole("link", { name: /An app of somebody else/ }).waitFor();
    await inspect(page, "portal");
    await page.goto(authorize("app", { prompt: "select_account" }));
    await page.waitForURL("**/select_account?*");
    await inspect(page, "select-account");
  });

  test("sign-up", async () => {
    await newPage();
    await page.goto(authorize("app", { prompt: "create" }));
    await page.getByRole("heading", { name: "Create an account" }).waitFor();
    await inspect(page, "signup");
    await page.getByLabel("Username").fill("alice");
    await page.getByLabel(/^Password/).fill("four words without relation");
    await page.getByRole("button", { name: "Create account" }).click();
    await page.locator("#problem").waitFor();
    await inspect(page, "signup-problem");
  });

  test("errors, and no access", async () => {
    await newPage();
    await page.goto(authorize("app", { redirect_uri: "https://attacker.example/" }));
    await inspect(page, "error");
    await page.goto(`${server.issuer}/account/nothing`);
    await inspect(page, "error-not-found");
    await page.goto(authorize("staff"));
    await signIn(page, alice);
    await page.getByRole("heading", { name: "You have no access to this app" }).waitFor();
    await inspect(page, "no-access");
  });

  test("the page that posts an answer, where its script does not run", async () => {
    await newPage();
    await page.route("**/form-post.js*", (route) => route.fulfill({ contentType: "text/javascript", body: "" }));
    await page.goto(authorize("app", { response_mode: "form_post" }));
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("heading", { name: "One moment" }).waitFor();
    await inspect(page, "form-post");
  });
});
