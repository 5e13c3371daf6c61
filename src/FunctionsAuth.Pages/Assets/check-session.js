// OpenID Connect Session Management 1.0, section 3.2: tells a page of a client whether the browser's session is still the one of
// its session_state.
const cookie = document.body.dataset.cookie + "=";
const client = location.ancestorOrigins?.[0] ?? (document.referrer ? new URL(document.referrer).origin : null);

function browserState() {
  return document.cookie.split("; ").find((pair) => pair.startsWith(cookie))?.slice(cookie.length) ?? "";
}

async function hash(text) {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function answerTo(message, origin) {
  const [, clientId, sessionState, salt] = /^([^ ]+) ([^ .]+\.([^ .]+))$/.exec(message) ?? [];
  if (!clientId) return "error";
  const expected = `${await hash(`${clientId} ${origin} ${browserState()} ${salt}`)}.${salt}`;
  return sessionState === expected ? "unchanged" : "changed";
}

addEventListener("message", async ({ data, origin, source }) => {
  // Only the page that loaded this one may ask. Where the browser does not say who that is, the hash knows only the client's origin.
  if (!source || origin === "null" || (client && origin !== client)) return;
  source.postMessage(await answerTo(data, origin), origin);
});
