// oidc-provider in production mode with its in-memory storage, and the clients and keys of the other servers: node server.mjs PORT ALGORITHM
import { generateKeyPair } from "node:crypto";
import { promisify } from "node:util";
import Provider from "oidc-provider";
import { setStorage } from "oidc-provider/lib/adapters/memory_adapter.js";
import LRU from "oidc-provider/lib/helpers/lru.js";

// Of its own size, a thousand entries, it forgets refresh tokens of 64 busy connections before they are used.
setStorage(new LRU({ maxSize: 1_000_000 }));

const [port, algorithm] = process.argv.slice(2);
const issuer = `http://localhost:${port}`;
const api = "https://api.example";
const keys = await Promise.all([
  promisify(generateKeyPair)("ec", { namedCurve: "P-256" }),
  promisify(generateKeyPair)("rsa", { modulusLength: 2048 }),
]);

const provider = new Provider(issuer, {
  scopes: ["openid", "offline_access", "api.read"],
  jwks: { keys: keys.map(({ privateKey }, i) => ({ ...privateKey.export({ format: "jwk" }), use: "sig", kid: `${i}` })) },
  cookies: { keys: ["not a secret: this server is only measured"] },
  clients: [
    {
      client_id: "service",
      client_secret: "a-secret-of-the-service-0123456789-abcdef",
      grant_types: ["client_credentials"],
      redirect_uris: [],
      response_types: [],
      scope: "api.read",
    },
    {
      client_id: "web",
      client_secret: "a-secret-of-the-web-app-0123456789-abcdef",
      redirect_uris: ["https://web.example/callback"],
      grant_types: ["authorization_code", "refresh_token"],
      id_token_signed_response_alg: algorithm,
    },
  ],
  // Else only for prompt=consent.
  issueRefreshToken: async () => true,
  features: {
    devInteractions: { enabled: true },
    clientCredentials: { enabled: true },
    introspection: { enabled: true },
    resourceIndicators: {
      enabled: true,
      // As our server does: a client's own token is a JWT for the API, a user's is for userinfo.
      defaultResource: (_, client) => (client.clientId === "service" ? api : undefined),
      getResourceServerInfo: () => ({ scope: "api.read", audience: api, accessTokenFormat: "jwt", jwt: { sign: { alg: algorithm } } }),
    },
  },
  ttl: { AccessToken: 3600, AuthorizationCode: 60, ClientCredentials: 3600, IdToken: 3600, RefreshToken: 86400, Session: 43200, Interaction: 3600, Grant: 86400 },
});
provider.listen(Number(port), () => console.log("ready"));
