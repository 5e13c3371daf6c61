// What an app does that uses the MCP SDK as a client: it keeps what the SDK gives it, and opens a browser when the SDK says so.

/** An OAuthClientProvider, kept in memory. */
export class McpApp {
  redirectUrl = "http://127.0.0.1:33418/callback"; // nobody listens there: the scripted browser stops before it

  /**
   * @param metadata more than the name, grant types and redirect URI that it registers, such as { scope }
   * @param metadataUrl where its metadata document stands, if it has one
   */
  constructor(metadata = {}, metadataUrl) {
    this.clientMetadata = {
      client_name: "Interop agent",
      redirect_uris: [this.redirectUrl],
      grant_types: ["authorization_code", "refresh_token"],
      response_types: ["code"],
      token_endpoint_auth_method: "none",
      ...metadata,
    };
    this.clientMetadataUrl = metadataUrl;
    this.kept = {};
    this.forgotten = [];
  }

  /** Where the person has to go, and nowhere unless the SDK has asked for it since. */
  takeUrl() {
    const { url } = this.kept;
    delete this.kept.url;
    return url;
  }

  state = () => (this.kept.state = crypto.randomUUID());
  clientInformation = () => this.kept.client;
  saveClientInformation = (client) => { this.kept.client = client; };
  tokens = () => this.kept.tokens;
  saveTokens = (tokens) => { this.kept.tokens = tokens; };
  codeVerifier = () => this.kept.verifier;
  saveCodeVerifier = (verifier) => { this.kept.verifier = verifier; };
  redirectToAuthorization = (url) => { this.kept.url = url; };

  invalidateCredentials(what) {
    this.forgotten.push(what);
    if (what === "all") this.kept = {};
    else delete this.kept[what];
  }
}
