// Passkeys in a real browser, whose authenticator is a virtual one: the script of the pages, the policy for it, and what Chromium sends.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { inspect } from "./harness/axe.mjs";
import { executablePath, passThrough, signIn, useBrowser } from "./harness/chromium.mjs";
import { alice, importOf, sampleService } from "./harness/samples.mjs";
import { startServer } from "./harness/server.mjs";

const skip = executablePath ? false : "no Chromium on the PATH, and none of Playwright's";

describe("passkeys", { skip }, () => {
  const scene = useBrowser(() => startServer({ data: importOf({ clients: [{ client_id: sampleService.id, client_secret: sampleService.secret, grant_types: ["client_credentials"], scope: "orders.read" }], scopes: [{ name: "orders.read", display_name: "See orders" }], users: ["berta", "carl", "dina"].map((username) => ({ ...alice, username })) }) }));
  const { newPage } = scene;

  const address = (route) => `${scene.server.issuer}/account/${route}`;

  /** A page with an authenticator that knows its owner, and touches nothing until it is told to. */
  async function newPerson(options = {}) {
    const page = await newPage();
    const cdp = await page.context().newCDPSession(page);
    await cdp.send("WebAuthn.enable");
    const { authenticatorId } = await cdp.send("WebAuthn.addVirtualAuthenticator", {
      options: {
        protocol: "ctap2", ctap2Version: "ctap2_1", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true,
        automaticPresenceSimulation: false, ...options,
      },
    });
    return {
      page,
      setPresent: (enabled) => cdp.send("WebAuthn.setAutomaticPresenceSimulation", { authenticatorId, enabled }),
      setVerified: (isUserVerified) => cdp.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified }),
      credentials: async () => (await cdp.send("WebAuthn.getCredentials", { authenticatorId })).credentials,
    };
  }

  /** The page then offers passkeys by its button only. */
  const withoutConditional = (page) => page.addInitScript("if (localStorage.getItem('button-only')) delete PublicKeyCredential.isConditionalMediationAvailable;");

  async function addPasskey({ page, setPresent }, name, who = alice) {
    await page.goto(address("passkeys"));
    if (new URL(page.url()).pathname.endsWith("/login")) await passThrough(page, who, address("passkeys"));
    // Who has a passkey must show it.
    if (new URL(page.url()).pathname.endsWith("/second_factor")) {
      await inspect(page, "second-factor-passkey");
      await setPresent(true);
      await page.getByRole("button", { name: "Use a passkey" }).click();
      await page.waitForURL(address("passkeys"));
    }
    await page.getByLabel("Name of the passkey").last().fill(name);
    await setPresent(true);
    await page.getByRole("button", { name: "Add a passkey" }).click();
    await page.locator("#done, form[data-passkey] [role=status]:not(:empty)").first().waitFor();
    await setPresent(false);
  }

  /** The libraries that the server has loaded and only passkeys need. */
  const loaded = () => [...new Set(readFileSync(`/proc/${scene.server.pid}/maps`, "utf8").match(/(Microsoft\.AspNetCore\.Identity|System\.Formats\.Cbor)\.dll/g))].sort();

  // The first test: what is loaded stays loaded.
  test("a login by password and a token load nothing that only passkeys need", { skip: !existsSync("/proc/self/maps") }, async () => {
    const page = await newPage();
    await page.goto(address("profile"));
    await page.getByRole("button", { name: "Sign in with a passkey" }).waitFor();
    await signIn(page, alice);
    await page.waitForURL(address("profile"));
    const token = await fetch(`${scene.server.issuer}/token`, {
      method: "POST",
      headers: { Authorization: `Basic ${btoa(`${sampleService.id}:${sampleService.secret}`)}` },
      body: new URLSearchParams({ grant_type: "client_credentials" }),
    });
    assert.equal(token.status, 200);
    assert.deepEqual(loaded(), []);
    const person = await newPerson();
    await addPasskey(person, "Something to load", { ...alice, username: "dina" });
    assert.deepEqual(loaded(), ["Microsoft.AspNetCore.Identity.dll", "System.Formats.Cbor.dll"]);
  });

  test("a person adds one, and signs in by the button and by the name field", async () => {
    const person = await newPerson();
    const { page, setPresent, credentials } = person;
    await withoutConditional(page);
    await addPasskey(person, "This <b>laptop</b>");
    await page.locator("#done", { hasText: "The passkey is added." }).waitFor();
    assert.match(await page.locator(".rows h2").textContent(), /^This <b>laptop<\/b>/);
    const [credential] = await credentials();
    assert.deepEqual([credential.rpId, credential.isResidentCredential, Buffer.from(credential.userHandle, "base64").length], ["localhost", true, 32]);
    await inspect(page, "account-passkeys");

    // The same authenticator is not asked for a second one.
    await addPasskey(person, "Again");
    await page.locator("[role=status]", { hasText: "has a passkey for your account already" }).waitFor();

    await page.evaluate(() => localStorage.setItem("button-only", "yes"));
    await page.context().clearCookies();
    await page.goto(address("profile"));
    await page.getByRole("button", { name: "Sign in with a passkey" }).waitFor();
    await inspect(page, "login-passkey");
    await setPresent(true);
    await page.getByRole("button", { name: "Sign in with a passkey" }).click();
    await page.waitForURL(address("profile"));

    await page.evaluate(() => localStorage.removeItem("button-only"));
    await page.context().clearCookies();
    await page.goto(address("sessions"));
    await page.waitForURL(address("sessions"));
    assert.ok((await credentials())[0].signCount > credential.signCount);
  });

  test("an authenticator that does not verify the person adds and opens nothing", async () => {
    const person = await newPerson();
    await withoutConditional(person.page);
    await person.setVerified(false);
    await addPasskey(person, "Anybody's", { ...alice, username: "berta" });
    assert.equal(await person.page.locator("#done").count(), 0);
    await person.page.goto(address("passkeys"));
    assert.equal(await person.page.locator(".rows").count(), 0);
  });

  test("it is renamed and removed, and the password form works without script", async () => {
    const carl = { ...alice, username: "carl" };
    const person = await newPerson();
    await addPasskey(person, "To rename", carl);
    const plain = await newPage({ javaScriptEnabled: false });
    await plain.goto(address("profile"));
    assert.equal(await plain.getByRole("button", { name: "Sign in with a passkey" }).count(), 0);
    await signIn(plain, carl);
    await plain.waitForURL(address("profile"));

    const { page } = person;
    await addPasskey(person, "Again", carl);
    const row = page.locator(".rows > li", { hasText: "To rename" });
    await row.getByText("Rename", { exact: true }).click();
    await row.getByRole("textbox").fill("Renamed");
    await row.getByRole("button", { name: "Save the name" }).click();
    await page.getByRole("button", { name: "Remove: Renamed" }).click();
    await page.locator("#done", { hasText: "The passkey is removed." }).waitFor();
  });
});
