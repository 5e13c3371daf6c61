// The files of infra/, and whatever a test changes in them.

import { readFileSync, readdirSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { readBicep } from "./bicep.mjs";

export const root = fileURLToPath(new URL("../../../", import.meta.url));
export const infra = join(root, "infra");

/** Path below infra/, with slashes, to text. */
export const sources = Object.fromEntries(filesIn(infra).filter((path) => path.endsWith(".bicep"))
  .map((path) => [relative(infra, path).split(sep).join("/"), readFileSync(path, "utf8").replaceAll("\r\n", "\n")]));

export const files = readAll(sources);

export function readAll(texts) {
  return Object.entries(texts).map(([path, text]) => readBicep(path, text));
}

export function filesIn(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesIn(path) : [path];
  });
}
