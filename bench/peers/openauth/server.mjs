// OpenAuth with its in-memory storage: node server.mjs PORT ALGORITHM
// It has no sessions, no client authentication and no OpenID Connect, and always signs with ES256. Whoever comes is signed in.
import { serve } from "@hono/node-server";
import { issuer } from "@openauthjs/openauth";
import { MemoryStorage } from "@openauthjs/openauth/storage/memory";
import { createSubjects } from "@openauthjs/openauth/subject";

const [port, algorithm] = process.argv.slice(2);
if (algorithm !== "ES256") throw new Error("OpenAuth signs with ES256 only.");

const user = { "~standard": { version: 1, vendor: "bench", validate: (value) => ({ value }) } };
const app = issuer({
  subjects: createSubjects({ user }),
  storage: MemoryStorage(),
  providers: {
    everybody: { type: "everybody", init: (routes, server) => routes.get("/authorize", (context) => server.success(context, { name: "alice" })) },
  },
  allow: async ({ redirectURI }) => redirectURI === "https://web.example/callback",
  success: (context, { name }) => context.subject("user", { name }),
  ttl: { access: 3600, refresh: 86400 },
});
serve({ fetch: app.fetch, port: Number(port), hostname: "localhost" }, () => console.log("ready"));
