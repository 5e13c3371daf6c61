// The demo page in a real browser: what a newcomer sees in the first half minute.

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { inspect } from "./harness/axe.mjs";
import { complaintsOf, executablePath, launch, signIn } from "./harness/chromium.mjs";
import { alice, demoSpa } from "./harness/samples.mjs";
import { startServer } from "./harness/server.mjs";

const skip = executablePath ? false : "no Chromium on the PATH, and none of Playwright's";
const screenshots = process.env.SCREENSHOTS; // a folder
const looks = {
  light: { colorScheme: "light", viewport: { width: 1280, height: 800 } },
  dark: { colorScheme: "dark", viewport: { width: 1280, height: 800 } },
  phone: { colorScheme: "light", viewport: { width: 360, height: 740 } },
};

describe("the demo page", { skip }, () => {
  let server;
  let browser;
  before(async () => {
    server = await startServer();
    browser = await launch();
    if (screenshots) mkdirSync(screenshots, { recursive: true });
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });

  test("and the pages around it are accessible and fit a phone", async () => {
    const page = await browser.newPage();
    try {
      for (const path of ["", "/guides/README.md", "/guides/start.md", "/guides/reference/settings.md"]) {
        assert.equal((await page.goto(server.issuer + path)).status(), 200);
        await inspect(page, path || "index");
      }
    } finally {
      await page.close();
    }
  });

  for (const [look, options] of Object.entries(looks)) {
    test(`signs in, refreshes and signs out (${look})`, async () => {
      const context = await browser.newContext(options);
      try {
        await walk(await context.newPage(), server.issuer, look);
      } finally {
        await context.close();
      }
    });
  }
});

async function walk(page, issuer, look) {
  const complaints = complaintsOf(page);
  const shot = async (name) => {
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${name} is wider than the screen`);
    if (screenshots) await page.screenshot({ path: join(screenshots, `${name}-${look}.png`), fullPage: true });
  };
  const text = (id) => page.locator(id).innerText();
  const filled = (id) => page.locator(`${id}:not(:empty)`).waitFor();

  await page.goto(demoSpa.redirectUri(issuer));
  await page.locator("#login").click();

  await page.waitForURL("**/login?*");
  await shot("login");
  await signIn(page, { ...alice, password: "a wrong password" });
  await page.locator("#problem").waitFor();
  await shot("login-problem");
  await signIn(page, alice);

  await page.waitForURL("**/consent?*");
  await shot("consent");
  await page.getByRole("button", { name: "Allow" }).click();

  await page.locator("#exchange-status", { hasText: "Signed in. Ask userinfo" }).waitFor();
  assert.equal(new URL(page.url()).search, "", "the code is out of the address bar");
  assert.equal(JSON.parse(await text("#id-token-claims")).aud, demoSpa.id);
  assert.equal(JSON.parse(await text("#access-token-claims")).client_id, demoSpa.id);

  await page.locator("#userinfo").click();
  await filled("#userinfo-output");
  assert.equal(JSON.parse(await text("#userinfo-output")).preferred_username, "alice");

  await page.locator("#refresh").click();
  await page.locator("#refresh-output", { hasText: "The refresh token changed" }).waitFor();
  assert.ok(await page.locator("#checks .passed").count() > 10);
  assert.deepEqual(await page.locator("#checks .failed").allInnerTexts(), []);
  await shot("demo");

  await page.locator("#logout").click();
  await page.locator("#exchange-status", { hasText: "Signed out" }).waitFor();
  assert.deepEqual(await page.locator("#checks .failed").allInnerTexts(), []);
  assert.ok(await page.locator("#error").isHidden());

  await page.locator("#dpop").check();
  await page.locator("#login").click();
  await page.waitForURL("**/login?*"); // the session is gone, so it asks again
  await signIn(page, alice);
  await page.waitForURL("**/consent?*"); // and for what lasts while the person is away
  await page.getByRole("button", { name: "Allow" }).click();
  await page.locator("#exchange-status", { hasText: "Signed in. Ask userinfo" }).waitFor();
  await page.locator("#checks", { hasText: "bound to the key of this tab" }).waitFor();
  await page.locator("#userinfo").click();
  await filled("#userinfo-output");
  assert.equal(JSON.parse(await text("#userinfo-output")).preferred_username, "alice");
  await page.locator("#refresh").click();
  await page.locator("#refresh-output", { hasText: "The refresh token changed" }).waitFor();
  assert.deepEqual(await page.locator("#checks .failed").allInnerTexts(), []);
  assert.deepEqual(complaints.splice(0), []);

  const answer = await page.goto(`${issuer}/authorize?client_id=${demoSpa.id}&response_type=code&scope=openid&redirect_uri=https%3A%2F%2Fattacker.example%2F`);
  assert.equal(answer.status(), 400);
  assert.equal(new URL(page.url()).origin, issuer);
  assert.match(await text("main"), /redirect_uri is not registered/);
  await shot("error");
  assert.deepEqual(complaints.filter((complaint) => !complaint.includes("400 (Bad Request)")), []);
}
