// A server of the Model Context Protocol, made of its official SDK: a tool that only those may use who have a token for it.

import { once } from "node:events";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { InvalidTokenError } from "@modelcontextprotocol/sdk/server/auth/errors.js";
import { requireBearerAuth } from "@modelcontextprotocol/sdk/server/auth/middleware/bearerAuth.js";
import { getOAuthProtectedResourceMetadataUrl, mcpAuthMetadataRouter } from "@modelcontextprotocol/sdk/server/auth/router.js";
import { createMcpExpressApp } from "@modelcontextprotocol/sdk/server/express.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import * as jose from "jose";

/**
 * @returns { url, protect, stop }; the url is its resource identifier, and it serves nothing before
 *   protect({ issuer, scopes }) has told whose tokens it takes, and which scopes they must have if any
 */
export async function startMcpServer() {
  const app = createMcpExpressApp();
  const listener = app.listen(0, "127.0.0.1");
  await once(listener, "listening");
  const url = new URL(`http://localhost:${listener.address().port}/mcp`);

  return {
    url,
    async protect({ issuer, scopes }) {
      const oauthMetadata = await (await fetch(`${issuer}/.well-known/oauth-authorization-server`)).json();
      app.use(mcpAuthMetadataRouter({ oauthMetadata, resourceServerUrl: url, scopesSupported: scopes }));
      app.post(
        url.pathname,
        requireBearerAuth({
          verifier: verifierOf(issuer, oauthMetadata.jwks_uri, url),
          requiredScopes: scopes,
          resourceMetadataUrl: getOAuthProtectedResourceMetadataUrl(url),
          expectedResource: url,
        }),
        serve,
      );
      app.use(url.pathname, (_, response) => response.sendStatus(405)); // it has nothing to say unasked
    },
    async stop() {
      listener.closeAllConnections();
      listener.close();
      await once(listener, "close");
    },
  };
}

/** Checks access tokens as RFC 9068 §4 says. */
function verifierOf(issuer, jwksUri, resource) {
  const keys = jose.createRemoteJWKSet(new URL(jwksUri));
  return {
    async verifyAccessToken(token) {
      const { payload } = await jose.jwtVerify(token, keys, { issuer, audience: resource.href, typ: "at+jwt" }).catch((error) => {
        throw new InvalidTokenError(error.message);
      });
      const { client_id: clientId, scope, exp: expiresAt, sub } = payload;
      return { token, clientId, scopes: scope?.split(" ") ?? [], expiresAt, resource, extra: { sub } };
    },
  };
}

/** One request, without a session: that keeps the server short. */
async function serve(request, response) {
  const server = new McpServer({ name: "interop", version: "1.0.0" });
  server.registerTool("whoami", { description: "Tells who calls" }, ({ authInfo }) => ({
    content: [{ type: "text", text: JSON.stringify({ sub: authInfo.extra.sub, client: authInfo.clientId, scopes: authInfo.scopes }) }],
  }));
  const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined });
  response.on("close", () => server.close());
  await server.connect(transport);
  await transport.handleRequest(request, response, request.body);
}
