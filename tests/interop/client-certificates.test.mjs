// oauth4webapi with TLS connections that have the client's certificate (RFC 8705): it finds the address for them in the metadata.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { X509Certificate, createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import * as jose from "jose";
import * as oauth from "oauth4webapi";
import { localhostTls as tls, noTls } from "./harness/certificate.mjs";
import { startServer } from "./harness/server.mjs";

const noOpenssl = spawnSync("openssl", ["version"]).status === 0 ? false : "there is no openssl to make certificates with";
let folder;
const path = (name) => join(folder, name);
const openssl = (...options) => execFileSync("openssl", options, { stdio: ["ignore", "pipe", "pipe"] });

/** A key and a certificate that signs itself. */
function selfSigned(name) {
  openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", `/O=Example/CN=${name}`, "-keyout", path(`${name}.key`), "-out", path(`${name}.crt`));
  return pairOf(name);
}

/** A key and a certificate of the authority. */
function issued(name) {
  openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", `/O=Example/CN=${name}`, "-keyout", path(`${name}.key`), "-out", path(`${name}.csr`));
  writeFileSync(path("client.cnf"), "extendedKeyUsage=clientAuth\n");
  openssl("x509", "-req", "-in", path(`${name}.csr`), "-CA", path("authority.crt"), "-CAkey", path("authority.key"), "-days", "2", "-extfile", path("client.cnf"), "-out", path(`${name}.crt`));
  return pairOf(name);
}

const pairOf = (name) => ({ key: readFileSync(path(`${name}.key`)), cert: readFileSync(path(`${name}.crt`)) });
const thumbprintOf = ({ cert }) => createHash("sha256").update(new X509Certificate(cert).raw).digest("base64url");
const jwkOf = ({ cert }) => jose.exportJWK(new X509Certificate(cert).publicKey);

/** fetch over connections with that certificate, or with none. */
const fetchWith = (certificate = {}) => (url, { method, headers, body }) =>
  new Promise((resolve, reject) => {
    const sent = request(url, { method, headers, ca: readFileSync(tls.certificate), ...certificate }, async (received) => {
      const chunks = await received.toArray();
      resolve(new Response(Buffer.concat(chunks), { status: received.statusCode, headers: received.headers }));
    });
    sent.once("error", reject);
    sent.end(body?.toString());
  });

describe("oauth4webapi", { skip: noTls || noOpenssl }, () => {
  let server, as, authority, self, stranger;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "functionsauth-"));
    selfSigned("authority");
    [authority, self, stranger] = [issued("bookkeeping"), selfSigned("courier"), selfSigned("bookkeeping-too")];
    const common = { grant_types: ["client_credentials"], scope: "orders.read", tls_client_certificate_bound_access_tokens: true };
    server = await startServer({
      tls,
      mtls: true,
      settings: { "ClientCertificates:TrustedAuthorities:0": path("authority.crt") },
      data: {
        scopes: [{ name: "orders.read" }],
        resources: [{ identifier: "https://orders.example.com", scopes: ["orders.read"], introspected_by: ["courier"] }],
        clients: [
          { client_id: "bookkeeping", token_endpoint_auth_method: "tls_client_auth", tls_client_auth_subject_dn: "CN=bookkeeping,O=Example", ...common },
          { client_id: "courier", token_endpoint_auth_method: "self_signed_tls_client_auth", jwks: { keys: [await jwkOf(self)] }, ...common },
        ],
      },
    });
    as = await oauth.processDiscoveryResponse(new URL(server.issuer), await oauth.discoveryRequest(new URL(server.issuer), { [oauth.customFetch]: fetchWith() }));
  });
  after(async () => {
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function tokensOf(client_id, certificate) {
    const client = { client_id, use_mtls_endpoint_aliases: true };
    const answer = await oauth.clientCredentialsGrantRequest(as, client, oauth.TlsClientAuth(), {}, { [oauth.customFetch]: fetchWith(certificate) });
    return oauth.processClientCredentialsResponse(as, client, answer);
  }

  test("the metadata has what clients need", () => {
    assert.equal(as.tls_client_certificate_bound_access_tokens, true);
    for (const method of ["tls_client_auth", "self_signed_tls_client_auth"]) assert.ok(as.token_endpoint_auth_methods_supported.includes(method));
    assert.notEqual(new URL(as.mtls_endpoint_aliases.token_endpoint).port, new URL(as.token_endpoint).port);
    assert.equal(as.mtls_endpoint_aliases.authorization_endpoint, undefined);
  });

  for (const [id, own] of [["bookkeeping", () => authority], ["courier", () => self]]) {
    test(`${id} authenticates by its certificate, and its token is bound to it`, async () => {
      const tokens = await tokensOf(id, own());
      assert.equal(tokens.token_type, "bearer");
      assert.equal(jose.decodeJwt(tokens.access_token).cnf["x5t#S256"], thumbprintOf(own()));
      const asked = { client_id: "courier", use_mtls_endpoint_aliases: true };
      const answer = await oauth.introspectionRequest(as, asked, oauth.TlsClientAuth(), tokens.access_token, { [oauth.customFetch]: fetchWith(self) });
      const seen = await oauth.processIntrospectionResponse(as, asked, answer);
      assert.equal(seen.cnf["x5t#S256"], thumbprintOf(own()));
    });
  }

  test("another certificate, or none, is refused", async () => {
    for (const wrong of [stranger, self, undefined]) await assert.rejects(tokensOf("bookkeeping", wrong), { error: "invalid_client" });
    await assert.rejects(tokensOf("courier", authority), { error: "invalid_client" });
  });
});
