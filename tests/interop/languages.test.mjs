// The pages in every language, and with another brand: they fit a narrow phone, from right to left, too, and axe-core finds nothing wrong with them.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { fit, glance, inspect } from "./harness/axe.mjs";
import { executablePath, useBrowser } from "./harness/chromium.mjs";
import { startClientHost } from "./harness/client-host.mjs";
import { alice, importOf } from "./harness/samples.mjs";
import { startServer } from "./harness/server.mjs";

const skip = executablePath ? false : "no Chromium on the PATH, and none of Playwright's";
const languages = ["en", "ar", "de", "es", "fr", "it", "ja", "nl", "pl", "pt", "zh-Hans"];
const structures = ["en", "ar", "ja"]; // from left to right, from right to left, and in another script: the others have the same structure
const brands = {
  violet: { OperatorName: "Violet & Sons", "Brand:Accent": "#7b1fa2", "Brand:SupportUri": "mailto:help@violet.example", "Brand:PrivacyUri": "https://violet.example/privacy", "Brand:FooterText": "Violet & Sons Ltd, 1 High Street, London" },
  red: { OperatorName: "Rot AG", "Brand:Accent": "#b71c1c", "Brand:TermsUri": "https://rot.example/agb" },
  black: { OperatorName: "黒 株式会社", "Brand:Accent": "#000000", "Brand:SupportUri": "https://kuro.example/help" },
};

describe("pages in every language", { skip }, () => {
  let host;
  const callback = () => `${host.origin}/callback`;
  before(async () => (host = await startClientHost({ "/callback": "<title>The app</title>", "/favicon.ico": "" })));
  after(() => host.stop());

  const data = () => importOf({
    scopes: [{ name: "orders.read", display_name: "See your orders", ...Object.fromEntries(languages.map((tag) => [`display_name#${tag}`, `See your orders (${tag})`])) }],
    clients: [{ client_id: "shop", client_name: "The shop", client_secret: "interop-secret-0123456789-abcdefghijklmn", redirect_uris: [callback()], grant_types: ["authorization_code", "refresh_token"], scope: "openid profile email address phone offline_access orders.read" }],
  });
  const scene = useBrowser(() => startServer({ settings: { SelfRegistration: "true" }, data: data() }));

  const authorize = (server, more = {}) => `${server.issuer}/authorize?${new URLSearchParams({
    client_id: "shop", response_type: "code", redirect_uri: callback(), scope: "openid profile email address phone offline_access orders.read", prompt: "consent",
    code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", code_challenge_method: "S256", ...more,
  })}`;

  for (const locale of languages) {
    test(`in ${locale}`, async () => {
      const page = await scene.newPage({ locale });
      const see = async (name) => {
        assert.equal(await page.locator("html").getAttribute("lang"), locale);
        await (structures.includes(locale) ? glance : fit)(page, `${name}-${locale}`);
      };
      await page.goto(authorize(scene.server));
      await page.locator("#username").fill(alice.username);
      await page.locator("#password").fill("a wrong password");
      await page.locator("button[value=login]").click();
      await page.locator("#problem").waitFor();
      await see("login-problem");
      await page.locator("#password").fill(alice.password);
      await page.locator("button[value=login]").click();
      await page.waitForURL("**/consent?*");
      await see("consent");
      await page.goto(`${scene.server.issuer}/account/security`);
      await see("security");
      if (locale === "ar") assert.equal(await page.evaluate(() => getComputedStyle(document.body).direction), "rtl");
    });
  }

  for (const [name, settings] of Object.entries(brands)) {
    test(`with the brand ${name}`, async () => {
      const server = await startServer({ settings, data: data() });
      try {
        const page = await scene.newPage();
        await page.goto(authorize(server));
        await inspect(page, `brand-${name}`);
      } finally {
        await server.stop();
      }
    });
  }
});
