using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Keys;
using FunctionsAuth.Server.Tests.FrontChannel;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Dpop;

/// <summary>Tokens that are bound to a key: RFC 9449, requirements DPO1 to DPO20.</summary>
public sealed class DpopTests : IAsyncLifetime
{
    private const string Web = "web:web-secret-0123456789-0123456789-abc";
    private const string Service = "service:service-secret-0123456789-0123456789-abc";
    private const string Api = "api:api-secret-0123456789-0123456789-abc";

    private RunningServer server = null!;
    private ProofMaker maker = null!;

    /// <summary>Each makes a proof wrong in one point: 30 and more.</summary>
    public static TheoryData<string, Action<JsonObject, JsonObject>> Mutations { get; } = new()
    {
        { "typ missing", (header, _) => header.Remove("typ") },
        { "typ JWT", (header, _) => header["typ"] = "JWT" },
        { "typ in capitals", (header, _) => header["typ"] = "DPoP+JWT" },
        { "typ with application", (header, _) => header["typ"] = "application/dpop+jwt" },
        { "crit", (header, _) => header["crit"] = new JsonArray("exp") },
        { "jwk missing", (header, _) => header.Remove("jwk") },
        { "jwk no object", (header, _) => header["jwk"] = "key" },
        { "jwk private", (header, _) => header["jwk"]!["d"] = header["jwk"]!["x"]!.DeepClone() },
        { "jwk with k", (header, _) => header["jwk"]!["k"] = "AAAA" },
        { "jwk of another key", (header, _) => header["jwk"] = new ClientKey().Jwk(withKid: false) },
        { "jwk without y", (header, _) => header["jwk"]!.AsObject().Remove("y") },
        { "jwk not on the curve", (header, _) => header["jwk"]!["y"] = header["jwk"]!["x"]!.DeepClone() },
        { "jwk of another curve", (header, _) => header["jwk"]!["crv"] = "P-384" },
        { "jwk of another type", (header, _) => header["jwk"]!["kty"] = "oct" },
        { "jwk too short", (header, _) => header["jwk"]!["x"] = "AAAA" },
        { "jwk not canonical", (header, _) => header["jwk"]!["x"] = header["jwk"]!["x"]!.GetValue<string>() + "=" },
        { "jti missing", (_, claims) => claims.Remove("jti") },
        { "jti empty", (_, claims) => claims["jti"] = "" },
        { "jti too long", (_, claims) => claims["jti"] = new string('a', 257) },
        { "jti a number", (_, claims) => claims["jti"] = 1 },
        { "htm missing", (_, claims) => claims.Remove("htm") },
        { "htm another", (_, claims) => claims["htm"] = "PUT" },
        { "htm in small letters", (_, claims) => claims["htm"] = claims["htm"]!.GetValue<string>().ToLowerInvariant() },
        { "htu missing", (_, claims) => claims.Remove("htu") },
        { "htu another endpoint", (_, claims) => claims["htu"] = $"{RunningServer.Issuer}/revoke" },
        { "htu another host", (_, claims) => claims["htu"] = claims["htu"]!.GetValue<string>().Replace("login.example", "evil.example", StringComparison.Ordinal) },
        { "htu http", (_, claims) => claims["htu"] = claims["htu"]!.GetValue<string>().Replace("https:", "http:", StringComparison.Ordinal) },
        { "htu with a user", (_, claims) => claims["htu"] = claims["htu"]!.GetValue<string>().Replace("https://", "https://me@", StringComparison.Ordinal) },
        { "htu with a slash", (_, claims) => claims["htu"] = claims["htu"]!.GetValue<string>() + "/" },
        { "htu a path", (_, claims) => claims["htu"] = "/token" },
        { "iat missing", (_, claims) => claims.Remove("iat") },
        { "iat a text", (_, claims) => claims["iat"] = claims["iat"]!.ToString() },
        { "iat too old", (_, claims) => claims["iat"] = claims["iat"]!.GetValue<long>() - 61 },
        { "iat in the future", (_, claims) => claims["iat"] = claims["iat"]!.GetValue<long>() + 61 },
        { "iat huge", (_, claims) => claims["iat"] = JsonNode.Parse("1e300") },
    };

