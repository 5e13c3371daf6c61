// The second factor in a real browser: from the first code to the last recovery code.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { newApp } from "./harness/authenticator.mjs";
import { inspect } from "./harness/axe.mjs";
import { executablePath, signIn, useBrowser } from "./harness/chromium.mjs";
import { alice, importOf } from "./harness/samples.mjs";
import { startServer } from "./harness/server.mjs";

const skip = executablePath ? false : "no Chromium on the PATH, and none of Playwright's";

describe("second factors", { skip }, () => {
  const scene = useBrowser(() => startServer({ data: importOf({ clients: [], scopes: [], users: ["ada", "ben"].map((username) => ({ ...alice, username })) }) }));
  const { newPage } = scene;

  const address = (route) => `${scene.server.issuer}/account/${route}`;

  test("an app is set up, asked for, and stood in for by a recovery code", async () => {
    const who = { ...alice, username: "ada" };
    const page = await newPage();
    await page.goto(address("security"));
    await signIn(page, who);
    await page.waitForURL(address("security"));
    await inspect(page, "account-security");
    await page.getByRole("link", { name: "Set up" }).first().click();
    await page.getByRole("heading", { name: "Set up an app for codes" }).waitFor();
    await inspect(page, "account-totp");
    const nextCode = newApp(await page.locator("#secret").textContent());
    await page.getByLabel("The 6 digits that the app shows").fill(nextCode());
    await page.getByRole("button", { name: "Set up" }).click();
    await page.getByRole("heading", { name: "Your recovery codes" }).waitFor();
    await inspect(page, "account-recovery-codes");
    const codes = await page.locator(".codes code").allTextContents();
    assert.equal(new Set(codes).size, 10);

    await page.context().clearCookies();
    await page.goto(address("profile"));
    await signIn(page, who);
    await page.getByRole("heading", { name: "Confirm that it is you" }).waitFor();
    await inspect(page, "second-factor");
    await page.getByLabel("The 6 digits that your app shows now").fill("not a code");
    await page.getByRole("button", { name: "Continue" }).click();
    await page.locator("#problem").waitFor();
    await page.getByLabel("The 6 digits that your app shows now").fill(nextCode());
    await page.getByLabel("Do not ask for a code in this browser").check();
    await page.getByRole("button", { name: "Continue" }).click();
    await page.waitForURL(address("profile"));

    // This browser is not asked any more; what matters is asked for all the same.
    await page.goto(`${scene.server.issuer}/logout`);
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.goto(address("profile"));
    await signIn(page, who);
    await page.waitForURL(address("profile"));
    await page.goto(address("recovery-codes"));
    await page.getByRole("link", { name: "Use a recovery code" }).click();
    await inspect(page, "second-factor-recovery");
    await page.getByLabel("One of your recovery codes").fill(codes[0]);
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByRole("heading", { name: "Make new recovery codes" }).waitFor();
    assert.match(await page.locator(".lead").textContent(), /You have 9 codes left\./);

    await page.goto(address("totp"));
    await page.getByRole("button", { name: "Remove the app" }).click();
    await page.waitForURL(address("security"));
    await page.getByRole("heading", { name: "App for codes" }).waitFor();
    assert.equal(await page.getByRole("heading", { name: "Recovery codes" }).count(), 0);
  });

  test("everything works without script", async () => {
    const who = { ...alice, username: "ben" };
    const page = await newPage({ javaScriptEnabled: false });
    await page.goto(address("totp"));
    await signIn(page, who);
    const nextCode = newApp(await page.locator("#secret").textContent());
    await page.getByLabel("The 6 digits that the app shows").fill(nextCode());
    await page.getByRole("button", { name: "Set up" }).click();
    await page.getByRole("heading", { name: "Your recovery codes" }).waitFor();
    await page.context().clearCookies();
    await page.goto(address("profile"));
    await signIn(page, who);
    await page.getByLabel("The 6 digits that your app shows now").fill(nextCode());
    await page.getByRole("button", { name: "Continue" }).click();
    await page.waitForURL(address("profile"));
  });
});
