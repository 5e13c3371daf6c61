using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Server.Tests.Dpop;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Fapi;

/// <summary>A client that does everything as FAPI 2.0 has it, and that a test makes wrong in one point.</summary>
internal sealed class FapiApp(RunningServer server, string? profile, string clientId = "fapi")
{
    public ClientKey Key { get; init; } = new();

    public ProofMaker Proofs { get; } = new(server);

    public string RedirectUri => $"https://{clientId}.example/callback";

    public async Task<FapiApp> RegisterAsync(Func<Client, Client>? change = null)
    {
        var client = new Client
        {
            ClientId = clientId,
            ClientName = clientId,
            TokenEndpointAuthMethod = "private_key_jwt",
            Jwks = new JsonObject { ["keys"] = new JsonArray(Key.Jwk()) },
            RedirectUris = [RedirectUri],
            GrantTypes = ["authorization_code", "refresh_token", "client_credentials"],
            Scope = "openid offline_access api.read",
            Profile = profile,
        };
        await server.RegisterAsync(change is null ? client : change(client));
        server.Clock.Advance(TimeSpan.FromSeconds(61));
        return this;
    }

    public AuthorizationParameters Request() => new(clientId, scope: "openid offline_access");

    /// <param name="change">Makes it wrong.</param>
    public string Assertion(Action<JsonObject>? change = null)
    {
        var claims = Claims(TimeSpan.FromMinutes(1));
        claims["sub"] = clientId;
        claims["jti"] = Guid.NewGuid().ToString();
        change?.Invoke(claims);
        return Key.Sign(claims);
    }

    /// <inheritdoc cref="Assertion"/>
    public string RequestObject(AuthorizationParameters request, Action<JsonObject>? change = null, string typ = "OAuth-Authz-Req+JWT")
    {
        var claims = Claims(TimeSpan.FromMinutes(5));
        claims["nbf"] = server.Clock.GetUtcNow().ToUnixTimeSeconds();
        foreach (var (name, value) in request.All)
            claims[name] = value;
        change?.Invoke(claims);
        return Key.Sign(claims, ("typ", typ));
    }

    public Task<JsonAnswer> PushAsync(AuthorizationParameters request, Action<JsonObject>? assertion = null, string? proof = null) =>
        PostAsync("par", request.All.Select(field => (field.Key, (string?)field.Value)), assertion, proof);

    public Task<JsonAnswer> PushSignedAsync(string requestObject) => PostAsync("par", [("request", requestObject)]);

    /// <summary>From a pushed request to the answer at the client.</summary>
    public Task<Answer> AuthorizeAsync(JsonAnswer pushed, Browser? browser = null)
    {
        Assert.True(pushed.Status == 201, $"{pushed.Status} {pushed.Json}");
        return (browser ?? new Browser(server)).AuthorizeAsync(new AuthorizationParameters(clientId).With("request_uri", pushed["request_uri"]));
    }

    public async Task<string> CodeAsync(Browser? browser = null) => (await AuthorizeAsync(await PushAsync(Request()), browser)).Parameters["code"];

    public Task<JsonAnswer> RedeemAsync(string code, string? verifier = AuthorizationParameters.Verifier) => TokenAsync(
        ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", RedirectUri), ("code_verifier", verifier));

    /// <summary>A token request with an assertion and a proof.</summary>
    public Task<JsonAnswer> TokenAsync(params IEnumerable<(string Name, string? Value)> fields) => PostAsync("token", fields, proof: Proofs.Make("POST", "token"));

    public Task<JsonAnswer> PostAsync(string endpoint, IEnumerable<(string Name, string? Value)> fields, Action<JsonObject>? assertion = null, string? proof = null) => Proofs.PostAsync(
        endpoint,
        null,
        [("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"), ("client_assertion", Assertion(assertion)), .. fields.Where(field => field.Name != "client_id")],
        proof is null ? [] : [proof]);

    private JsonObject Claims(TimeSpan life)
    {
        var now = server.Clock.GetUtcNow();
        return new JsonObject { ["iss"] = clientId, ["aud"] = RunningServer.Issuer, ["iat"] = now.ToUnixTimeSeconds(), ["exp"] = (now + life).ToUnixTimeSeconds() };
    }
}
