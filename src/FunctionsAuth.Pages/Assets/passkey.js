// Signs in with a passkey, or makes one. The server's page has what is asked in data attributes, and gets the answer as fields of the form.
const form = document.querySelector("form[data-passkey]");
const life = 4.5 * 60 * 1000; // a little less than the server gives the challenge

const bytesOf = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const textOf = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

function send(fields) {
  for (const [name, value] of Object.entries(fields)) {
    const input = Object.assign(document.createElement("input"), { type: "hidden", name, value });
    form.append(input);
  }
  HTMLFormElement.prototype.submit.call(form);
}

const ways = {
  get: {
    ask: (options) => navigator.credentials.get({
      ...options,
      publicKey: { challenge: bytesOf(form.dataset.challenge), rpId: form.dataset.rp, userVerification: "required", allowCredentials: [] },
    }),
    fieldsOf: ({ rawId, response }) => ({
      passkey_id: textOf(rawId),
      passkey_client_data: textOf(response.clientDataJSON),
      passkey_authenticator_data: textOf(response.authenticatorData),
      passkey_signature: textOf(response.signature),
      passkey_user_handle: textOf(response.userHandle ?? new ArrayBuffer(0)),
      ...(document.getElementById("remember")?.checked && { remember: "true" }),
    }),
  },
  create: {
    ask: (options) => navigator.credentials.create({
      ...options,
      publicKey: {
        challenge: bytesOf(form.dataset.challenge),
        rp: { id: form.dataset.rp, name: form.dataset.rpName },
        user: { id: bytesOf(form.dataset.user), name: form.dataset.userName, displayName: form.dataset.displayName },
        pubKeyCredParams: [-7, -257].map((alg) => ({ type: "public-key", alg })),
        excludeCredentials: form.dataset.exclude.split(",").filter(Boolean).map((entry) => {
          const [id, ...transports] = entry.split(" ");
          return { type: "public-key", id: bytesOf(id), transports };
        }),
        authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "required" },
        attestation: "none",
      },
    }),
    fieldsOf: ({ rawId, response }) => ({
      passkey_id: textOf(rawId),
      passkey_client_data: textOf(response.clientDataJSON),
      passkey_attestation: textOf(response.attestationObject),
      passkey_transports: (response.getTransports?.() ?? []).join(" "),
    }),
  },
};

const says = (error) => ({ InvalidStateError: form.dataset.exists, NotAllowedError: form.dataset.cancelled })[error.name] ?? form.dataset.failed;

if (form && window.PublicKeyCredential) {
  const way = ways[form.dataset.passkey];
  const status = form.querySelector("[role=status]");
  const button = form.querySelector("button");
  const since = Date.now();
  let pending;

  const ask = async (options) => {
    pending?.abort();
    pending = new AbortController();
    try {
      const credential = await way.ask({ ...options, signal: pending.signal });
      if (credential) send(way.fieldsOf(credential));
    } catch (error) {
      if (error.name !== "AbortError" && !options.mediation) status.textContent = says(error);
    }
  };

  button.addEventListener("click", () => {
    if (!form.reportValidity()) return;
    status.textContent = "";
    // The server answers with a page that has a new challenge.
    if (Date.now() - since > life) send({});
    else ask({});
  });
  // Enter in the name field must not send the form without an answer.
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    button.click();
  });
  form.hidden = false;

  if (document.querySelector("[autocomplete~=webauthn]")) {
    // The browser offers passkeys in the name field.
    PublicKeyCredential.isConditionalMediationAvailable?.().then((available) => {
      if (!available || pending) return;
      ask({ mediation: "conditional" });
      const conditional = pending;
      setTimeout(() => conditional.abort(), life);
    });
  }
} else {
  document.querySelector("[data-without-passkeys]")?.removeAttribute("hidden");
}
