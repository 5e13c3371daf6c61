// The Chromium of this machine, the system's or the one that Playwright has downloaded, and what a person does in it.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { after, afterEach, before } from "node:test";
import { chromium } from "playwright-core";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const installed = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
  "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe",
];
const quiet = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
];

const onPath = (process.env.PATH ?? "").split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));

/** Its path, or undefined when there is none. */
export const executablePath = [...onPath, ...installed, chromium.executablePath()].find((path) => path && existsSync(path));

/** @param hosts such as "*.shop.test", which are this machine then */
export const launch = ({ hosts } = {}) =>
  chromium.launch({ executablePath, args: hosts ? [...quiet, `--host-resolver-rules=MAP ${hosts} 127.0.0.1`] : quiet });

/**
 * A server and a browser for the tests of a suite. Each test has pages of its own, and what one of them complains of fails it.
 * @param start starts the server
 * @returns { server, newPage }; the server once the suite has begun
 */
export function useBrowser(start) {
  const scene = { newPage };
  const complaints = [];
  let browser;
  before(async () => {
    scene.server = await start();
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await scene.server?.stop();
  });
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
    assert.deepEqual(complaints.splice(0).flat(), []);
  });
  return scene;

  async function newPage(options) {
    const page = await (await browser.newContext(options)).newPage();
    complaints.push(complaintsOf(page));
    return page;
  }
}

/** Fills in the login page. */
export async function signIn(page, { username, password }) {
  await page.getByLabel("Username").fill(username);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

/**
 * Goes through the server's pages as a person who wants to get in: signs in and allows what is asked.
 * @param until where it ends: what the address begins with
 * @returns the pages that were on the way
 */
export async function passThrough(page, person, until) {
  const asked = [];
  const nameOf = (url) => url.pathname.split("/").at(-1);
  while (true) {
    await page.waitForURL((url) => url.href.startsWith(until) || (["login", "consent"].includes(nameOf(url)) && !asked.includes(nameOf(url))));
    const url = new URL(page.url());
    if (url.href.startsWith(until)) return asked;
    asked.push(nameOf(url));
    if (nameOf(url) === "login") await signIn(page, person);
    else await page.getByRole("button", { name: "Allow" }).click();
  }
}

/** Whatever the browser complains of: violations of the content security policy are console errors, too. */
export function complaintsOf(page) {
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    const { pathname } = new URL(message.location().url || "about:blank");
    const somethingToMend = message.text().includes("422 (Unprocessable"); // a form that comes back to the person
    if (message.type() === "error" && !somethingToMend) complaints.push(`${message.text()} (${pathname})`);
  });
  return complaints;
}
