// The one script of the app: at /callback it finishes a sign-in, at /silent one that runs in a frame.

const common = {
  authority: issuer,
  redirect_uri: `${location.origin}/callback`,
  silent_redirect_uri: `${location.origin}/silent`,
  post_logout_redirect_uri: `${location.origin}/goodbye`,
  loadUserInfo: true,
  automaticSilentRenew: false, // the tests say when
  checkSessionIntervalInSeconds: 1,
};

const managerOf = (client_id, settings) => new oidc.UserManager({
  ...common,
  client_id,
  userStore: new oidc.WebStorageStateStore({ prefix: `${client_id}.` }),
  ...settings,
});

const events = [];
const answers = []; // of the check_session_iframe
addEventListener("message", ({ data, origin }) => {
  if (origin === issuer) answers.push(data);
});

if (location.pathname === "/silent") {
  managerOf("spa").signinSilentCallback();
} else {
  window.manager = managerOf("spa", { scope: "openid profile", monitorSession: true });
  manager.events.addUserSignedOut(() => events.push("signed out"));
  manager.events.addUserSessionChanged(() => events.push("session changed"));
  window.signedIn = location.pathname === "/callback" && manager.signinCallback();
}
