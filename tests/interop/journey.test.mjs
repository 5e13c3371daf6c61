// One person's way through everything that has to do with signing in, in a real browser with a virtual authenticator: from the sign-up by mail to the
// last factor that is taken away. The mails are read on LocalHost's own page.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { newApp } from "./harness/authenticator.mjs";
import { inspect } from "./harness/axe.mjs";
import { executablePath, signIn, useBrowser } from "./harness/chromium.mjs";
import { importOf } from "./harness/samples.mjs";
import { startServer } from "./harness/server.mjs";

const skip = executablePath ? false : "no Chromium on the PATH, and none of Playwright's";

describe("the journey of a person", { skip }, () => {
  const scene = useBrowser(() => startServer({
    settings: { SelfRegistration: "true", "SignUp:Email": "true", "Terms:Address": "https://shop.example/terms", "Terms:Version": "2027-01", "Mail:NewDevice": "true" },
    data: importOf({ clients: [] }),
  }));

  const address = (route) => `${scene.server.issuer}/account/${route}`;
  const person = { username: "erika", password: "four words without relation" };
  const email = "erika@example.com";

  /** The newest mail that has the words in its subject: what it links to. */
  async function linkOf(page, subject) {
    const mails = await page.context().newPage();
    const mail = mails.locator("article", { hasText: subject }).first();
    while ((await mail.count()) === 0) await mails.goto(`${scene.server.issuer}/mail`);
    const [link] = (await mail.textContent()).match(/http:\/\/\S+\/link\/[a-z]+#[\w-]+/) ?? [];
    await mails.close();
    return link;
  }

  test("sign up, add factors, sign in with each, step up, reset, and take a factor away", async () => {
    const page = await scene.newPage();
    const cdp = await page.context().newCDPSession(page);
    await cdp.send("WebAuthn.enable");
    const { authenticatorId } = await cdp.send("WebAuthn.addVirtualAuthenticator", {
      options: { protocol: "ctap2", ctap2Version: "ctap2_1", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: false },
    });
    const touch = (enabled) => cdp.send("WebAuthn.setAutomaticPresenceSimulation", { authenticatorId, enabled });

    // Sign up, by the mail that was received.
    await page.goto(address("profile"));
    await page.getByRole("link", { name: "Create an account" }).click();
    await inspect(page, "sign-up-email");
    await page.getByLabel("Your email address").fill(email);
    await page.getByRole("button", { name: "Send the link" }).click();
    await page.getByRole("heading", { name: "Look at your mail" }).waitFor();
    await inspect(page, "sign-up-sent");
    await page.goto(await linkOf(page, "Make your account"));
    await page.getByLabel("Username").fill(person.username);
    await page.getByLabel("Password", { exact: true }).fill(person.password);
    await page.getByLabel("The same password again").fill(person.password);
    await page.getByLabel("I accept the terms of service").check();
    await inspect(page, "sign-up-account");
    await page.getByRole("button", { name: "Make the account" }).click();
    await page.waitForURL(address("profile"));

    // An app for codes, and a passkey.
    await page.goto(address("totp"));
    const nextCode = newApp(await page.locator("#secret").textContent());
    await page.getByLabel("The 6 digits that the app shows").fill(nextCode());
    await page.getByRole("button", { name: "Set up" }).click();
    await page.getByRole("heading", { name: "Your recovery codes" }).waitFor();
    const recovery = await page.locator(".codes code").allTextContents();
    await page.goto(address("passkeys"));
    // The password alone is not sure enough any more: it steps up.
    await page.getByLabel("The 6 digits that your app shows now").fill(nextCode());
    await page.getByRole("button", { name: "Continue" }).click();
    await page.waitForURL(address("passkeys"));
    await page.getByLabel("Name of the passkey").last().fill("Laptop");
    await touch(true);
    await page.getByRole("button", { name: "Add a passkey" }).click();
    await page.locator("#done", { hasText: "The passkey is added." }).waitFor();
    await touch(false);

    // Out, and in with the passkey.
    await signOut(page);
    await touch(true);
    await page.goto(address("profile"));
    await page.waitForURL(address("profile"));
    await touch(false);

    // In with the password and a recovery code: what matters asks for the passkey.
    await signOut(page);
    await page.goto(address("sessions"));
    await signIn(page, person);
    await page.getByRole("link", { name: "Use a recovery code" }).click();
    await page.getByLabel("One of your recovery codes").fill(recovery[0]);
    await page.getByRole("button", { name: "Continue" }).click();
    await page.waitForURL(address("sessions"));
    await page.goto(address("totp"));
    await page.waitForURL("**/second_factor?*");
    await touch(true);
    await page.getByRole("button", { name: "Use a passkey" }).click();
    await page.waitForURL(address("totp"));
    await touch(false);

    // Another password by mail: the factor is still asked for.
    await signOut(page);
    await page.goto(address("profile"));
    await page.getByRole("link", { name: "Forgot your password?" }).click();
    await inspect(page, "forgot-password");
    await page.getByLabel("Username or email").fill(email);
    await page.getByRole("button", { name: "Send the link" }).click();
    await page.getByRole("heading", { name: "Look at your mail" }).waitFor();
    const another = { ...person, password: "other words that nobody guesses" };
    await page.goto(await linkOf(page, "Choose another password"));
    await page.getByLabel("New password").fill(another.password);
    await page.getByLabel("The same password again").fill(another.password);
    await inspect(page, "reset-password");
    await page.getByRole("button", { name: "Change password" }).click();
    await page.locator("#continue").click();
    await signIn(page, another);
    await page.getByRole("heading", { name: "Confirm that it is you" }).waitFor();
    await page.getByRole("link", { name: "Use a recovery code" }).click();
    await page.getByLabel("One of your recovery codes").fill(recovery[1]);
    await page.getByRole("button", { name: "Continue" }).click();
    await page.waitForURL((url) => url.pathname.startsWith("/account") || url.pathname.startsWith("/apps"));

    // The app goes away, after the passkey.
    await page.goto(address("totp"));
    await page.waitForURL("**/second_factor?*");
    await touch(true);
    await page.getByRole("button", { name: "Use a passkey" }).click();
    await page.waitForURL(address("totp"));
    await page.getByRole("button", { name: "Remove the app" }).click();
    await page.waitForURL(address("security"));
    assert.equal(await page.getByRole("heading", { name: "Recovery codes" }).count(), 0);
    for (const told of ["An app for codes was set up", "A passkey was added", "A recovery code was used", "Your password was changed", "The app for codes was removed"]) await linkOf(page, told);
  });

  async function signOut(page) {
    await page.goto(`${scene.server.issuer}/logout`);
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("heading", { name: "signed out" }).waitFor();
  }
});
