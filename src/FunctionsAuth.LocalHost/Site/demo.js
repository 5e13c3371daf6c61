// A public OpenID Connect client in a browser, without a library, to be read from top to bottom:
//
//   1. begin:    send the browser to the authorization endpoint            (OpenID Connect Core §3.1.2.1, RFC 7636)
//   2. complete: check what came back, redeem the code                     (RFC 6749 §4.1.3, RFC 9207)
//   3. verify:   believe the ID token only after these checks              (OpenID Connect Core §3.1.3.7)
//   4. use:      userinfo, refresh, revoke, sign out
//   5. bind:     show with each request that this tab has a key            (RFC 9449)
//   6. the page: buttons and outputs
//
// It shows tokens on the screen, which no real client should do. For real use take a library that is certified.

const clientId = document.querySelector("meta[name=client-id]").content;
const redirectUri = location.origin + "/demo";
const pendingKey = "demo-spa.pending";

let metadata; // what the server says of itself
let tokens; // the last token response: in memory only, so a reload forgets it
let identity; // the claims of the verified ID token
let dpop; // { key, jwk, nonce } while the tokens are bound to a key of this tab
let step; // what the page is doing: each check on the list belongs to a step

// 1. Begin ----------------------------------------------------------------------------------------------------------

async function begin({ prompt } = {}) {
  // Three random values that this tab remembers. Each ties one thing that comes back to this request:
  // the state ties the redirect, the nonce ties the ID token, the verifier ties the code.
  const pending = { state: random(), nonce: random(), verifier: random(), binds: byId("dpop").checked };
  sessionStorage.setItem(pendingKey, JSON.stringify(pending));

  const request = new URLSearchParams({
    response_type: "code",
    client_id: clientId,
    redirect_uri: redirectUri,
    scope: "openid profile email" + (byId("offline").checked ? " offline_access" : ""),
    state: pending.state,
    nonce: pending.nonce,
    // RFC 7636 §4.2: the server sees the hash now and the verifier later, so a stolen code alone is worth nothing.
    code_challenge: base64url(await sha256(pending.verifier)),
    code_challenge_method: "S256",
  });
  if (prompt) request.set("prompt", prompt);

  location.assign(withQuery(metadata.authorization_endpoint, request));
}

// 2. Complete -------------------------------------------------------------------------------------------------------

async function complete(response) {
  const pending = JSON.parse(sessionStorage.getItem(pendingKey) ?? "null");
  sessionStorage.removeItem(pendingKey); // one response for one request

  // These two come first, for errors too: until they hold, nothing in the address is to be believed.
  // RFC 9207 §2.4: iss must be exactly the issuer to which this tab sent its request.
  check("Response: state is the one that this tab sent", pending !== null && response.get("state") === pending.state);
  check("Response: iss is this issuer, so no other server mixed in", response.get("iss") === metadata.issuer);

  if (response.has("error")) throw oauthError(Object.fromEntries(response), "The sign-in ended without a code");

  byId("exchange-status").textContent = "Redeeming the code…";
  dpop = pending.binds ? await newDpopKey() : null;
  const answer = await post(metadata.token_endpoint, {
    grant_type: "authorization_code",
    code: response.get("code"),
    redirect_uri: redirectUri,
    client_id: clientId,
    code_verifier: pending.verifier,
  });
  check(`Response: token_type is ${scheme()}`, answer.token_type?.toLowerCase() === scheme().toLowerCase());
  if (dpop) {
    const { cnf } = decode(answer.access_token).claims;
    check("Response: the access token is bound to the key of this tab", cnf?.jkt === await thumbprint(dpop.jwk));
  }
  identity = await verifyIdToken(answer.id_token, { nonce: pending.nonce, accessToken: answer.access_token });
  keep(answer);
  byId("exchange-status").textContent = "Signed in. Ask userinfo for your name.";
}

// 3. Verify ---------------------------------------------------------------------------------------------------------

