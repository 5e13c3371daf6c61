// A web app on the server: it signs people in, keeps their tokens to itself, and gives the browser only a session cookie.

import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import * as client from "openid-client";
import { errorPage, homePage } from "./pages.mjs";

const port = Number(process.env.PORT ?? 3000);
const origin = `http://localhost:${port}`;
const issuer = new URL(process.env.ISSUER ?? "http://localhost:7071");
const api = process.env.ORDERS_API ?? "http://localhost:5080";
// The secret of the sample client. Yours comes from the environment or a vault, never from the source.
const secret = process.env.CLIENT_SECRET ?? "sample-web-secret-0123456789-abcdefghij";

// <discovery>
const config = await client
  .discovery(issuer, "sample-web", undefined, client.ClientSecretBasic(secret), {
    execute: issuer.protocol === "http:" ? [client.allowInsecureRequests] : [], // http is for this machine only
  })
  .catch((error) => {
    console.error(`There is no authorization server at ${issuer.href} (${error.message}). Start one: dotnet dev.cs run`);
    process.exit(1);
  });
// </discovery>

// Sessions by id. They are in memory: a restart signs everybody out, and a second instance knows nothing of them.
// An app with more than one instance keeps them in a store that all instances reach.
const sessions = new Map();

function newSession(response, content) {
  const id = randomBytes(32).toString("base64url");
  sessions.set(id, content);
  const secure = origin.startsWith("https:") ? "; Secure" : "";
  response.setHeader("Set-Cookie", `session=${id}; Path=/; HttpOnly; SameSite=Lax${secure}`);
}

function sessionOf(request) {
  const [, id] = /(?:^|;\s*)session=([\w-]+)/.exec(request.headers.cookie ?? "") ?? [];
  return { id, ...sessions.get(id) };
}

// <login>
async function login(request, response) {
  const pkceCodeVerifier = client.randomPKCECodeVerifier();
  const checks = { pkceCodeVerifier, expectedState: client.randomState(), expectedNonce: client.randomNonce() };
  sessions.delete(sessionOf(request).id);
  newSession(response, { checks }); // the answer must come back to this browser
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: `${origin}/callback`,
    scope: "openid profile email orders.read",
    resource: api, // the access token is for this API
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: "S256",
    state: checks.expectedState,
    nonce: checks.expectedNonce,
  });
  redirect(response, url.href);
}

async function callback(request, response) {
  const { id, checks } = sessionOf(request);
  sessions.delete(id);
  if (!checks) return send(response, 400, errorPage("This sign-in was not started in this browser, or it took too long. Start again."));
  try {
    const tokens = await client.authorizationCodeGrant(config, new URL(request.url, origin), { ...checks, idTokenExpected: true });
    newSession(response, { claims: tokens.claims(), ...kept(tokens) }); // a new id: the old one was known before the login
    redirect(response, "/");
  } catch (error) {
    send(response, 400, errorPage(`The sign-in was not completed: ${error.error_description ?? error.error ?? error.message}`));
  }
}
// </login>

const kept = (tokens) => ({
  idToken: tokens.id_token,
  accessToken: tokens.access_token,
  refreshToken: tokens.refresh_token,
  renewAt: Date.now() + (tokens.expires_in - 60) * 1000,
});

// <call>
async function accessTokenOf(id) {
  const session = sessions.get(id);
  if (Date.now() > session.renewAt) {
    const tokens = await client.refreshTokenGrant(config, session.refreshToken);
    Object.assign(session, kept({ id_token: session.idToken, refresh_token: session.refreshToken, ...tokens }));
  }
  return session.accessToken;
}

async function orders(request, response) {
  const { id, claims } = sessionOf(request);
  if (!claims) return redirect(response, "/");
  const token = await accessTokenOf(id).catch((error) => {
    if (error.error !== "invalid_grant") throw error;
    return null; // the session at the authorization server has ended
  });
  if (token === null) return login(request, response);
  const answer = await fetch(`${api}/orders`, { headers: { Authorization: `Bearer ${token}` } }).catch(() => null);
  if (answer === null) return send(response, 502, homePage(claims, `There is no answer from ${api}. Start samples/aspnetcore-api.`));
  send(response, 200, homePage(claims, `${answer.status} ${await answer.text()}`));
}
// </call>

// <logout>
function logout(request, response) {
  const { id, idToken } = sessionOf(request);
  sessions.delete(id);
  response.setHeader("Set-Cookie", "session=; Path=/; Max-Age=0");
  if (!idToken) return redirect(response, "/");
  const url = client.buildEndSessionUrl(config, { id_token_hint: idToken, post_logout_redirect_uri: `${origin}/` });
  redirect(response, url.href);
}
// </logout>

const home = (request, response) => send(response, 200, homePage(sessionOf(request).claims));

const routes = {
  "GET /": home,
  "GET /login": login,
  "GET /callback": callback,
  "POST /orders": orders,
  "POST /logout": logout, // SameSite=Lax: no other site can post here with the cookie
};

function redirect(response, location) {
  response.writeHead(303, { Location: location, "Cache-Control": "no-store" }).end();
}

function send(response, status, html) {
  response.writeHead(status, {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
    "Cache-Control": "no-store",
  });
  response.end(html);
}

createServer(async (request, response) => {
  const { pathname } = new URL(request.url, origin);
  const route = `${request.method} ${pathname}`;
  if (!Object.hasOwn(routes, route)) return send(response, 404, errorPage("There is no such page."));
  try {
    await routes[route](request, response);
  } catch (error) {
    console.error(error);
    send(response, 500, errorPage("Something went wrong. The log of the app says what."));
  }
}).listen(port, "localhost", () => console.log(`The web app is ready: ${origin}/`));
