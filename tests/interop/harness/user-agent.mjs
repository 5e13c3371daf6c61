// A person at a browser, as far as the server can tell: it keeps cookies, follows redirects and fills in forms.

const redirects = [301, 302, 303, 307, 308];
const maxSteps = 10;

export class UserAgent {
  #cookies = new Map();

  constructor(issuer) {
    this.origin = new URL(issuer).origin;
  }

  get cookieNames() {
    return [...this.#cookies.keys()];
  }

  /** One request, with its redirects not followed. */
  async fetch(url, init = {}) {
    const headers = new Headers(init.headers);
    if (this.#cookies.size > 0) headers.set("Cookie", [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; "));
    const response = await fetch(url, { ...init, headers, redirect: "manual" });
    for (const line of response.headers.getSetCookie()) this.#keep(line);
    return response;
  }

  /**
   * Opens a URL and goes wherever it leads, on this server only.
   * @param until the address where a redirect is not followed any more: a client's
   * @returns the page { status, url, html }, or { arrived: URL } for a redirect to the client
   */
  async open(url, { until, ...init } = {}) {
    for (let step = 0; step < maxSteps; step++) {
      const response = await this.fetch(url, init);
      if (!redirects.includes(response.status)) return { status: response.status, url: new URL(url), html: await response.text() };
      const next = new URL(response.headers.get("Location"), url);
      if (next.origin !== this.origin || (until && next.href.startsWith(until))) return { arrived: next };
      url = next;
      init = {}; // as browsers do after a form: the redirect is a GET
    }
    throw new Error(`more than ${maxSteps} redirects`);
  }

  /** Submits the form of a page. */
  submit(page, fields, options) {
    const { action, hidden } = formOf(page);
    return this.open(action, { ...options, method: "POST", body: new URLSearchParams({ ...hidden, ...fields }) });
  }

  #keep(line) {
    const [pair, ...attributes] = line.split(";").map((part) => part.trim());
    const [name, value] = [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)];
    const expires = attributes.find((attribute) => /^expires=/i.test(attribute))?.slice("expires=".length);
    const gone = attributes.some((attribute) => /^max-age=0$/i.test(attribute)) || (expires && new Date(expires) <= new Date());
    if (gone) this.#cookies.delete(name);
    else this.#cookies.set(name, value);
  }
}

/**
 * Takes an authorization request to its end: signs in and consents when asked.
 * @param answers { username, password, login: "login" | "cancel", consent: "allow" | "deny" }, and the redirectUri if the URL
 *   does not tell it
 * @returns { callback: URL, asked } or, for response_mode=form_post, { form: { action, hidden }, asked };
 *   `asked` lists the pages on the way
 */
export async function authorize(agent, authorizationUrl, { username, password, login = "login", consent = "allow", redirectUri }) {
  const until = redirectUri ?? new URL(authorizationUrl).searchParams.get("redirect_uri");
  const asked = [];
  let result = await agent.open(authorizationUrl, { until });
  while (!result.arrived) {
    const name = new URL(result.url).pathname.slice(1);
    if (result.status === 200 && formOf(result).action.startsWith(until)) return { form: formOf(result), asked };
    if (asked.includes(name)) throw new Error(`${name} asked twice: ${textOf(result)}`);
    asked.push(name);
    if (result.status === 200 && name === "login") result = await agent.submit(result, { username, password, action: login }, { until });
    else if (result.status === 200 && name === "consent") result = await agent.submit(result, { action: consent }, { until });
    else throw new Error(`${name} answered ${result.status}: ${textOf(result)}`);
  }
  return { callback: result.arrived, asked };
}

/** The first form of a page of ours, with what a browser sends of it where the person changes nothing. */
export function formOf({ url, html }) {
  const whole = /<form\b[^>]*>.*?<\/form>/s.exec(html)?.[0];
  if (!whole) return { action: "", hidden: {} };
  const form = /<form\b[^>]*>/.exec(whole)[0];
  const inputs = (whole.match(/<input\b[^>]*>/g) ?? []).filter((input) => /type="hidden"/.test(input) || /type="checkbox".*\schecked\b/.test(input));
  return {
    action: new URL(attribute(form, "action"), url).href,
    hidden: Object.fromEntries(inputs.map((input) => [attribute(input, "name"), attribute(input, "value")])),
  };
}

/** What a person reads on a page. */
export function textOf({ html }) {
  return decode(html.replace(/<head>.*<\/head>/s, "").replace(/<[^>]*>/g, " ")).replace(/\s+/g, " ").trim();
}

function attribute(tag, name) {
  return decode(new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1] ?? "");
}

function decode(text) {
  const named = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(amp|lt|gt|quot|apos));/gi, (_, hex, decimal, name) =>
    name ? named[name.toLowerCase()] : String.fromCodePoint(hex ? parseInt(hex, 16) : Number(decimal)));
}
