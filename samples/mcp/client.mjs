// A console program that uses an MCP server: it knows only the address of that server, and finds everything else.
//
//   node client.mjs [URL of the MCP server] [--no-browser]

import { spawn } from "node:child_process";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { UnauthorizedError } from "@modelcontextprotocol/sdk/client/auth.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { listen } from "./loopback.mjs";

const [url = "http://localhost:5090/mcp"] = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
const loopback = await listen();

// <provider>
/** What the SDK asks of an app. Everything is in memory, so each run registers and signs in anew. A real app keeps `kept` on disk. */
const kept = {};
const authProvider = {
  redirectUrl: loopback.redirectUri,
  clientMetadata: {
    client_name: "Sample MCP client",
    application_type: "native",
    redirect_uris: [loopback.redirectUri],
    grant_types: ["authorization_code", "refresh_token"],
    response_types: ["code"],
    token_endpoint_auth_method: "none", // a program on the person's machine can keep no secret
  },
  state: () => (kept.state = crypto.randomUUID()),
  clientInformation: () => kept.client,
  saveClientInformation: (client) => { kept.client = client; },
  tokens: () => kept.tokens,
  saveTokens: (tokens) => { kept.tokens = tokens; },
  codeVerifier: () => kept.verifier,
  saveCodeVerifier: (verifier) => { kept.verifier = verifier; },
  redirectToAuthorization: (page) => openBrowser(page.href),
};
// </provider>

// <connect>
const client = new Client({ name: "sample-client", version: "1.0.0" });
const transport = new StreamableHTTPClientTransport(new URL(url), { authProvider });
try {
  await client.connect(transport);
} catch (error) {
  if (!(error instanceof UnauthorizedError)) throw error;
  const code = await loopback.code({ state: kept.state, issuer: kept.client.issuer }); // the browser comes back to the loopback port
  await transport.finishAuth(code);
  await client.connect(new StreamableHTTPClientTransport(new URL(url), { authProvider }));
}
const { content } = await client.callTool({ name: "whoami", arguments: {} });
console.log(`whoami: ${content[0].text}`);
// </connect>

await client.close();
loopback.close();

function openBrowser(page) {
  console.log(`Sign in here: ${page}`);
  if (process.argv.includes("--no-browser")) return;
  const [command, ...options] = { darwin: ["open"], win32: ["rundll32", "url.dll,FileProtocolHandler"] }[process.platform] ?? ["xdg-open"];
  spawn(command, [...options, page], { stdio: "ignore", detached: true }).on("error", () => {}).unref(); // the printed address is enough
}
