// The pages. Everything that comes from elsewhere is escaped.

const escape = (text) => String(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

const page = (content) => `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width">
  <title>Sample web app</title>
  <style>
    :root { color-scheme: light dark; font-family: system-ui, sans-serif; }
    main { max-width: 45rem; margin: 2rem auto; padding: 0 1rem; }
    form { display: inline; }
    td, th { text-align: left; padding-right: 1rem; overflow-wrap: anywhere; }
    pre { white-space: pre-wrap; overflow-wrap: anywhere; }
  </style>
</head>
<body><main><h1>Sample web app</h1>${content}</main></body>
</html>`;

export const errorPage = (message) => page(`<p role="alert">${escape(message)}</p><p><a href="/">Back</a></p>`);

/**
 * @param claims of the ID token, or undefined when nobody is signed in
 * @param answer of the API, if it was called
 */
export function homePage(claims, answer) {
  if (!claims) return page(`<p>Nobody is signed in.</p><p><a href="/login">Sign in</a></p>`);
  const rows = Object.entries(claims).map(([name, value]) => `<tr><th scope="row">${escape(name)}</th><td>${escape(JSON.stringify(value))}</td></tr>`);
  return page(`
    <p>Signed in as ${escape(claims.name ?? claims.sub)}.</p>
    <form method="post" action="/orders"><button>Call the Orders API</button></form>
    <form method="post" action="/logout"><button>Sign out</button></form>
    ${answer === undefined ? "" : `<h2>Answer of the Orders API</h2><pre>${escape(answer)}</pre>`}
    <h2>Claims of the ID token</h2>
    <table>${rows.join("")}</table>`);
}