    public async Task InitializeAsync()
    {
        server = await RunningServer.StartAsync();
        maker = new ProofMaker(server);
    }

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Theory]
    [InlineData(SigningKeyType.Ec)]
    [InlineData(SigningKeyType.Rsa)]
    public async Task A_token_is_bound_to_the_key_and_userinfo_and_introspection_know_it(SigningKeyType type)
    {
        maker = new ProofMaker(server, type);
        var tokens = (await RedeemAsync(await CodeAsync(), maker.Make("POST", "token"))).ShouldBeOk();
        Assert.Equal("DPoP", tokens["token_type"]);
        Assert.Equal(maker.Thumbprint, JsonAnswer.Claims(tokens.AccessToken).GetProperty("cnf").GetProperty("jkt").GetString());
        var user = (await maker.UserInfoAsync(tokens.AccessToken, maker.Make("GET", "userinfo", tokens.AccessToken))).ShouldBeOk();
        Assert.Equal("alice-subject", user["sub"]);
        var active = (await maker.PostAsync("introspect", Web, [("token", tokens.AccessToken)])).ShouldBeOk();
        Assert.Equal("DPoP", active["token_type"]);
        Assert.Equal(maker.Thumbprint, active.Json.GetProperty("cnf").GetProperty("jkt").GetString());
        Assert.False(active.Response.Headers.Contains("DPoP-Nonce"));
    }

    [Fact]
    public async Task Without_a_proof_a_token_is_a_bearer_token_as_before()
    {
        var tokens = (await RedeemAsync(await CodeAsync())).ShouldBeOk();
        Assert.Equal("Bearer", tokens["token_type"]);
        Assert.False(JsonAnswer.Claims(tokens.AccessToken).TryGetProperty("cnf", out _));
        // And none that the scheme of bound tokens takes.
        var refused = await maker.UserInfoAsync(tokens.AccessToken, maker.Make("GET", "userinfo", tokens.AccessToken));
        refused.ShouldFail("invalid_token", 401);
        Assert.StartsWith("DPoP error=\"invalid_token\"", refused.Response.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Mutations))]
    public async Task A_wrong_proof_is_refused_everywhere_and_costs_nobody_a_code(string name, Action<JsonObject, JsonObject> change)
    {
        Assert.NotNull(name);
        var code = await CodeAsync();
        (await RedeemAsync(code, maker.Make("POST", "token", change: change))).ShouldFail("invalid_dpop_proof", 400);
        (await maker.PostAsync("token", Service, [("grant_type", "client_credentials"), ("scope", "api.read")], maker.Make("POST", "token", change: change))).ShouldFail("invalid_dpop_proof", 400);
        (await PushAsync(maker.Make("POST", "par", change: change))).ShouldFail("invalid_dpop_proof", 400);
        var tokens = (await RedeemAsync(code, maker.Make("POST", "token"))).ShouldBeOk();
        var refused = await maker.UserInfoAsync(tokens.AccessToken, maker.Make("GET", "userinfo", tokens.AccessToken, change));
        refused.ShouldFail("invalid_dpop_proof", 401);
        Assert.StartsWith("DPoP error=\"invalid_dpop_proof\"", refused.Response.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        Assert.Contains("algs=\"ES256 PS256\"", refused.Response.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_proof_at_all_is_refused()
    {
        var code = await CodeAsync();
        var good = maker.Make("POST", "token");
        foreach (var proofs in (string[][])[["x"], ["a.b.c"], [good, good], [good + "x"], [$"{good}, {good}"], [ClientKey.Unsigned([])], [good[..^8] + "AAAAAAAA"]])
            (await RedeemAsync(code, proofs)).ShouldFail("invalid_dpop_proof", 400);
        Assert.NotNull((await RedeemAsync(code, good)).ShouldBeOk().AccessToken);
    }

    [Theory]
    [InlineData(-60)]
    [InlineData(-10)]
    [InlineData(10)]
    [InlineData(59.5)]
    public async Task A_clock_that_is_a_little_off_does_no_harm(double seconds) =>
        (await ServiceAsync(maker.Make("POST", "token", change: (_, claims) => claims["iat"] = server.Clock.GetUtcNow().ToUnixTimeSeconds() + seconds))).ShouldBeOk();

    [Fact]
    public async Task The_address_is_compared_after_normalization_and_what_is_unknown_is_ignored()
    {
        foreach (var htu in (string[])["HTTPS://LOGIN.example:443/token", $"{RunningServer.Issuer}/token?a=b", $"{RunningServer.Issuer}/token#x"])
            (await ServiceAsync(maker.Make("POST", "token", change: (_, claims) => claims["htu"] = htu))).ShouldBeOk();
        (await ServiceAsync(maker.Make("POST", "token", change: (header, claims) =>
        {
            (header["kid"], header["jku"], header["x5u"]) = ("other", "https://evil.example/keys", "https://evil.example/cert");
            (claims["nbf"], claims["exp"], claims["other"]) = (1, 1, true);
        }))).ShouldBeOk();
    }

    [Fact]
    public async Task A_proof_is_good_once_at_its_endpoint_and_a_second_use_burns_nothing()
    {
        var proof = maker.Make("POST", "token");
        (await ServiceAsync(proof)).ShouldBeOk();
        (await ServiceAsync(proof)).ShouldFail("invalid_dpop_proof", 400);
        var code = await CodeAsync();
        (await RedeemAsync(code, proof)).ShouldFail("invalid_dpop_proof", 400);
        var tokens = (await RedeemAsync(code, maker.Make("POST", "token"))).ShouldBeOk();
        // The same jti of another key is another proof.
        var other = new ProofMaker(server);
        foreach (var one in new[] { maker, other })
            (await ServiceAsync(one.Make("POST", "token", change: (_, claims) => claims["jti"] = "the-same"))).ShouldBeOk();
        var use = maker.Make("GET", "userinfo", tokens.AccessToken);
        (await maker.UserInfoAsync(tokens.AccessToken, use)).ShouldBeOk();
        (await maker.UserInfoAsync(tokens.AccessToken, use)).ShouldFail("invalid_dpop_proof", 401);
    }

    [Theory]
    [InMemory]
    [OnAzurite]
    public async Task Of_twenty_requests_with_one_proof_one_wins(BackEnd backEnd)
    {
        await using var other = await RunningServer.StartAsync(new TestStorage(backEnd).Setup());
        var own = new ProofMaker(other);
        for (var round = 0; round < 3; round++)
        {
            var proof = own.Make("POST", "token");
            var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => own.PostAsync("token", Service, [("grant_type", "client_credentials"), ("scope", "api.read")], proof))));
            Assert.Single(answers, answer => answer.Status == 200);
            Assert.All(answers.Where(answer => answer.Status != 200), answer => answer.ShouldFail("invalid_dpop_proof", 400));
        }
    }

    [Fact]
    public async Task A_bound_token_is_no_bearer_token_and_its_proof_is_for_it_alone()
    {
        var tokens = (await RedeemAsync(await CodeAsync(), maker.Make("POST", "token"))).ShouldBeOk();
        var bearer = await maker.UserInfoAsync(tokens.AccessToken, null, "Bearer");
        bearer.ShouldFail("invalid_token", 401);
        Assert.StartsWith("DPoP ", bearer.Response.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        (await maker.UserInfoAsync(tokens.AccessToken, maker.Make("GET", "userinfo", tokens.AccessToken), "Bearer")).ShouldFail("invalid_token", 401);
        (await maker.UserInfoAsync(tokens.AccessToken, null)).ShouldFail("invalid_dpop_proof", 401);
        (await maker.UserInfoAsync(tokens.AccessToken, maker.Make("GET", "userinfo"))).ShouldFail("invalid_dpop_proof", 401);
        (await maker.UserInfoAsync(tokens.AccessToken, maker.Make("GET", "userinfo", "another token"))).ShouldFail("invalid_dpop_proof", 401);
        (await maker.UserInfoAsync(tokens.AccessToken, new ProofMaker(server).Make("GET", "userinfo", tokens.AccessToken))).ShouldFail("invalid_dpop_proof", 401);
        // Nor in a form, where no proof could stand beside it.
        (await maker.PostAsync("userinfo", null, [("access_token", tokens.AccessToken)], maker.Make("POST", "userinfo", tokens.AccessToken))).ShouldFail("invalid_token", 401);
    }

    [Fact]
    public async Task A_code_that_is_bound_is_redeemed_by_its_key_only()
    {
        var browser = new Browser(server);
        var code = Expect.Code(await browser.AuthorizeAsync(new AuthorizationParameters(scope: "openid").With("dpop_jkt", maker.Thumbprint)));
        (await RedeemAsync(code)).ShouldFail("invalid_grant");
        (await RedeemAsync(code, new ProofMaker(server).Make("POST", "token"))).ShouldFail("invalid_grant");
        (await RedeemAsync(code, maker.Make("POST", "token"))).ShouldBeOk();
        foreach (var wrong in (string[])["x", maker.Thumbprint + "A", ""])
            Assert.Equal(wrong.Length == 0 ? null : "invalid_request", (await browser.AuthorizeAsync(new AuthorizationParameters(scope: "openid").With("dpop_jkt", wrong))).Parameters.GetValueOrDefault("error"));
    }

    [Fact]
    public async Task A_pushed_request_binds_the_code_to_the_key_of_its_proof()
    {
        var pushed = await PushAsync(maker.Make("POST", "par"));
        Assert.Equal(201, pushed.Status);
        var browser = new Browser(server);
        var login = await browser.FollowAsync(await browser.GetAsync($"{RunningServer.Issuer}/authorize?client_id=web&request_uri={Uri.EscapeDataString(pushed["request_uri"]!)}"));
        var code = Expect.Code(await browser.FollowAsync(await browser.LoginAsync(login)));
        (await RedeemAsync(code, new ProofMaker(server).Make("POST", "token"))).ShouldFail("invalid_grant");
        (await RedeemAsync(code, maker.Make("POST", "token"))).ShouldBeOk();
        Assert.Equal(201, (await PushAsync(maker.Make("POST", "par"), ("dpop_jkt", maker.Thumbprint))).Status);
        (await PushAsync(maker.Make("POST", "par"), ("dpop_jkt", new ProofMaker(server).Thumbprint))).ShouldFail("invalid_request", 400);
    }

    [Fact]
    public async Task Refresh_tokens_of_a_public_client_are_bound_and_those_of_a_confidential_one_are_not()
    {
        var code = (await new Browser(server).AuthorizeAsync(new AuthorizationParameters(clientId: "spa", scope: "openid offline_access"))).Parameters["code"];
        var tokens = (await RedeemSpaAsync(code, maker.Make("POST", "token"))).ShouldBeOk();
        var other = new ProofMaker(server);
        (await RefreshSpaAsync(tokens.RefreshToken)).ShouldFail("invalid_grant");
        (await RefreshSpaAsync(tokens.RefreshToken, other.Make("POST", "token"))).ShouldFail("invalid_grant");
        // Whoever stole it has ended nothing.
        var refreshed = (await RefreshSpaAsync(tokens.RefreshToken, maker.Make("POST", "token"))).ShouldBeOk();
        Assert.Equal(maker.Thumbprint, JsonAnswer.Claims(refreshed.AccessToken).GetProperty("cnf").GetProperty("jkt").GetString());
        server.Clock.Advance(TimeSpan.FromHours(1));
        (await RefreshSpaAsync(tokens.RefreshToken, other.Make("POST", "token"))).ShouldFail("invalid_grant");
        (await RefreshSpaAsync(refreshed.RefreshToken, maker.Make("POST", "token"))).ShouldBeOk();

        var web = (await RedeemAsync(await CodeAsync("openid offline_access"), maker.Make("POST", "token"))).ShouldBeOk();
        var next = (await maker.PostAsync("token", Web, [("grant_type", "refresh_token"), ("refresh_token", web.RefreshToken)], other.Make("POST", "token"))).ShouldBeOk();
        Assert.Equal(other.Thumbprint, JsonAnswer.Claims(next.AccessToken).GetProperty("cnf").GetProperty("jkt").GetString());
    }

    [Fact]
    public async Task A_client_that_is_registered_for_it_gets_nothing_without_a_proof()
    {
        await LocalHost.Hosting.LocalServer.ImportAsync(server.Services, """
            { "clients": [{ "client_id": "bound", "client_secret": "bound-secret-0123456789-0123456789-abc", "dpop_bound_access_tokens": true, "grant_types": ["client_credentials"], "scope": "api.read" }] }
            """);
        const string Bound = "bound:bound-secret-0123456789-0123456789-abc";
        (await maker.PostAsync("token", Bound, [("grant_type", "client_credentials")])).ShouldFail("invalid_dpop_proof", 400);
        (await maker.PostAsync("token", Bound, [("grant_type", "client_credentials")], maker.Make("POST", "token"))).ShouldBeOk();
    }

    [Fact]
    public async Task Reference_tokens_are_bound_too()
    {
        var code = Expect.Code(await new Browser(server).AuthorizeAsync(new AuthorizationParameters(scope: "openid opaque.read").With("resource", "https://opaque.example")));
        var tokens = (await RedeemAsync(code, maker.Make("POST", "token"))).ShouldBeOk();
        Assert.DoesNotContain(".", tokens.AccessToken, StringComparison.Ordinal);
        var active = (await maker.PostAsync("introspect", Api, [("token", tokens.AccessToken)])).ShouldBeOk();
        Assert.Equal(("DPoP", maker.Thumbprint), (active["token_type"], active.Json.GetProperty("cnf").GetProperty("jkt").GetString()));
    }

    [Fact]
    public async Task The_metadata_and_CORS_tell_of_it()
    {
        var metadata = JsonNode.Parse(await server.Http.GetStringAsync(".well-known/openid-configuration"))!;
        Assert.Equal(["ES256", "PS256"], metadata["dpop_signing_alg_values_supported"]!.AsArray().Select(name => name!.GetValue<string>()));
        var request = new HttpRequestMessage(HttpMethod.Post, "token") { Headers = { { "Origin", "https://spa.example" } }, Content = new FormUrlEncodedContent([new("client_id", "spa")]) };
        var exposed = (await server.Http.SendAsync(request)).Headers.GetValues("Access-Control-Expose-Headers").Single();
        Assert.Contains("DPoP-Nonce", exposed, StringComparison.Ordinal);
        Assert.Contains("WWW-Authenticate", exposed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_nonce_that_is_required_is_told_and_is_good_for_its_time_on_every_instance()
    {
        var storage = new TestStorage(BackEnd.Memory);
        await using var one = await RunningServer.StartAsync(storage.Setup(("Dpop:RequireNonce", "true")));
        await using var two = await RunningServer.StartAsync(storage.Setup(("Dpop:RequireNonce", "true")));
        var (first, second) = (new ProofMaker(one), new ProofMaker(two));
        (string, string?)[] fields = [("grant_type", "client_credentials"), ("scope", "api.read")];
        (await first.PostAsync("token", Service, fields, first.Make("POST", "token"))).ShouldFail("use_dpop_nonce", 400);
        Assert.Matches("^[\\x21\\x23-\\x5B\\x5D-\\x7E]+$", first.Nonce!);
        // With a nonce, the clock of the client does not matter.
        (await first.PostAsync("token", Service, fields, first.Make("POST", "token", change: (_, claims) => claims["iat"] = 1))).ShouldBeOk();
        second.Nonce = first.Nonce;
        (await second.PostAsync("token", Service, fields, second.Make("POST", "token"))).ShouldBeOk();
        second.Nonce = first.Nonce![..^6] + "AAAAAA";
        (await second.PostAsync("token", Service, fields, second.Make("POST", "token"))).ShouldFail("use_dpop_nonce", 400);
        // It is renewed with each answer, so nobody who goes on is asked for another one.
        var old = first.Nonce;
        for (var i = 0; i < 4; i++)
        {
            one.Clock.Advance(TimeSpan.FromMinutes(3));
            (await first.PostAsync("token", Service, fields, first.Make("POST", "token"))).ShouldBeOk();
        }
        first.Nonce = old;
        (await first.PostAsync("token", Service, fields, first.Make("POST", "token"))).ShouldFail("use_dpop_nonce", 400);

        var code = Expect.Code(await new Browser(one).AuthorizeAsync(new AuthorizationParameters()));
        var tokens = (await first.PostAsync("token", Web, [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", "https://web.example/callback"), ("code_verifier", AuthorizationParameters.Verifier)], first.Make("POST", "token"))).ShouldBeOk();
        first.Nonce = null;
        var refused = await first.UserInfoAsync(tokens.AccessToken, first.Make("GET", "userinfo", tokens.AccessToken));
        refused.ShouldFail("use_dpop_nonce", 401);
        Assert.StartsWith("DPoP error=\"use_dpop_nonce\"", refused.Response.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        (await first.UserInfoAsync(tokens.AccessToken, first.Make("GET", "userinfo", tokens.AccessToken))).ShouldBeOk();
    }

    [Fact]
    public async Task A_proof_costs_one_insert()
    {
        var storage = new TestStorage(BackEnd.Memory);
        await using var counted = await RunningServer.StartAsync(storage.Setup());
        var own = new ProofMaker(counted);
        (string, string?)[] fields = [("grant_type", "client_credentials"), ("scope", "api.read")];
        (await own.PostAsync("token", Service, fields, own.Make("POST", "token"))).ShouldBeOk();
        storage.Script.Arm();
        (await own.PostAsync("token", Service, fields, own.Make("POST", "token"))).ShouldBeOk();
        Assert.Equal(["Replays insert"], storage.Script.Operations.Select(operation => operation.ToString()));
        // One that is wrong costs nothing.
        storage.Script.Arm();
        (await own.PostAsync("token", Service, fields, own.Make("POST", "token", change: (_, claims) => claims["htm"] = "GET"))).ShouldFail("invalid_dpop_proof", 400);
        Assert.Empty(storage.Script.Operations);
    }

    private async Task<string> CodeAsync(string scope = "openid") => Expect.Code(await new Browser(server).AuthorizeAsync(new AuthorizationParameters(scope: scope)));

    private Task<JsonAnswer> RedeemAsync(string code, params IReadOnlyList<string> proofs) => maker.PostAsync(
        "token", Web, [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", "https://web.example/callback"), ("code_verifier", AuthorizationParameters.Verifier)], proofs);

    private Task<JsonAnswer> RedeemSpaAsync(string code, string proof) => maker.PostAsync(
        "token", null, [("grant_type", "authorization_code"), ("client_id", "spa"), ("code", code), ("redirect_uri", "https://spa.example/callback"), ("code_verifier", AuthorizationParameters.Verifier)], proof);

    private Task<JsonAnswer> RefreshSpaAsync(string token, params IReadOnlyList<string> proofs) =>
        maker.PostAsync("token", null, [("grant_type", "refresh_token"), ("client_id", "spa"), ("refresh_token", token)], proofs);

    private Task<JsonAnswer> ServiceAsync(string proof) => maker.PostAsync("token", Service, [("grant_type", "client_credentials"), ("scope", "api.read")], proof);

    private Task<JsonAnswer> PushAsync(string proof, params (string, string?)[] more) =>
        maker.PostAsync("par", Web, [.. new AuthorizationParameters().All.Select(pair => (pair.Key, (string?)pair.Value)), .. more], proof);
}
