// The certificate for localhost, which `dotnet dev.cs test` makes.

import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const inRepository = (path) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

export const localhostTls = { certificate: inRepository(".local/localhost.crt"), key: inRepository(".local/localhost.key") };

/** Why a test that needs it is skipped, or false. */
export const noTls = existsSync(localhostTls.certificate) ? false : "there is no .local/localhost.crt; `dotnet dev.cs test` makes it";