// Only these, whatever the token's header says: "none" and HMAC must never pass.
const algorithms = {
  RS256: {
    keyType: "RSA",
    importAs: { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" },
    verifyAs: "RSASSA-PKCS1-v1_5",
  },
  ES256: {
    keyType: "EC",
    importAs: { name: "ECDSA", namedCurve: "P-256" },
    verifyAs: { name: "ECDSA", hash: "SHA-256" },
  },
};

async function verifyIdToken(idToken, { nonce, accessToken, refreshOf }) {
  const { header, claims, signed, signature } = decode(idToken);
  const which = refreshOf ? "New ID token" : "ID token";
  const audience = [claims.aud].flat();
  const now = Date.now() / 1000;
  const leeway = 60; // seconds that two clocks may differ

  check(`${which}: the signature is good (${header.alg}, key ${header.kid})`, await signatureIsGood(header, signed, signature));
  check(`${which}: iss is this issuer`, claims.iss === metadata.issuer);
  check(`${which}: aud is this client`, audience.includes(clientId));
  check(`${which}: azp is this client, if aud has others`, audience.length === 1 || claims.azp === clientId);
  check(`${which}: exp is in the future (${clock(claims.exp)})`, claims.exp > now - leeway);
  check(`${which}: iat is not in the future (${clock(claims.iat)})`, claims.iat < now + leeway);
  if (nonce !== undefined) check(`${which}: nonce is the one that this tab sent`, claims.nonce === nonce);
  if (refreshOf) check(`${which}: sub is still the same person`, claims.sub === refreshOf.sub);
  if (claims.at_hash !== undefined) {
    // §3.1.3.6: the left half of the access token's hash ties the two tokens together.
    const half = (await sha256(accessToken)).slice(0, 16);
    check(`${which}: at_hash fits the access token`, claims.at_hash === base64url(half));
  }
  return claims;
}

async function signatureIsGood(header, signed, signature) {
  const algorithm = Object.hasOwn(algorithms, header.alg) ? algorithms[header.alg] : null;
  if (!algorithm) return false;

  const { keys } = await getJson(metadata.jwks_uri);
  const jwk = keys.find((key) => key.kid === header.kid && key.kty === algorithm.keyType && (key.use ?? "sig") === "sig");
  if (!jwk) return false;

  const key = await crypto.subtle.importKey("jwk", jwk, algorithm.importAs, false, ["verify"]);
  return crypto.subtle.verify(algorithm.verifyAs, key, signature, utf8(signed));
}

// 4. Use ------------------------------------------------------------------------------------------------------------

async function userinfo() {
  const claims = await send(metadata.userinfo_endpoint, { headers: { Authorization: `${scheme()} ${tokens.access_token}` } }, tokens.access_token);
  // OpenID Connect Core §5.3.2: the answer must be about the person whom the ID token names.
  check("Userinfo: sub is the one of the ID token", claims.sub === identity.sub);
  show("userinfo-output", claims);
  byId("exchange-status").textContent = `Signed in as ${claims.name ?? claims.preferred_username ?? claims.sub}.`;
}

async function refresh() {
  const before = tokens.refresh_token;
  const answer = await post(metadata.token_endpoint, {
    grant_type: "refresh_token",
    refresh_token: before,
    client_id: clientId,
  });
  if (answer.id_token) {
    identity = await verifyIdToken(answer.id_token, { accessToken: answer.access_token, refreshOf: identity });
  }
  // RFC 6749 §6: an answer without a refresh token leaves the old one in use.
  keep({ refresh_token: before, id_token: tokens.id_token, ...answer });

  const changed = tokens.refresh_token !== before;
  byId("refresh-output").textContent = [
    changed ? "The refresh token changed (rotation)." : "The refresh token stayed the same.",
    `before: ${abridge(before)}`,
    `after:  ${abridge(tokens.refresh_token)}`,
    `The new access token lives for ${answer.expires_in} seconds.`,
  ].join("\n");
}

async function revoke() {
  // RFC 7009: revoking the refresh token ends the whole grant. The answer is empty, even for an unknown token.
  const [token, hint] = tokens.refresh_token
    ? [tokens.refresh_token, "refresh_token"]
    : [tokens.access_token, "access_token"];
  await post(metadata.revocation_endpoint, { token, token_type_hint: hint, client_id: clientId });
  byId("revoke-output").textContent = `The ${hint.replace("_", " ")} is revoked. Ask userinfo or refresh now: both must fail.`;
}

async function logout() {
  // RP-Initiated Logout 1.0 §2: the hint tells the server which session to end, and that the right client asks.
  const state = random();
  sessionStorage.setItem(pendingKey, JSON.stringify({ logoutState: state }));
  location.assign(withQuery(metadata.end_session_endpoint, new URLSearchParams({
    id_token_hint: tokens.id_token,
    client_id: clientId,
    post_logout_redirect_uri: redirectUri,
    state,
  })));
}

function completeLogout(response, pending) {
  sessionStorage.removeItem(pendingKey);
  check("Sign-out: state is the one that this tab sent", response.get("state") === pending.logoutState);
  byId("exchange-status").textContent = "Signed out.";
}

// 5. Bind -----------------------------------------------------------------------------------------------------------

// The private key can be used by this tab and read by nobody, not even by this script. Whoever steals a token has no use for it.
async function newDpopKey() {
  const key = await crypto.subtle.generateKey(algorithms.ES256.importAs, false, ["sign", "verify"]);
  const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", key.publicKey);
  return { key, jwk: { kty, crv, x, y }, nonce: null };
}

// RFC 9449 §4.2: a JWT that says for which request it is. The server takes it once.
async function proof(method, url, accessToken) {
  const claims = { jti: random(), htm: method, htu: url, iat: Math.floor(Date.now() / 1000) };
  if (accessToken) claims.ath = base64url(await sha256(accessToken));
  if (dpop.nonce) claims.nonce = dpop.nonce;
  const encode = (json) => base64url(utf8(JSON.stringify(json)));
  const signed = `${encode({ typ: "dpop+jwt", alg: "ES256", jwk: dpop.jwk })}.${encode(claims)}`;
  const signature = await crypto.subtle.sign(algorithms.ES256.verifyAs, dpop.key.privateKey, utf8(signed));
  return `${signed}.${base64url(new Uint8Array(signature))}`;
}

// RFC 7638: these members in this order, and nothing else.
async function thumbprint({ crv, kty, x, y }) {
  return base64url(await sha256(JSON.stringify({ crv, kty, x, y })));
}

function scheme() {
  return dpop ? "DPoP" : "Bearer";
}

// 6. The page -------------------------------------------------------------------------------------------------------

async function start() {
  // Out of the address bar at once: from there the code would go to the history and to whoever looks at the screen.
  const response = new URLSearchParams(location.search);
  history.replaceState(null, "", location.pathname);

  if (!globalThis.crypto?.subtle) {
    throw new Error("This page needs WebCrypto, which browsers offer only on https and on http://localhost. " +
      `Open http://localhost${location.port ? ":" + location.port : ""}/demo instead.`);
  }

  // A real client has its issuer in its configuration. This one is served by its issuer.
  metadata = await getJson("/.well-known/openid-configuration");
  const home = new URL(metadata.issuer).origin;
  if (home !== location.origin) throw new Error(`This server calls itself ${home}. Open ${home}/demo instead.`);

  onClick("login", () => begin());
  onClick("prompt-login", () => begin({ prompt: "login" })); // OpenID Connect Core §3.1.2.1: ask even if signed in
  onClick("userinfo", userinfo);
  onClick("refresh", refresh);
  onClick("revoke", revoke);
  onClick("logout", logout);
  for (const id of ["login", "prompt-login"]) byId(id).disabled = false;

  const pending = JSON.parse(sessionStorage.getItem(pendingKey) ?? "null");
  if (pending?.logoutState) {
    if (response.has("state")) completeLogout(response, pending);
    else sessionStorage.removeItem(pendingKey); // came back by hand
  } else if (response.has("code") || response.has("error")) {
    await complete(response);
  }
}

/** Takes a token response as the current one and shows it. */
function keep(answer) {
  tokens = answer;
  showToken("id-token", tokens.id_token);
  showToken("access-token", tokens.access_token);
  for (const id of ["userinfo", "revoke", "logout"]) byId(id).disabled = false;
  byId("refresh").disabled = !tokens.refresh_token;
  if (!tokens.refresh_token) byId("refresh-output").textContent = "There is no refresh token.";
}

function showToken(prefix, token) {
  if (token?.split(".").length === 3) {
    const { header, claims } = decode(token);
    show(`${prefix}-header`, header);
    show(`${prefix}-claims`, claims);
  } else {
    byId(`${prefix}-header`).textContent = "";
    byId(`${prefix}-claims`).textContent = token ? "An opaque token: only the server can read it." : "";
  }
}

function show(id, value) {
  byId(id).textContent = JSON.stringify(value, null, 2);
}

/** Puts one check on the list; a failed one ends what is going on. */
function check(what, passed) {
  const mark = document.createElement("span");
  mark.className = "mark";
  mark.textContent = passed ? "✓" : "✗";

  const item = document.createElement("li");
  item.className = passed ? "passed" : "failed";
  item.dataset.step = step;
  item.append(mark, " ", `${passed ? "" : "Failed: "}${what}`);
  byId("checks").append(item);
  byId("no-checks").hidden = true;

  if (!passed) throw new Error(`This client does not accept the answer. Failed check: ${what}.`);
}

function onClick(id, action) {
  byId(id).addEventListener("click", () => attempt(id, action));
}

async function attempt(name, action) {
  step = name;
  document.querySelectorAll(`#checks [data-step=${name}]`).forEach((item) => item.remove());
  byId("error").hidden = true;
  const output = byId(`${name}-output`);
  if (output) output.textContent = "";
  try {
    await action();
  } catch (problem) {
    byId("error").hidden = false;
    byId("error").textContent = problem.message;
    if (output) output.textContent = problem.message;
    if (!tokens) byId("exchange-status").textContent = "Not signed in.";
  }
}

function byId(id) {
  return document.getElementById(id);
}

// HTTP

async function getJson(url, headers = {}) {
  return read(await fetch(url, { headers: { Accept: "application/json", ...headers } }));
}

async function post(url, form) {
  // A form body is what the endpoints take. Without a proof it needs no CORS preflight.
  return send(url, { method: "POST", body: new URLSearchParams(form) });
}

/** A request with a proof where the tokens are bound, and once more where the server wants a nonce of its own in it (RFC 9449 §8). */
async function send(url, options, accessToken) {
  for (let attempts = 1; ; attempts++) {
    const headers = dpop ? { ...options.headers, DPoP: await proof(options.method ?? "GET", url, accessToken) } : options.headers;
    const answer = await fetch(url, { ...options, headers });
    const nonce = answer.headers.get("DPoP-Nonce");
    const wantsNonce = dpop && nonce && nonce !== dpop.nonce && !answer.ok;
    if (dpop && nonce) dpop.nonce = nonce;
    if (!wantsNonce || attempts > 1) return read(answer);
  }
}

async function read(answer) {
  const text = await answer.text();
  const where = `${new URL(answer.url).pathname} answered ${answer.status}`;
  let json = {};
  try {
    if (text) json = JSON.parse(text);
  } catch {
    throw new Error(`${where} with something that is not JSON.`);
  }
  if (answer.ok) return json;

  // RFC 6750 §3: a resource, such as userinfo, puts its error into a header.
  const challenge = answer.headers.get("WWW-Authenticate") ?? "";
  const fromHeader = Object.fromEntries(
    [...challenge.matchAll(/(error|error_description)="([^"]*)"/g)].map(([, name, value]) => [name, value]));
  throw oauthError({ ...fromHeader, ...json }, where);
}

function oauthError({ error = "no error code", error_description }, where) {
  return new Error(`${where}: ${error}${error_description ? `: ${error_description}` : ""}`);
}

function withQuery(endpoint, parameters) {
  const url = new URL(endpoint);
  for (const [name, value] of parameters) url.searchParams.set(name, value);
  return url.href;
}

// Bytes

/** 256 bits: as good as a key, and 43 characters, the least that RFC 7636 §4.1 allows for a verifier. */
function random() {
  return base64url(crypto.getRandomValues(new Uint8Array(32)));
}

async function sha256(text) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", utf8(text)));
}

function utf8(text) {
  return new TextEncoder().encode(text);
}

function base64url(bytes) {
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function fromBase64url(text) {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

/** Takes a JWT apart. Nothing in it is to be believed before its signature is checked. */
function decode(jwt) {
  const [header, claims, signature] = jwt.split(".");
  const json = (part) => JSON.parse(new TextDecoder().decode(fromBase64url(part)));
  return {
    header: json(header),
    claims: json(claims),
    signed: `${header}.${claims}`,
    signature: fromBase64url(signature),
  };
}

function clock(seconds) {
  return new Date(seconds * 1000).toLocaleTimeString();
}

function abridge(token) {
  return token.length > 32 ? `${token.slice(0, 12)}…${token.slice(-12)}` : token;
}

await attempt("start", start);
