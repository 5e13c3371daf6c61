// The whole app. The library oidc-client-ts is the global `oidc`.

const { issuer, api } = await (await fetch("/settings.json")).json();

// <settings>
const manager = new oidc.UserManager({
  authority: issuer,
  client_id: "sample-spa",
  redirect_uri: `${location.origin}/`,
  post_logout_redirect_uri: `${location.origin}/`,
  scope: "openid profile email orders.read",
  resource: api, // the access token is for this API
  userStore: new oidc.WebStorageStateStore({ store: new oidc.InMemoryWebStorage() }), // tokens: they end with the page
  stateStore: new oidc.WebStorageStateStore({ store: sessionStorage }), // state and PKCE verifier: needed after the redirect
});
// </settings>

const element = (id) => document.getElementById(id);
const show = (id, value) => { element(id).textContent = typeof value === "string" ? value : JSON.stringify(value, null, 2); };

function showUser(user) {
  for (const part of document.querySelectorAll(".signed-in")) part.hidden = !user;
  for (const part of document.querySelectorAll(".signed-out")) part.hidden = Boolean(user);
  show("status", user ? `Signed in as ${user.profile.name ?? user.profile.sub}.` : "Not signed in.");
  show("claims", user?.profile ?? "");
}

// <start>
async function start() {
  const parameters = new URLSearchParams(location.search);
  if (!parameters.has("state")) return showUser(null);
  try {
    showUser(await manager.signinCallback()); // checks state, redeems the code with the PKCE verifier, checks the ID token
  } catch (error) {
    showUser(null);
    show("status", `The sign-in was not completed: ${error.message}`);
  } finally {
    history.replaceState(null, "", "/"); // a reload must not send the code again
  }
}
// </start>

// <call>
async function callApi() {
  const { access_token: token } = await manager.getUser();
  const answer = await fetch(`${api}/orders`, { headers: { Authorization: `Bearer ${token}` } }).catch(() => null);
  if (answer === null) return show("answer", `There is no answer from ${api}. Start samples/aspnetcore-api, and see that it allows the origin ${location.origin} (CORS).`);
  if (!answer.ok) return show("answer", `${answer.status} ${answer.headers.get("WWW-Authenticate") ?? ""}`);
  show("answer", await answer.json());
}
// </call>

// <renew>
// The library renews by itself, a minute before the access token expires. With a refresh token it needs no frame for that.
manager.events.addUserLoaded(showUser);
manager.events.addSilentRenewError(async () => {
  await manager.removeUser();
  showUser(null);
  show("status", "The session has ended. Sign in again.");
});
// </renew>

async function renew() {
  try {
    await manager.signinSilent();
    show("status", "The tokens are new.");
  } catch (error) {
    show("status", `The tokens could not be renewed: ${error.message}`);
  }
}

element("sign-in").addEventListener("click", () => manager.signinRedirect().catch(showUnreachable));
element("sign-out").addEventListener("click", () => manager.signoutRedirect().catch(showUnreachable));
element("call").addEventListener("click", callApi);
element("renew").addEventListener("click", renew);

function showUnreachable(error) {
  show("status", `The authorization server at ${issuer} can't be used: ${error.message}`);
}

await start();
