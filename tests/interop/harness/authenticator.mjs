// An app that makes codes (RFC 6238).

import { createHmac } from "node:crypto";

const step = 30; // seconds
const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** RFC 4648 section 6. */
function base32(text) {
  const bits = [...text.replaceAll(" ", "")].map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, "0")).join("");
  return Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
}

/** RFC 6238 section 4, with the usual parameters. */
function codeOf(secret, counter) {
  const message = Buffer.alloc(8);
  message.writeBigUInt64BE(BigInt(counter));
  const mac = createHmac("sha1", base32(secret)).update(message).digest();
  const offset = mac[19] & 15;
  return String((mac.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

/**
 * The next code of the app, each another one: the server takes each once, and one of the next step, too. After two of them, the time must go on.
 * @param secret as the page shows it
 */
export function newApp(secret) {
  let last = 0;
  return () => codeOf(secret, (last = Math.max(last + 1, Math.floor(Date.now() / 1000 / step))));
}
