// Serves the files of the app. Any web server can do that; this one shows which content security policy the app needs.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const port = Number(process.env.PORT ?? 5173);
const settings = {
  issuer: process.env.ISSUER ?? "http://localhost:7071",
  api: process.env.ORDERS_API ?? "http://localhost:5080",
};

// <csp>
// The app runs its own scripts only, and calls nobody but the authorization server and the API.
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src data:",
  `connect-src 'self' ${new URL(settings.issuer).origin} ${new URL(settings.api).origin}`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");
// </csp>

const library = dirname(createRequire(import.meta.url).resolve("oidc-client-ts/package.json"));
const own = (name) => readFile(new URL(name, import.meta.url));
const files = {
  "/": ["text/html; charset=utf-8", () => own("index.html")],
  "/app.js": ["text/javascript", () => own("app.js")],
  "/app.css": ["text/css", () => own("app.css")],
  "/oidc-client-ts.js": ["text/javascript", () => readFile(join(library, "dist", "browser", "oidc-client-ts.min.js"))],
  "/settings.json": ["application/json", () => JSON.stringify(settings)],
};

createServer(async (request, response) => {
  const { pathname } = new URL(request.url, "http://localhost");
  if (!Object.hasOwn(files, pathname)) return response.writeHead(404).end();
  const [type, read] = files[pathname];
  response.writeHead(200, {
    "Content-Type": type,
    "Content-Security-Policy": contentSecurityPolicy,
    "Referrer-Policy": "no-referrer", // the address has a code in it for a moment
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",
  });
  response.end(await read());
}).listen(port, "localhost", () => console.log(`The single-page app is ready: http://localhost:${port}/`));
