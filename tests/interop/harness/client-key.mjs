// A key pair of a client.

import * as jose from "jose";

/** @returns { key, kid }, as the libraries take the private one, and { jwks } with the public one */
export async function createClientKey(alg = "ES256") {
  const { privateKey: key, publicKey } = await jose.generateKeyPair(alg);
  const jwk = await jose.exportJWK(publicKey);
  const kid = await jose.calculateJwkThumbprint(jwk);
  return { key, kid, jwks: { keys: [{ ...jwk, kid, alg, use: "sig" }] } };
}
