// What an operator can choose for the login: the name first, terms of service, and codes by mail.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { inspect } from "./harness/axe.mjs";
import { executablePath, useBrowser } from "./harness/chromium.mjs";
import { startClientHost } from "./harness/client-host.mjs";
import { alice, importOf } from "./harness/samples.mjs";
import { startServer } from "./harness/server.mjs";

const skip = executablePath ? false : "no Chromium on the PATH, and none of Playwright's";

describe("the choices of an operator", { skip }, () => {
  let host;
  const callback = () => `${host.origin}/callback`;
  before(async () => (host = await startClientHost({ "/callback": "<title>The app</title>", "/favicon.ico": "" })));
  after(() => host.stop());

  const scene = useBrowser(() => startServer({
    settings: { "Login:NameFirst": "true", "Terms:Address": "https://shop.example/terms", "Terms:Version": "2027-01", "SecondFactors:EmailCodes": "true" },
    data: importOf({ clients: [{ client_id: "shop", client_name: "The shop", client_secret: "interop-secret-0123456789-abcdefghijklmn", redirect_uris: [callback()], first_party: true }] }),
  }));

  test("the name, the password, a code by mail and the terms, one after the other", async () => {
    const page = await scene.newPage();
    await page.goto(`${scene.server.issuer}/authorize?${new URLSearchParams({
      client_id: "shop", response_type: "code", redirect_uri: callback(), scope: "openid", acr_values: "urn:functionsauth:acr:mfa",
      code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", code_challenge_method: "S256",
    })}`);
    await inspect(page, "login-name");
    await page.getByLabel("Username or email").fill(alice.username);
    await page.getByRole("button", { name: "Next" }).click();
    await inspect(page, "login-password");
    await page.getByLabel("Password", { exact: true }).fill(alice.password);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await inspect(page, "second-factor-email");
    await page.getByRole("button", { name: "Send the code" }).click();
    await inspect(page, "second-factor-email-sent");
    await page.getByLabel("The 8 digits in the mail").fill(await codeInMail(page));
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByRole("heading", { name: "Terms of service" }).waitFor();
    await inspect(page, "terms");
    await page.getByRole("button", { name: "Accept and continue" }).click();
    await page.waitForURL((url) => url.href.startsWith(callback()));
    assert.ok(new URL(page.url()).searchParams.get("code"));
  });

  async function codeInMail(page) {
    const mails = await page.context().newPage();
    const mail = mails.locator("article", { hasText: "Your code for" });
    while ((await mail.count()) === 0) await mails.goto(`${scene.server.issuer}/mail`);
    const [code] = (await mail.textContent()).match(/\d{8}/);
    await mails.close();
    return code;
  }
});
