using System.Text.Json.Nodes;
using FunctionsAuth.LocalHost.Hosting;
using FunctionsAuth.Protocol.Keys;
using FunctionsAuth.Protocol.Wire;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.BackChannel;

/// <summary>RFC 7523: clients that sign a JWT with a private key, in their registration or behind their jwks_uri, or with their secret.</summary>
public sealed class ClientAssertionTests : IAsyncLifetime
{
    private const string Type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    private const string Secret = "a-secret-of-the-client-0123456789-abcdef";
    private const string JwksPath = "/jwks.json";

    private readonly ClientKey ec = new();
    private readonly ClientKey rsa = new(SigningKeyType.Rsa);
    private RunningServer server = null!;
    private ClientHost host = null!;

    public async Task InitializeAsync()
    {
        host = await ClientHost.StartAsync();
        host.Serve(JwksPath, Set(ec.Jwk()), cacheControl: "max-age=600");
        server = await RunningServer.StartAsync(new ServerSetup { Settings = new() { ["Fetch:TrustedHosts:0"] = "127.0.0.1" } });
        await LocalServer.ImportAsync(server.Services, new JsonObject
        {
            ["clients"] = new JsonArray(
                Client("inline", "private_key_jwt", ("jwks", JsonNode.Parse(Set(ec.Jwk(), rsa.Jwk(withKid: false))))),
                Client("strict", "private_key_jwt", ("jwks", JsonNode.Parse(Set(rsa.Jwk()))), ("token_endpoint_auth_signing_alg", "PS256")),
                Client("fetched", "private_key_jwt", ("jwks_uri", new Uri(host.Url, JwksPath).AbsoluteUri)),
                Client("shared", "client_secret_jwt", ("client_secret", Secret))),
        }.ToJsonString());
    }

    public async Task DisposeAsync()
    {
        await server.DisposeAsync();
        await host.DisposeAsync();
    }

    [Fact]
    public async Task A_registered_key_proves_who_the_client_is()
    {
        (await AskAsync(ec.Sign(Claims("inline"), ("kid", ec.Kid)))).ShouldBeOk();
        (await AskAsync(ec.Sign(Claims("inline")))).ShouldBeOk();
        (await AskAsync(rsa.Sign(Claims("inline")))).ShouldBeOk();
        (await AskAsync(rsa.Sign(Claims("inline")), ("client_id", "inline"))).ShouldBeOk();
        (await AskAsync(ClientKey.SignWithSecret(Claims("shared"), Secret))).ShouldBeOk();
    }

    [Fact]
    public async Task It_does_at_every_endpoint_that_authenticates_clients()
    {
        foreach (var endpoint in (string[])["introspect", "revoke"])
            (await PostAsync(endpoint, ec.Sign(Claims("inline")), ("token", "x"))).ShouldBeOk();
    }

    [Fact]
    public async Task An_assertion_is_good_once()
    {
        var assertion = ec.Sign(Claims("inline"));
        (await AskAsync(assertion)).ShouldBeOk();
        (await AskAsync(assertion)).ShouldFail("invalid_client", 401);
        (await PostAsync("revoke", assertion, ("token", "x"))).ShouldFail("invalid_client", 401);
        // The jti counts, and of each client its own.
        (await AskAsync(ec.Sign(With("inline", "jti", "same")))).ShouldBeOk();
        (await AskAsync(rsa.Sign(With("inline", "jti", "same")))).ShouldFail("invalid_client", 401);
        (await AskAsync(ec.Sign(With("fetched", "jti", "same")))).ShouldBeOk();
    }

