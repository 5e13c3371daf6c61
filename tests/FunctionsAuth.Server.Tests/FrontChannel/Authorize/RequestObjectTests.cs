using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Keys;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.FrontChannel.Authorize;

/// <summary>Requests inside a JWT that the client signed: RFC 9101.</summary>
public sealed class RequestObjectTests(SigningClient shared) : IClassFixture<SigningClient>
{
    [Theory]
    [InlineData(null)]
    [InlineData("JWT")]
    [InlineData("oauth-authz-req+jwt")]
    [InlineData("OAuth-AuthZ-Req+JWT")]
    public async Task What_is_inside_counts(string? type)
    {
        var answer = await shared.AuthorizeAsync(shared.Sign(shared.Claims(), header: type is null ? [] : [("typ", type)]));
        Assert.Equal("inner-state", answer.Parameters["state"]);
        var tokens = (await shared.App("signing").RedeemAsync(answer.Parameters["code"])).ShouldBeOk();
        Assert.Equal("inner-nonce", JsonAnswer.Claims(tokens.IdToken).GetProperty("nonce").GetString());
    }

    [Fact]
    public async Task What_stands_beside_it_does_not_count()
    {
        var answer = await shared.AuthorizeAsync(shared.Sign(shared.Claims()), outer => outer.With("state", "outer").With("scope", "openid profile").With("nonce", "outer"));
        Assert.Equal("inner-state", answer.Parameters["state"]);
        var tokens = (await shared.App("signing").RedeemAsync(answer.Parameters["code"])).ShouldBeOk();
        Assert.Equal("openid", tokens["scope"]);
        Assert.Equal("inner-nonce", JsonAnswer.Claims(tokens.IdToken).GetProperty("nonce").GetString());
    }

    [Fact]
    public async Task It_keeps_while_the_person_signs_in()
    {
        var browser = new Browser(shared.Server);
        var answer = await browser.AuthorizeAsync(shared.Outer().With("request", shared.Sign(shared.Claims())));
        Assert.Equal("inner-state", answer.Parameters["state"]);
        (await shared.App("signing").RedeemAsync(answer.Parameters["code"])).ShouldBeOk();
    }

