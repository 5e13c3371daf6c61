// What every page has to be, whatever it says: axe-core finds nothing wrong with it, in light and in dark, and it fits a phone.

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import axe from "axe-core";

const screenshots = process.env.SCREENSHOTS; // a folder
// Colours depend on the scheme and places on the width: two of the four looks have axe-core see each of both.
const looks = {
  light: { colorScheme: "light", width: 1280, axe: true },
  dark: { colorScheme: "dark", width: 1280 },
  "phone-dark": { colorScheme: "dark", width: 360, axe: true },
  phone: { colorScheme: "light", width: 360 },
};
const narrowest = 320; // WCAG 2.2, 1.4.10 Reflow

/** Looks at the page that is open now. What the person has typed stays. */
export async function inspect(page, name) {
  const size = page.viewportSize();
  for (const [look, { colorScheme, width, axe: isSeen }] of Object.entries(looks)) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" }); // a colour that is on its way to another is neither
    await page.setViewportSize({ width, height: 800 });
    await assertFits(page, name, width);
    if (isSeen) await assertAccessible(page, name, look);
    if (screenshots) await shoot(page, `${name}-${look}`);
  }
  await page.setViewportSize({ width: narrowest, height: 800 });
  await assertFits(page, name, narrowest);
  await page.emulateMedia({ colorScheme: null, reducedMotion: null });
  await page.setViewportSize(size);
}

/** The same in one look, at the narrowest width, for pages that are inspected in another language already. */
export async function glance(page, name) {
  const size = page.viewportSize();
  await assertAccessible(page, name, "as it is");
  if (screenshots) await shoot(page, name);
  await page.setViewportSize({ width: narrowest, height: 800 });
  await assertFits(page, name, narrowest);
  if (screenshots) await shoot(page, `${name}-narrow`);
  await page.setViewportSize(size);
}

/** No more than that it fits the narrowest width, for pages whose colours and structure are inspected elsewhere. */
export async function fit(page, name) {
  const size = page.viewportSize();
  await page.setViewportSize({ width: narrowest, height: 800 });
  await assertFits(page, name, narrowest);
  if (screenshots) await shoot(page, `${name}-narrow`);
  await page.setViewportSize(size);
}

async function assertFits(page, name, width) {
  assert.deepEqual(await page.evaluate(wideElements), [], `wider than the screen on ${name} at ${width} px`);
}

/** Runs in the page. What scrolls by itself, as a row of links may, is not wide. */
function wideElements() {
  const scrolls = (element) => element !== null && element !== document.documentElement
    && (["auto", "scroll"].includes(getComputedStyle(element).overflowX) || scrolls(element.parentElement));
  const wide = [...document.body.querySelectorAll("*")].filter((element) => (element.getBoundingClientRect().right > innerWidth + 0.5 || element.getBoundingClientRect().left < -0.5) && !scrolls(element.parentElement));
  if (document.documentElement.scrollWidth > innerWidth && wide.length === 0) wide.push(document.documentElement);
  return wide.map((element) => `${element.localName}.${element.className}`);
}

async function assertAccessible(page, name, look) {
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axe.source);
  // The same rules look at the same elements; what passes is not described one by one, and no selectors are made, because nothing reads them.
  const { violations } = await page.evaluate(() => globalThis.axe.run({ resultTypes: ["violations"], selectors: false }));
  const found = violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html).join(" ")}`);
  assert.deepEqual(found, [], `axe on ${name} (${look})`);
}

async function shoot(page, name) {
  mkdirSync(screenshots, { recursive: true });
  await page.screenshot({ path: join(screenshots, `${name}.png`), fullPage: true });
}
