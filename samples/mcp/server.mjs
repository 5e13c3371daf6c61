// An MCP server over Streamable HTTP with one tool. It takes access tokens of the authorization server, and nothing else.

import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { InvalidTokenError } from "@modelcontextprotocol/sdk/server/auth/errors.js";
import { requireBearerAuth } from "@modelcontextprotocol/sdk/server/auth/middleware/bearerAuth.js";
import { getOAuthProtectedResourceMetadataUrl, mcpAuthMetadataRouter } from "@modelcontextprotocol/sdk/server/auth/router.js";
import { createMcpExpressApp } from "@modelcontextprotocol/sdk/server/express.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import * as jose from "jose";

const port = Number(process.env.PORT ?? 5090);
const issuer = process.env.ISSUER ?? "http://localhost:7071";
const resource = new URL(`http://localhost:${port}/mcp`); // exactly the identifier that the authorization server has for it
const scopes = ["mcp.tools"];

const oauthMetadata = await fetch(`${issuer}/.well-known/oauth-authorization-server`)
  .then((answer) => answer.json())
  .catch((error) => {
    console.error(`There is no authorization server at ${issuer} (${error.message}). Start one: dotnet dev.cs run`);
    process.exit(1);
  });

// <validate>
const keys = jose.createRemoteJWKSet(new URL(oauthMetadata.jwks_uri));

/** Checks an access token as RFC 9068 section 4 says: signature, type, issuer, audience and expiry. */
async function verifyAccessToken(token) {
  const { payload } = await jose.jwtVerify(token, keys, { typ: "at+jwt", issuer, audience: resource.href }).catch((error) => {
    throw new InvalidTokenError(error.code === "ERR_JWT_EXPIRED" ? "The token has expired" : "The token is not good here");
  });
  if (payload.cnf) throw new InvalidTokenError("The token is bound to a key, and this server checks no proofs");
  const { sub, client_id: clientId, scope = "", exp: expiresAt } = payload;
  return { token, clientId, scopes: scope.split(" "), expiresAt, resource, extra: { sub } };
}
// </validate>

// <protect>
const app = createMcpExpressApp();
// RFC 9728: where clients learn which authorization server gives tokens for this MCP server
app.use(mcpAuthMetadataRouter({ oauthMetadata, resourceServerUrl: resource, scopesSupported: scopes, resourceName: "Sample MCP server" }));
app.post(
  "/mcp",
  requireBearerAuth({
    verifier: { verifyAccessToken },
    requiredScopes: scopes, // 403 insufficient_scope without them
    resourceMetadataUrl: getOAuthProtectedResourceMetadataUrl(resource), // in WWW-Authenticate of each 401
    expectedResource: resource,
  }),
  serve,
);
app.use("/mcp", (_, response) => response.sendStatus(405)); // no sessions: nothing to GET or DELETE
// </protect>

// <tool>
/** Answers one request. Without sessions any instance can answer it. */
async function serve(request, response) {
  const server = new McpServer({ name: "sample", version: "1.0.0" });
  server.registerTool("whoami", { description: "Tells who calls, and for which client and with which scopes" }, ({ authInfo }) => ({
    content: [{ type: "text", text: JSON.stringify({ sub: authInfo.extra.sub, client: authInfo.clientId, scopes: authInfo.scopes }) }],
  }));
  const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined });
  response.on("close", () => server.close());
  await server.connect(transport);
  await transport.handleRequest(request, response, request.body);
}
// </tool>

app.listen(port, "localhost", (error) => {
  if (error) throw error; // the port is in use
  console.log(`The MCP server is ready: ${resource.href}`);
});