    [Fact]
    public async Task Of_many_requests_at_once_with_one_assertion_one_is_answered()
    {
        var assertion = ec.Sign(Claims("inline"));
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => AskAsync(assertion))));
        Assert.Single(answers, answer => answer.Status == 200);
        Assert.All(answers.Where(answer => answer.Status != 200), answer => answer.ShouldFail("invalid_client", 401));
    }

    [Theory]
    [InlineData("iss", "\"other\"")]
    [InlineData("iss", null)]
    [InlineData("sub", "\"shared\"")]
    [InlineData("sub", null)]
    [InlineData("sub", "17")]
    [InlineData("aud", "\"https://other.example\"")]
    [InlineData("aud", """["https://login.example", "https://other.example"]""")]
    [InlineData("aud", "[]")]
    [InlineData("aud", null)]
    [InlineData("exp", "-60")]
    [InlineData("exp", "3700")]
    [InlineData("exp", null)]
    [InlineData("exp", "\"soon\"")]
    [InlineData("exp", "{}")]
    [InlineData("exp", "true")]
    [InlineData("iat", "\"1\"")]
    [InlineData("nbf", "\"1\"")]
    [InlineData("nbf", "[1]")]
    [InlineData("nbf", "120")]
    [InlineData("jti", null)]
    [InlineData("jti", "\"\"")]
    public async Task A_claim_that_is_wrong_or_missing_is_refused_and_uses_nothing_up(string claim, string? value)
    {
        var claims = Claims("inline");
        var node = value is null ? null : JsonNode.Parse(value);
        claims[claim] = claim is "exp" or "nbf" && node?.GetValueKind() == System.Text.Json.JsonValueKind.Number ? Now + node.GetValue<int>() : node;
        if (value is null)
            claims.Remove(claim);
        (await AskAsync(ec.Sign(claims))).ShouldFail("invalid_client", 401);
        if (claims["jti"] is { } jti && jti.GetValue<string>().Length > 0)
            (await AskAsync(ec.Sign(With("inline", "jti", jti)))).ShouldBeOk();
    }

    [Theory]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    public async Task An_expiry_beyond_all_time_is_refused(long seconds) =>
        (await AskAsync(ec.Sign(With("inline", "exp", seconds)))).ShouldFail("invalid_client", 401);

    [Theory]
    [InlineData("https://login.example")]
    [InlineData("https://login.example/")]
    [InlineData("https://login.example/token")]
    [InlineData("https://login.example/par")]
    public async Task The_audience_is_the_issuer_the_token_endpoint_or_that_of_pushed_requests(string audience)
    {
        (await AskAsync(ec.Sign(With("inline", "aud", audience)))).ShouldBeOk();
        (await AskAsync(ec.Sign(With("inline", "aud", new JsonArray(audience))))).ShouldBeOk();
        (await AskAsync(ec.Sign(With("inline", "aud", new JsonArray(audience, RunningServer.Issuer))))).ShouldBeOk();
        (await AskAsync(ec.Sign(With("inline", "aud", new JsonArray(audience, "https://other.example"))))).ShouldFail("invalid_client", 401);
    }

    [Theory]
    [InlineData("https://login.example/par/")]
    [InlineData("https://login.example/introspect")]
    [InlineData("https://LOGIN.example/token")]
    public async Task Another_address_is_no_audience(string audience) => (await AskAsync(ec.Sign(With("inline", "aud", audience)))).ShouldFail("invalid_client", 401);

    [Fact]
    public async Task A_date_is_a_number_which_may_have_a_fraction_and_no_text()
    {
        (await AskAsync(ec.Sign(With("inline", "exp", Now + 59.5)))).ShouldBeOk();
        (await AskAsync(ec.Sign(With("inline", "exp", JsonNode.Parse($"{Now + 60}.0")!)))).ShouldBeOk();
        var answer = (await AskAsync(ec.Sign(With("inline", "exp", $"{Now + 60}")))).ShouldFail("invalid_client", 401);
        Assert.Equal("The exp of the client_assertion must be a number of seconds since 1970", answer["error_description"]);
    }

    [Theory]
    [InlineData("JWT", true)]
    [InlineData("application/jwt", true)]
    [InlineData("client-authentication+jwt", true)]
    [InlineData("application/Client-Authentication+jwt", true)]
    [InlineData("at+jwt", false)]
    [InlineData("application/dpop+jwt", false)]
    [InlineData("oauth-authz-req+jwt", false)]
    [InlineData("text/client-authentication+jwt", false)]
    public async Task A_type_is_that_of_an_assertion_or_says_nothing(string type, bool isTaken)
    {
        var answer = await AskAsync(ec.Sign(Claims("inline"), ("typ", type)));
        if (isTaken)
            answer.ShouldBeOk();
        else
            answer.ShouldFail("invalid_client", 401);
    }

    [Theory]
    [InlineData("""["b64"]""")]
    [InlineData("""["exp"]""")]
    [InlineData("[]")]
    [InlineData("\"x\"")]
    public async Task An_extension_that_must_be_understood_is_refused(string critical)
    {
        var answer = (await AskAsync(ec.SignWithHeader(Claims("inline"), new JsonObject { ["crit"] = JsonNode.Parse(critical), ["b64"] = true, ["exp"] = 1 }))).ShouldFail("invalid_client", 401);
        Assert.Contains("crit", answer["error_description"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_key_another_method_and_another_algorithm_are_refused()
    {
        string[] assertions =
        [
            new ClientKey().Sign(Claims("inline")),
            new ClientKey().Sign(Claims("inline"), ("kid", ec.Kid)),
            ClientKey.Unsigned(Claims("inline")),
            ClientKey.Unsigned(Claims("shared")),
            // The public key as a secret: the classic confusion.
            ClientKey.SignWithSecret(Claims("inline"), ec.Jwk().ToJsonString()),
            ec.Sign(Claims("shared")),
            ec.Sign(Claims("spa")),
            ec.Sign(Claims("web")),
            ec.Sign(Claims("nobody")),
            ClientKey.SignWithSecret(Claims("shared"), Secret + "x"),
            rsa.Sign(Claims("strict")),
            "e30.e30.e30", "not a token", "a.b", "....",
            ec.Sign(Claims("inline"))[..^4],
        ];
        foreach (var assertion in assertions)
            (await AskAsync(assertion)).ShouldFail("invalid_client", 401);
        (await AskAsync(new ClientKey(SigningKeyType.Rsa) { Algorithm = SigningAlgorithms.PS256 }.Sign(Claims("strict")))).ShouldFail("invalid_client", 401);
    }

    [Fact]
    public async Task Another_type_a_secret_beside_it_and_another_client_id_are_refused()
    {
        (await AskAsync(ec.Sign(Claims("inline")), ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:saml2-bearer"))).ShouldFail("invalid_client", 401);
        (await AskAsync(ec.Sign(Claims("inline")), ("client_secret", Secret))).ShouldFail("invalid_request");
        (await AskAsync(ec.Sign(Claims("inline")), ("client_id", "fetched"))).ShouldFail("invalid_request");
        (await AskAsync(ClientKey.SignWithSecret(Claims("shared"), Secret), ("client_id", "inline"))).ShouldFail("invalid_request");
    }

    [Fact]
    public async Task Keys_at_a_jwks_uri_are_fetched_once_and_again_when_the_client_has_rotated()
    {
        (await AskAsync(ec.Sign(Claims("fetched"), ("kid", ec.Kid)))).ShouldBeOk();
        (await AskAsync(ec.Sign(Claims("fetched"), ("kid", ec.Kid)))).ShouldBeOk();
        Assert.Equal(1, host.RequestsFor(JwksPath));

        var next = new ClientKey();
        host.Serve(JwksPath, Set(next.Jwk()), cacheControl: "max-age=600");
        // Within a minute nobody can make the server ask again by naming keys.
        (await AskAsync(next.Sign(Claims("fetched"), ("kid", next.Kid)))).ShouldFail("invalid_client", 401);
        Assert.Equal(1, host.RequestsFor(JwksPath));
        server.Clock.Advance(TimeSpan.FromMinutes(1));
        (await AskAsync(next.Sign(Claims("fetched"), ("kid", next.Kid)))).ShouldBeOk();
        Assert.Equal(2, host.RequestsFor(JwksPath));
        (await AskAsync(ec.Sign(Claims("fetched"), ("kid", ec.Kid)))).ShouldFail("invalid_client", 401);

        // Its headers allow 10 minutes.
        server.Clock.Advance(TimeSpan.FromMinutes(10));
        (await AskAsync(next.Sign(Claims("fetched")))).ShouldBeOk();
        Assert.Equal(3, host.RequestsFor(JwksPath));
    }

    [Theory]
    [InlineData("""{"keys":[]}""")]
    [InlineData("no JSON")]
    [InlineData("[]")]
    [InlineData("")]
    public async Task Keys_that_can_not_be_used_are_an_error_of_the_client(string content)
    {
        host.Serve(JwksPath, content);
        (await AskAsync(ec.Sign(Claims("fetched")))).ShouldFail("invalid_client", 401);
        (await AskAsync(ec.Sign(Claims("fetched")))).ShouldFail("invalid_client", 401);
        Assert.Equal(1, host.RequestsFor(JwksPath));
        host.Serve(JwksPath, Set(ec.Jwk()));
        server.Clock.Advance(TimeSpan.FromMinutes(6));
        (await AskAsync(ec.Sign(Claims("fetched")))).ShouldBeOk();
    }

    private long Now => server.Clock.GetUtcNow().ToUnixTimeSeconds();

    private static string Set(params JsonNode[] keys) => new JsonObject { ["keys"] = new JsonArray(keys) }.ToJsonString();

    private static JsonObject Client(string id, string method, params (string Name, JsonNode? Value)[] members)
    {
        var client = new JsonObject { ["client_id"] = id, ["token_endpoint_auth_method"] = method, ["grant_types"] = new JsonArray("client_credentials"), ["scope"] = "" };
        foreach (var (name, value) in members)
            client[name] = value;
        return client;
    }

    private JsonObject Claims(string clientId) => new()
    {
        ["iss"] = clientId,
        ["sub"] = clientId,
        ["aud"] = RunningServer.Issuer,
        ["exp"] = Now + 60,
        ["jti"] = Guid.NewGuid().ToString(),
    };

    private JsonObject With(string clientId, string claim, JsonNode value)
    {
        var claims = Claims(clientId);
        claims[claim] = value.DeepClone();
        return claims;
    }

    private Task<JsonAnswer> AskAsync(string assertion, params (string Name, string Value)[] fields) =>
        PostAsync("token", assertion, [("grant_type", "client_credentials"), .. fields]);

    private async Task<JsonAnswer> PostAsync(string endpoint, string assertion, params (string Name, string Value)[] fields)
    {
        var form = new Dictionary<string, string> { ["client_assertion_type"] = Type, ["client_assertion"] = assertion };
        foreach (var (name, value) in fields)
            form[name] = value;
        return await JsonAnswer.ReadAsync(await server.Http.PostAsync(endpoint, new FormUrlEncodedContent(form)));
    }
}
