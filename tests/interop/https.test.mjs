// The same login over https, where the libraries need no permission for plain http and cookies have the __Host- prefix.
// Node reads the certificates that it trusts when it starts, so the client is a process of its own.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { localhostTls as tls, noTls as skip } from "./harness/certificate.mjs";
import { startServer } from "./harness/server.mjs";

test("openid-client signs in over https", { skip }, async () => {
  const server = await startServer({ tls });
  try {
    const script = fileURLToPath(new URL("harness/https-client.mjs", import.meta.url));
    const env = { ...process.env, NODE_EXTRA_CA_CERTS: tls.certificate };
    const { stdout } = await promisify(execFile)(process.execPath, [script, server.issuer], { env });
    const { claims, cookies, hsts } = JSON.parse(stdout);
    assert.equal(claims.iss, server.issuer);
    assert.match(claims.iss, /^https:/);
    assert.deepEqual(cookies.map((name) => name.replace(/^(__Host-browser)-.+/, "$1-(request)")), ["__Host-accounts", "__Host-browser", "__Host-browser-(request)", "__Host-devices", "__Host-session"]);
    assert.match(hsts, /max-age=\d+/);
  } finally {
    await server.stop();
  }
});
