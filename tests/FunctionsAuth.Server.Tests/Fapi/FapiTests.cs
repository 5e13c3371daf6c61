using System.Text.Json.Nodes;
using FunctionsAuth.LocalHost.Memory;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Keys;
using FunctionsAuth.Server.Tests.FrontChannel;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Fapi;

/// <summary>What a profile of FAPI 2.0 makes of a client: requirements FAP1 to FAP10, by their clauses.</summary>
public sealed class FapiTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private const string Security = "fapi2_security";
    private const string Messages = "fapi2_message_signing";

    private RunningServer Server => shared.Server;

    [Fact]
    public async Task A_client_that_does_everything_right_gets_tokens_that_are_bound_to_its_key()
    {
        var app = await NewAsync();
        var pushed = await app.PushAsync(app.Request());
        Assert.Equal(201, pushed.Status);
        Assert.InRange(pushed.Json.GetProperty("expires_in").GetInt32(), 5, 599);
        var answer = await app.AuthorizeAsync(pushed);
        Assert.Equal(RunningServer.Issuer, answer.Parameters["iss"]);
        var tokens = (await app.RedeemAsync(answer.Parameters["code"])).ShouldBeOk();
        Assert.Equal("DPoP", tokens["token_type"]);
        Assert.Equal(app.Proofs.Thumbprint, JsonAnswer.Claims(tokens.AccessToken).GetProperty("cnf").GetProperty("jkt").GetString());
        (await app.Proofs.UserInfoAsync(tokens.AccessToken, app.Proofs.Make("GET", "userinfo", tokens.AccessToken))).ShouldBeOk();
        // 5.4.1-1: nothing is signed with RS256.
        Assert.Equal("PS256", JsonAnswer.Header(tokens.AccessToken).GetProperty("alg").GetString());
        Assert.Equal("PS256", JsonAnswer.Header(tokens.IdToken).GetProperty("alg").GetString());
        var keys = await PublishedKeys.ReadAsync(Server);
        Assert.True(keys.Verify(tokens.AccessToken) && keys.Verify(tokens.IdToken));
    }

    /// <summary>5.3.2.1-9: whoever lost the answer asks again with the same token, and with any key, as it is the client that is bound.</summary>
    [Fact]
    public async Task Refresh_tokens_stay_as_they_are()
    {
        var app = await NewAsync();
        var first = (await app.RedeemAsync(await app.CodeAsync())).ShouldBeOk();
        for (var i = 0; i < 3; i++)
        {
            Server.Clock.Advance(TimeSpan.FromMinutes(10));
            var other = new Dpop.ProofMaker(Server);
            var next = (await app.PostAsync("token", [("grant_type", "refresh_token"), ("refresh_token", first.RefreshToken)], proof: other.Make("POST", "token"))).ShouldBeOk();
            Assert.True(next["refresh_token"] is null || next["refresh_token"] == first.RefreshToken);
        }
    }

    [Fact]
    public async Task A_token_request_without_proof_is_refused_and_burns_nothing()
    {
        var app = await NewAsync();
        var code = await app.CodeAsync();
        (string, string?)[] fields = [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", app.RedirectUri), ("code_verifier", AuthorizationParameters.Verifier)];
        (await app.PostAsync("token", fields)).ShouldFail("invalid_dpop_proof");
        (await app.RedeemAsync(code)).ShouldBeOk();
        (await app.PostAsync("token", [("grant_type", "client_credentials"), ("scope", "api.read")])).ShouldFail("invalid_dpop_proof");
        (await app.TokenAsync(("grant_type", "client_credentials"), ("scope", "api.read"))).ShouldBeOk();
    }

    /// <summary>5.3.2.1-8 and BAS1, as the OpenID Foundation's modules send them.</summary>
    [Fact]
    public async Task The_audience_of_an_assertion_is_the_issuer_in_one_string()
    {
        var app = await NewAsync();
        JsonNode[] wrong =
        [
            new JsonArray(RunningServer.Issuer), new JsonArray(RunningServer.Issuer, $"{RunningServer.Issuer}/token"), $"{RunningServer.Issuer}/token", $"{RunningServer.Issuer}/par",
            $"{RunningServer.Issuer}/", RunningServer.Issuer.ToUpperInvariant(), "https://other.example", 1,
        ];
        foreach (var audience in wrong)
            (await app.PushAsync(app.Request(), claims => claims["aud"] = audience.DeepClone())).ShouldFail("invalid_client", 401);
        Assert.Equal(201, (await app.PushAsync(app.Request())).Status);
    }

    /// <summary>BAS1: other clients may have what old libraries send, and ask for the strict rule themselves.</summary>
    [Fact]
    public async Task Other_clients_may_name_an_endpoint_unless_they_ask_for_the_issuer()
    {
        var loose = await new FapiApp(Server, null, "loose").RegisterAsync();
        Assert.Equal(201, (await loose.PushAsync(loose.Request(), claims => claims["aud"] = new JsonArray($"{RunningServer.Issuer}/token"))).Status);
        var strict = await new FapiApp(Server, null, "strict").RegisterAsync(client => client with { AssertionAudience = "issuer" });
        (await strict.PushAsync(strict.Request(), claims => claims["aud"] = $"{RunningServer.Issuer}/token")).ShouldFail("invalid_client", 401);
        Assert.Equal(201, (await strict.PushAsync(strict.Request())).Status);
    }

    /// <summary>5.3.2.1-13.</summary>
    [Theory]
    [InlineData("iat", 8, true)]
    [InlineData("nbf", 8, true)]
    [InlineData("iat", 62, false)]
    [InlineData("nbf", 62, false)]
    public async Task A_JWT_may_be_a_little_ahead(string claim, int seconds, bool isGood)
    {
        var app = await NewAsync();
        var at = Server.Clock.GetUtcNow().ToUnixTimeSeconds() + seconds;
        var pushed = await app.PushAsync(app.Request(), claims => (claims[claim], claims["exp"]) = (at, at + 60));
        if (isGood)
            Assert.Equal(201, pushed.Status);
        else
            pushed.ShouldFail("invalid_client", 401);

        var signed = await app.PushSignedAsync(app.RequestObject(app.Request(), claims => claims[claim] = at));
        if (isGood)
            Assert.Equal(201, signed.Status);
        else
            signed.ShouldFail("invalid_request_object");
    }

    /// <summary>5.4.1-1.</summary>
    [Fact]
    public async Task RS256_is_refused_in_assertions_and_request_objects()
    {
        var key = new ClientKey(SigningKeyType.Rsa) { Algorithm = "RS256" };
        var app = await NewAsync(key: key);
        (await app.PushAsync(app.Request())).ShouldFail("invalid_client", 401);
        var both = await NewAsync(change: client => client with { Jwks = new JsonObject { ["keys"] = new JsonArray(key.Jwk(), client.Jwks!["keys"]![0]!.DeepClone()) } });
        var rs256 = new FapiApp(Server, Security) { Key = key };
        (await both.PushSignedAsync(rs256.RequestObject(both.Request()))).ShouldFail("invalid_request_object");
    }

    /// <summary>5.3.2.2-2 to -6.</summary>
    [Fact]
    public async Task Requests_must_be_pushed_with_PKCE_and_a_redirect_uri()
    {
        var app = await NewAsync();
        Expect.Error(await new Browser(Server).GetAsync(app.Request().Url), "invalid_request", app.RedirectUri);
        (await app.PushAsync(app.Request().With("code_challenge", null).With("code_challenge_method", null))).ShouldFail("invalid_request");
        (await app.PushAsync(app.Request().With("code_challenge_method", "plain"))).ShouldFail("invalid_request");
        (await app.PushAsync(app.Request().With("redirect_uri", null))).ShouldFail("invalid_request");
        (await app.PushAsync(app.Request().With("redirect_uri", null).With("scope", "api.read"))).ShouldFail("invalid_request");
        (await app.PushAsync(app.Request().With("redirect_uri", "https://other.example/callback"))).ShouldFail("invalid_request");
        (await app.PushAsync(app.Request().With("response_type", "code id_token"))).ShouldFail("unsupported_response_type");
        (await app.PushAsync(app.Request().With("request_uri", "urn:x"))).ShouldFail("invalid_request");
        (await app.RedeemAsync(await app.CodeAsync(), verifier: null)).ShouldFail("invalid_grant");
    }

    /// <summary>5.3.2.1-11 and 5.3.2.2-12: whatever the server has for others.</summary>
    [Fact]
    public async Task Codes_and_pushed_requests_are_short_lived()
    {
        await using var server = await RunningServer.StartAsync(new ServerSetup().With(("Lifetimes:AuthorizationCode", "00:05:00"), ("Lifetimes:PushedRequest", "00:10:00")));
        var app = await new FapiApp(server, Security).RegisterAsync();
        var pushed = await app.PushAsync(app.Request());
        Assert.Equal(599, pushed.Json.GetProperty("expires_in").GetInt32());
        var code = (await app.AuthorizeAsync(pushed)).Parameters["code"];
        server.Clock.Advance(TimeSpan.FromSeconds(60));
        (await app.RedeemAsync(code)).ShouldFail("invalid_grant");
    }

    /// <summary>A client that was stored before its profile was, or by another way than an import.</summary>
    [Theory]
    [InlineData("unmet-1", "client_secret_basic", "authorization_code", "code", "https://unmet.example/callback")]
    [InlineData("unmet-2", "none", "authorization_code", "code", "https://unmet.example/callback")]
    [InlineData("unmet-3", "private_key_jwt", "password", "code", "https://unmet.example/callback")]
    [InlineData("unmet-4", "private_key_jwt", "implicit", "code", "https://unmet.example/callback")]
    [InlineData("unmet-5", "private_key_jwt", "authorization_code", "code id_token", "https://unmet.example/callback")]
    [InlineData("unmet-6", "private_key_jwt", "authorization_code", "code", "http://localhost/callback")]
    public async Task A_client_that_can_not_meet_its_profile_is_unknown(string id, string method, string grantType, string responseType, string redirectUri)
    {
        var app = await new FapiApp(Server, Security, id).RegisterAsync(client => client with { TokenEndpointAuthMethod = method, GrantTypes = [grantType, "client_credentials"], ResponseTypes = [responseType], RedirectUris = [redirectUri] });
        (await app.TokenAsync(("grant_type", "client_credentials"), ("scope", "api.read"))).ShouldFail("invalid_client", 401);
        Expect.Page(await new Browser(Server).GetAsync(app.Request().With("redirect_uri", redirectUri).Url), "The client_id is unknown");
        Assert.Contains(Server.Log.Lines, line => line.Contains($"Client {id} is refused, as it does not meet the profile", StringComparison.Ordinal));
    }

    /// <summary>A profile that can't be kept opens nothing: one of a later release, or one for which the server has no key any more.</summary>
    [Fact]
    public async Task A_profile_that_can_not_be_kept_closes_the_client()
    {
        var later = await new FapiApp(Server, "fapi3", "later").RegisterAsync();
        (await later.TokenAsync(("grant_type", "client_credentials"), ("scope", "api.read"))).ShouldFail("invalid_client", 401);
        await using var rs256 = await RunningServer.StartAsync(new ServerSetup().With(("TokenAlgorithms", "RS256")) with { Import = false });
        var app = await new FapiApp(rs256, Messages).RegisterAsync(client => client with { Scope = "openid" });
        (await app.PushSignedAsync(app.RequestObject(app.Request()))).ShouldFail("invalid_client", 401);
    }

    [Fact]
    public async Task What_began_before_the_profile_is_not_finished_without_it()
    {
        await using var server = await RunningServer.StartAsync();
        var app = await new FapiApp(server, null).RegisterAsync();
        var bearer = (await app.PostAsync("token", [("grant_type", "authorization_code"), ("code", await app.CodeAsync()), ("redirect_uri", app.RedirectUri), ("code_verifier", AuthorizationParameters.Verifier)])).ShouldBeOk();
        (await app.Proofs.UserInfoAsync(bearer.AccessToken, null, "Bearer")).ShouldBeOk();
        var browser = new Browser(server);
        var login = await browser.FollowAsync(await browser.GetAsync(app.Request().Url));

        await server.RegisterAsync((await server.Get<IClientStore>().FindAsync("fapi", default))! with { Profile = Security });
        server.Clock.Advance(TimeSpan.FromSeconds(61));
        Expect.Page(await browser.LoginAsync(login), "was already completed");
        (await app.Proofs.UserInfoAsync(bearer.AccessToken, null, "Bearer")).ShouldFail("invalid_token", 401);
    }

    [Fact]
    public async Task Signed_messages_come_and_go_as_JWTs()
    {
        var app = await NewAsync(profile: Messages);
        var answer = await app.AuthorizeAsync(await app.PushSignedAsync(app.RequestObject(app.Request())));
        Assert.Equal(["response"], answer.Parameters.Keys);
        var response = answer.Parameters["response"];
        Assert.Equal("PS256", JsonAnswer.Header(response).GetProperty("alg").GetString());
        Assert.True((await PublishedKeys.ReadAsync(Server)).Verify(response));
        (await app.RedeemAsync(JsonAnswer.Claims(response).GetProperty("code").GetString()!)).ShouldBeOk();
    }

    /// <summary>Message Signing 5.3.1-1 and 5.4.1-1.</summary>
    [Fact]
    public async Task Plain_requests_and_plain_answers_are_refused()
    {
        var app = await NewAsync(profile: Messages);
        (await app.PushAsync(app.Request())).ShouldFail("invalid_request");
        foreach (var mode in (string[])["query", "fragment", "form_post"])
            (await app.PushSignedAsync(app.RequestObject(app.Request().With("response_mode", mode)))).ShouldFail("invalid_request");
        // Not pushed: refused, and the error is signed, too.
        var answer = await new Browser(Server).GetAsync(app.Request().With("request", app.RequestObject(app.Request())).Url);
        Assert.Equal("invalid_request", JsonAnswer.Claims(answer.Parameters["response"]).GetProperty("error").GetString());
    }

    /// <summary>Message Signing 5.3.1-2 to -4, as the OpenID Foundation's modules send them.</summary>
    [Fact]
    public async Task A_signed_request_says_for_whom_it_is_and_since_when_and_until_when()
    {
        var app = await NewAsync(profile: Messages);
        var now = Server.Clock.GetUtcNow().ToUnixTimeSeconds();
        (string Name, JsonNode? Value)[] wrong =
        [
            ("aud", null), ("aud", "https://other.example"), ("nbf", null), ("nbf", now - 3601), ("nbf", now + 62), ("exp", null), ("exp", now + 3601), ("exp", now - 3600),
            ("request_uri", "urn:x"), ("sub", "fapi"), ("iss", "other"),
        ];
        foreach (var (name, value) in wrong)
            (await app.PushSignedAsync(app.RequestObject(app.Request(), claims => Set(claims, name, value)))).ShouldFail("invalid_request_object");
        (string Name, JsonNode? Value)[] right = [("aud", new JsonArray(RunningServer.Issuer, "https://other.example", "invalid")), ("nbf", now + 8), ("nbf", now - 3200), ("exp", now + 3600)];
        foreach (var (name, value) in right)
            Assert.Equal(201, (await app.PushSignedAsync(app.RequestObject(app.Request(), claims => Set(claims, name, value)))).Status);
        (await app.PushSignedAsync(ClientKey.Unsigned(new JsonObject { ["client_id"] = "fapi" }))).ShouldFail("invalid_request_object");
    }

    [Fact]
    public async Task A_server_with_a_profile_holds_every_client_to_it()
    {
        // The clients were there before the profile.
        var tables = new MemoryTableServiceClient(TimeProvider.System);
        await using (await RunningServer.StartAsync(new ServerSetup { Tables = _ => tables }))
        {
        }
        await using var server = await RunningServer.StartAsync(new ServerSetup { Tables = _ => tables, Import = false }.With(("Profile", Security)));
        var app = await new FapiApp(server, null).RegisterAsync();
        Expect.Error(await new Browser(server).GetAsync(app.Request().Url), "invalid_request", app.RedirectUri);
        Assert.Equal("DPoP", (await app.RedeemAsync(await app.CodeAsync())).ShouldBeOk()["token_type"]);
        (await new ClientApp(server, "service").PostAsync("token", [("grant_type", "client_credentials")])).ShouldFail("invalid_client", 401);

        // People's own pages go on: they get no tokens.
        var alice = new Browser(server);
        var account = await alice.FollowAsync(await alice.LoginAsync(await alice.FollowAsync(await alice.GetAsync($"{RunningServer.Issuer}/account/profile"))));
        Assert.Equal(System.Net.HttpStatusCode.OK, account.Status);
        Assert.Contains("alice", account.Text(), StringComparison.Ordinal);

        var metadata = (await JsonAnswer.ReadAsync(await server.Http.GetAsync(new Uri($"{RunningServer.Issuer}/.well-known/openid-configuration")))).Json;
        Assert.True(metadata.GetProperty("require_pushed_authorization_requests").GetBoolean());
        Assert.Equal("""["private_key_jwt"]""", metadata.GetProperty("token_endpoint_auth_methods_supported").GetRawText());
        foreach (var list in (string[])["token_endpoint_auth_signing_alg_values_supported", "id_token_signing_alg_values_supported", "request_object_signing_alg_values_supported", "authorization_signing_alg_values_supported", "dpop_signing_alg_values_supported"])
            Assert.DoesNotContain("RS256", metadata.GetProperty(list).GetRawText(), StringComparison.Ordinal);
    }

    private static void Set(JsonObject claims, string name, JsonNode? value)
    {
        claims.Remove(name);
        if (value is not null)
            claims[name] = value;
    }

    private Task<FapiApp> NewAsync(Func<Client, Client>? change = null, string profile = Security, ClientKey? key = null) =>
        new FapiApp(Server, profile) { Key = key ?? new ClientKey() }.RegisterAsync(change);
}
