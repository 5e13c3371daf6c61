// The same login over https, where the libraries need no permission for plain http and cookies have the __Host- prefix.
// Node reads the certificates that it trusts when it starts, so the client is a process of its own.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { startServer } from "./harness/server.mjs";

const inRepository = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const tls = { certificate: inRepository(".local/localhost.crt"), key: inRepository(".local/localhost.key") };
const skip = existsSync(tls.certificate) ? false : "there is no .local/localhost.crt; `dotnet dev.cs test` makes it";

test("openid-client signs in over https", { skip }, async () => {
  const server = await startServer({ tls });
  try {
    const script = fileURLToPath(new URL("harness/https-client.mjs", import.meta.url));
    const env = { ...process.env, NODE_EXTRA_CA_CERTS: tls.certificate };
    const { stdout } = await promisify(execFile)(process.execPath, [script, server.issuer], { env });
    const { claims, cookies, hsts } = JSON.parse(stdout);
    assert.equal(claims.iss, server.issuer);
    assert.match(claims.iss, /^https:/);
    assert.deepEqual(cookies, ["__Host-browser", "__Host-session"]);
    assert.match(hsts, /max-age=\d+/);
  } finally {
    await server.stop();
  }
});
