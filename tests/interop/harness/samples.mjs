// What LocalHost has when it is started without --import.

export const alice = { username: "alice", password: "Correct-Horse-7-Battery" };

export const demoSpa = { id: "demo-spa", redirectUri: (issuer) => new URL("/demo", issuer).href };

export const sampleWeb = {
  id: "sample-web",
  secret: "sample-web-secret-0123456789-abcdefghij",
  redirectUri: () => "https://client.example/callback",
};

export const sampleService = { id: "sample-service", secret: "sample-service-secret-0123456789-abcdef" };

export const sampleApi = { id: "sample-api", secret: "sample-api-secret-0123456789-abcdefghij", resource: "https://api.example.com" };

/** An import file with alice and what a test adds to it. */
export const importOf = ({ clients, users = [], ...more }) => ({
  ...more,
  clients,
  users: [
    {
      ...alice,
      claims: { name: "Alice Example", preferred_username: "alice", email: "alice@example.com", email_verified: true },
    },
    ...users,
  ],
});
