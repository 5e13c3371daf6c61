// The web server of a client app: its pages, its documents, and what others send to it.

import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer as createHttp } from "node:http";
import { createServer as createHttps } from "node:https";

const patience = 300_000; // milliseconds: a busy machine takes its time

/**
 * @param routes by path: a string is a page, anything else JSON; a function of the request makes either
 * @param tls { certificate, key }, PEM files; without them it speaks http
 * @param name its host name, if not localhost
 * @returns { origin, routes, next, unread, forget, stop }
 */
export async function startClientHost(routes = {}, { tls, name = "localhost" } = {}) {
  const unread = []; // requests that no test has looked at
  const waiting = [];
  const answer = async (incoming, outgoing) => {
    const request = await read(incoming);
    const content = await contentOf(routes, request);
    outgoing.statusCode = content === undefined ? 404 : 200;
    outgoing.setHeader("Content-Type", typeOf(request.path, content));
    outgoing.end(typeof content === "string" ? content : JSON.stringify(content ?? {}));
    const waiter = waiting.findIndex(({ path }) => path === request.path);
    if (waiter >= 0) waiting.splice(waiter, 1)[0].resolve(request);
    else unread.push(request);
  };
  const server = tls ? createHttps({ cert: readFileSync(tls.certificate), key: readFileSync(tls.key) }, answer) : createHttp(answer);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");

  return {
    origin: `${tls ? "https" : "http"}://${name}:${server.address().port}`,
    routes,
    /** The next request for that path: { method, path, query, form, headers }. */
    next(path) {
      const arrived = unread.findIndex((request) => request.path === path);
      if (arrived >= 0) return Promise.resolve(unread.splice(arrived, 1)[0]);
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`Nothing came to ${path}.`)), patience);
        waiting.push({ path, resolve: (request) => { clearTimeout(timer); resolve(request); } });
      });
    },
    /** How many requests for that path nobody has looked at yet. */
    unread: (path) => unread.filter((request) => request.path === path).length,
    forget: () => { unread.length = 0; },
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function read(incoming) {
  const { pathname, searchParams } = new URL(incoming.url, "http://localhost");
  const body = [];
  for await (const part of incoming) body.push(part);
  const form = Object.fromEntries(new URLSearchParams(Buffer.concat(body).toString()));
  return { method: incoming.method, path: pathname, query: Object.fromEntries(searchParams), form, headers: incoming.headers };
}

function contentOf(routes, request) {
  const route = Object.hasOwn(routes, request.path) ? routes[request.path] : undefined;
  return typeof route === "function" ? route(request) : route;
}

function typeOf(path, content) {
  if (typeof content !== "string") return "application/json";
  return path.endsWith(".js") ? "text/javascript" : path.endsWith(".jwt") ? "application/oauth-authz-req+jwt" : "text/html";
}
