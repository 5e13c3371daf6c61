// The redirect URI of a program without a web server (RFC 8252 section 7.3): a port of this machine, open for one login.

import { once } from "node:events";
import { createServer } from "node:http";

/** @returns { redirectUri, code, close }; `code({ state, issuer })` waits for the answer of the authorization server */
export async function listen() {
  let arrived;
  const answer = new Promise((resolve) => { arrived = resolve; });
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url, "http://127.0.0.1");
    if (pathname !== "/callback") return response.writeHead(404).end();
    response.writeHead(200, { "Content-Type": "text/plain", Connection: "close" }).end("You can close this window and go back to the program.");
    arrived(searchParams);
  });
  server.listen(0, "127.0.0.1"); // 0: a free port. The authorization server takes any port of a loopback address
  await once(server, "listening");

  return {
    redirectUri: `http://127.0.0.1:${server.address().port}/callback`,
    async code({ state, issuer }) {
      const parameters = await answer;
      if (parameters.get("state") !== state || parameters.get("iss") !== issuer) throw new Error("The answer belongs to another request.");
      if (parameters.has("error")) throw new Error(`The sign-in was not completed: ${parameters.get("error_description") ?? parameters.get("error")}`);
      return parameters.get("code");
    },
    close: () => server.close(),
  };
}
