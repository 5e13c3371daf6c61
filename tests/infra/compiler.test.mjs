// The compiler's own word, where there is one: it knows types that a syntax tree does not show.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { test } from "node:test";
import { infra } from "./harness/infra.mjs";

const bicep = (process.env.PATH ?? "").split(delimiter).flatMap((folder) => [join(folder, "bicep"), join(folder, "bicep.exe")]).find((file) => existsSync(file));
const skip = bicep ? false : "the Bicep compiler is not on the PATH";

for (const command of [["build", "--stdout"], ["lint"]])
  test(`bicep ${command[0]} finds nothing`, { skip }, () => {
    const [name, ...options] = command;
    assert.doesNotThrow(() => execFileSync(bicep, [name, join(infra, "main.bicep"), ...options], { stdio: ["ignore", "ignore", "pipe"], maxBuffer: 2 ** 28 }));
  });