    [Fact]
    public async Task Numbers_objects_and_arrays_stand_for_their_parameters()
    {
        var claims = shared.Claims();
        claims["max_age"] = 10000;
        claims["claims"] = new JsonObject { ["userinfo"] = new JsonObject { ["email"] = null } };
        claims["resource"] = new JsonArray("https://api.example", "https://other.example");
        claims["scope"] = "openid api.read other.read";
        var answer = await shared.AuthorizeAsync(shared.Sign(claims));
        var tokens = (await shared.App("signing").RedeemAsync(answer.Parameters["code"])).ShouldBeOk();
        Assert.Equal("alice@example.com", (await shared.App("signing").UserInfoAsync(tokens.AccessToken)).ShouldBeOk()["email"]);
        Assert.Contains("https://other.example", JsonAnswer.Claims(tokens.AccessToken).GetProperty("aud").GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("iss", "somebody-else", "*iss*client_id*")]
    [InlineData("sub", "signing", "*sub*")]
    [InlineData("aud", "https://other.example", "*aud*issuer*")]
    [InlineData("exp", -120, "*expired*")]
    [InlineData("nbf", 120, "*not valid yet*")]
    [InlineData("exp", "soon", "*")]
    [InlineData("client_id", "web", "*client_id*")]
    [InlineData("request", "x", "*request*")]
    [InlineData("request_uri", "https://signing.example/r", "*request_uri*")]
    public async Task A_JWT_that_says_something_wrong_is_refused(string name, object value, string description)
    {
        var claims = shared.Claims();
        claims[name] = value is int seconds ? shared.Now + seconds : JsonValue.Create((string)value);
        await ShouldFailAsync(shared.Sign(claims), "invalid_request_object", description);
    }

    [Theory]
    [InlineData(RunningServer.Issuer + " https://other.example")]
    [InlineData(RunningServer.Issuer + "/")]
    public async Task The_audience_has_this_server(string audience)
    {
        var claims = shared.Claims();
        claims["aud"] = new JsonArray([.. audience.Split(' ').Select(name => JsonValue.Create(name))]);
        claims["nbf"] = shared.Now + 8;
        claims["exp"] = shared.Now - 8;
        Assert.Equal("inner-state", (await shared.AuthorizeAsync(shared.Sign(claims))).Parameters["state"]);
    }

    [Fact]
    public Task A_JWT_that_nobody_signed_is_refused() => ShouldFailAsync(ClientKey.Unsigned(shared.Claims()), "invalid_request_object", "*alg*");

    [Fact]
    public Task A_JWT_that_another_client_signed_is_refused() => ShouldFailAsync(new ClientKey().Sign(shared.Claims()), "invalid_request_object", "*signature*");

    [Fact]
    public Task A_JWT_with_an_algorithm_that_the_client_did_not_register_is_refused() =>
        ShouldFailAsync(new ClientKey(SigningKeyType.Rsa).Sign(shared.Claims()), "invalid_request_object", "*alg*");

    [Fact]
    public Task A_secret_is_no_key_for_it() =>
        ShouldFailAsync(ClientKey.SignWithSecret(shared.Claims(), RawRequests.SecretOf("signing")), "invalid_request_object", "*alg*");

    [Fact]
    public Task A_token_of_another_type_is_refused() => ShouldFailAsync(shared.Sign(shared.Claims(), header: [("typ", "at+jwt")]), "invalid_request_object", "*typ*");

    [Theory]
    [InlineData("x")]
    [InlineData("a.b.c")]
    [InlineData("e30.e30.")]
    public Task What_is_no_JWT_is_refused(string text) => ShouldFailAsync(text, "invalid_request_object", "*");

    [Fact]
    public async Task Its_redirect_URI_must_be_registered_whatever_stands_beside_it()
    {
        var claims = shared.Claims();
        claims["redirect_uri"] = "https://evil.example/callback";
        var answer = await shared.AuthorizeAsync(shared.Sign(claims));
        Assert.Null(answer.Location);
        Assert.Contains("redirect_uri", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_error_is_never_sent_to_an_address_that_is_not_the_client_s()
    {
        var answer = await shared.Alice.GetAsync(shared.Outer().With("redirect_uri", "https://evil.example/callback").With("request", "x").Url);
        Assert.Null(answer.Location);
    }

    [Fact]
    public async Task It_is_fetched_from_a_registered_address()
    {
        shared.Host.Serve("/request.jwt", shared.Sign(shared.Claims()), "application/oauth-authz-req+jwt");
        var answer = await shared.Alice.GetAsync(shared.Outer().With("request_uri", $"{shared.Host.Url}request.jwt#hash-that-fits-nothing").Url);
        Assert.Equal("inner-state", answer.Parameters["state"]);
    }

    [Theory]
    [InlineData("other.jwt", "invalid_request_uri", "*not registered*")]
    [InlineData("request.jwt?x=1", "invalid_request_uri", "*not registered*")]
    [InlineData("missing.jwt", "invalid_request_uri", "*404*")]
    [InlineData("moved.jwt", "invalid_request_uri", "*302*")]
    [InlineData("rubbish.jwt", "invalid_request_object", "*not a signed JWT*")]
    public async Task It_is_fetched_from_nowhere_else(string path, string error, string description)
    {
        shared.Host.Serve("/other.jwt", shared.Sign(shared.Claims()));
        shared.Host.Serve("/rubbish.jwt", "{}");
        shared.Host.Serve("/moved.jwt", http =>
        {
            http.Response.Redirect("/other.jwt");
            return Task.CompletedTask;
        });
        var answer = await shared.Alice.GetAsync(shared.Outer().With("request_uri", $"{shared.Host.Url}{path}").Url);
        Assert.Equal(error, answer.Parameters["error"]);
        AssertLike(description, answer.Parameters["error_description"]);
        Assert.Equal(0, shared.Host.RequestsFor("/other.jwt"));
    }

    [Fact]
    public async Task There_may_be_one_of_both()
    {
        var answer = await shared.Alice.GetAsync(shared.Outer().With("request", shared.Sign(shared.Claims())).With("request_uri", $"{shared.Host.Url}request.jwt").Url);
        Assert.Equal("invalid_request", answer.Parameters["error"]);
    }

    [Fact]
    public async Task A_client_that_must_sign_is_refused_without()
    {
        var answer = await shared.Alice.GetAsync(new AuthorizationParameters("must-sign").Url);
        Assert.Equal("invalid_request", answer.Parameters["error"]);
        var pushed = await shared.App("must-sign").PostAsync("par", new AuthorizationParameters("must-sign").All.Select(pair => (pair.Key, (string?)pair.Value)));
        pushed.ShouldFail("invalid_request");
    }

    private async Task ShouldFailAsync(string requestObject, string error, string description)
    {
        var answer = await shared.AuthorizeAsync(requestObject);
        Assert.Equal(error, answer.Parameters["error"]);
        AssertLike(description, answer.Parameters["error_description"]);
        Assert.StartsWith("https://signing.example/callback?", answer.Location, StringComparison.Ordinal);
    }

    private static void AssertLike(string pattern, string text) =>
        Assert.Matches("^" + System.Text.RegularExpressions.Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal) + "$", text);
}

/// <summary>A server with clients that sign their requests with a key of this fixture.</summary>
public sealed class SigningClient : SharedServer, IAsyncLifetime
{
    private readonly ClientKey key = new();

    public ClientHost Host { get; private set; } = null!;

    public long Now => Server.Clock.GetUtcNow().ToUnixTimeSeconds();

    async Task IAsyncLifetime.InitializeAsync()
    {
        Host = await ClientHost.StartAsync();
        await InitializeAsync();
        var uris = string.Join(',', new[] { "request.jwt", "missing.jwt", "moved.jwt", "rubbish.jwt" }.Select(path => $"\"{Host.Url}{path}\""));
        await LocalHost.Hosting.LocalServer.ImportAsync(Server.Services, $$"""{ "clients": [{{Client("signing", $"\"request_uris\": [{uris}], \"request_object_signing_alg\": \"ES256\"")}}, {{Client("must-sign", "\"require_signed_request_object\": true")}}] }""");
        await Alice.AuthorizeAsync(Outer().With("request", Sign(Claims())));
    }

    async Task IAsyncLifetime.DisposeAsync()
    {
        await DisposeAsync();
        await Host.DisposeAsync();
    }

    public JsonObject Claims() => new()
    {
        ["iss"] = "signing",
        ["aud"] = RunningServer.Issuer,
        ["exp"] = Now + 300,
        ["nbf"] = Now,
        ["client_id"] = "signing",
        ["response_type"] = "code",
        ["redirect_uri"] = "https://signing.example/callback",
        ["scope"] = "openid",
        ["state"] = "inner-state",
        ["nonce"] = "inner-nonce",
        ["code_challenge"] = new AuthorizationParameters()["code_challenge"],
        ["code_challenge_method"] = "S256",
    };

    public string Sign(JsonObject claims, (string Name, string Value)[]? header = null) => key.Sign(claims, header ?? []);

    /// <summary>What stands beside the JWT.</summary>
    public AuthorizationParameters Outer() => new AuthorizationParameters("signing").With("state", null).With("nonce", null).With("code_challenge", null).With("code_challenge_method", null);

    public Task<Answer> AuthorizeAsync(string requestObject, Func<AuthorizationParameters, AuthorizationParameters>? change = null) =>
        Alice.GetAsync((change?.Invoke(Outer()) ?? Outer()).With("request", requestObject).Url);

    protected override ServerSetup Setup() => new() { Settings = { ["Fetch:TrustedHosts:0"] = "127.0.0.1" } };

    private string Client(string id, string more) => $$"""
        {
          "client_id": "{{id}}",
          "client_secret": "{{RawRequests.SecretOf(id)}}",
          "redirect_uris": ["https://{{id}}.example/callback"],
          "grant_types": ["authorization_code"],
          "scope": "openid profile email api.read other.read",
          "first_party": true,
          "jwks": { "keys": [{{key.Jwk(withKid: false)}}] },
          {{more}}
        }
        """;
}
