using System.Security.Cryptography;
using System.Text;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.FrontChannel.Authorize;

/// <summary>Tokens from the authorization endpoint: only where the operator turned them on, and the client is registered for them.</summary>
public sealed class LegacyResponseTypeTests(LegacyServer shared) : IClassFixture<LegacyServer>
{
    [Theory]
    [InlineData("id_token", "id_token")]
    [InlineData("token id_token", "access_token id_token")]
    [InlineData("id_token token", "access_token id_token")]
    [InlineData("code id_token", "code id_token")]
    [InlineData("code token", "access_token code")]
    [InlineData("token code id_token", "access_token code id_token")]
    [InlineData("token", "access_token")]
    public async Task The_answer_has_what_was_asked_for_in_the_fragment(string type, string parameters)
    {
        var answer = await shared.Alice.AuthorizeAsync(Request(type));
        Assert.StartsWith("https://hybrid.example/callback#", answer.Location, StringComparison.Ordinal);
        Assert.Equal("state-of-the-test", answer.Parameters["state"]);
        Assert.Equal(RunningServer.Issuer, answer.Parameters["iss"]);
        Assert.Equal(parameters.Split(' '), answer.Parameters.Keys.Where(name => name is "code" or "id_token" or "access_token").Order());
        if (answer.Parameters.TryGetValue("access_token", out var token))
        {
            Assert.Equal(("Bearer", "3600"), (answer.Parameters["token_type"], answer.Parameters["expires_in"]));
            Assert.Equal("alice-subject", (await shared.App("hybrid").UserInfoAsync(token)).ShouldBeOk()["sub"]);
        }
        if (answer.Parameters.TryGetValue("code", out var code))
            (await shared.App("hybrid").RedeemAsync(code)).ShouldBeOk();
    }

    [Fact]
    public async Task The_ID_token_is_bound_to_what_came_with_it()
    {
        var answer = await shared.Alice.AuthorizeAsync(Request("code id_token token"));
        var jwt = answer.Parameters["id_token"];
        Assert.True((await PublishedKeys.ReadAsync(shared.Server)).Verify(jwt));
        var claims = JsonAnswer.Claims(jwt);
        Assert.Equal(LeftHalf(answer.Parameters["access_token"]), claims.GetProperty("at_hash").GetString());
        Assert.Equal(LeftHalf(answer.Parameters["code"]), claims.GetProperty("c_hash").GetString());
        Assert.Equal("nonce-of-the-test", claims.GetProperty("nonce").GetString());
        var later = JsonAnswer.Claims((await shared.App("hybrid").RedeemAsync(answer.Parameters["code"])).ShouldBeOk().IdToken);
        foreach (var same in (string[])["iss", "sub", "aud", "nonce", "auth_time", "sid"])
            Assert.Equal(claims.GetProperty(same).ToString(), later.GetProperty(same).ToString());
    }

    [Fact]
    public async Task The_claims_of_the_scopes_are_in_the_ID_token_only_where_no_access_token_is_to_be_had()
    {
        var alone = await shared.Alice.AuthorizeAsync(Request("id_token").With("scope", "openid email"));
        Assert.Equal("alice@example.com", JsonAnswer.Claims(alone.Parameters["id_token"]).GetProperty("email").GetString());
        foreach (var type in (string[])["id_token token", "code id_token"])
        {
            var other = await shared.Alice.AuthorizeAsync(Request(type).With("scope", "openid email"));
            Assert.False(JsonAnswer.Claims(other.Parameters["id_token"]).TryGetProperty("email", out _));
        }
    }

    [Fact]
    public async Task A_code_that_is_used_twice_ends_the_token_that_came_with_it()
    {
        var answer = await shared.Alice.AuthorizeAsync(Request("code token"));
        (await shared.App("hybrid").RedeemAsync(answer.Parameters["code"])).ShouldBeOk();
        (await shared.App("hybrid").RedeemAsync(answer.Parameters["code"])).ShouldFail("invalid_grant");
        (await shared.App("hybrid").UserInfoAsync(answer.Parameters["access_token"])).ShouldFail("invalid_token", 401);
    }

    [Theory]
    [InlineData("id_token")]
    [InlineData("id_token token")]
    [InlineData("code id_token")]
    [InlineData("code id_token token")]
    public async Task An_ID_token_needs_a_nonce_and_openid(string type)
    {
        var withoutNonce = await shared.Alice.GetAsync(Request(type).With("nonce", null).Url);
        Assert.StartsWith("https://hybrid.example/callback#error=invalid_request", withoutNonce.Location, StringComparison.Ordinal);
        var withoutOpenId = await shared.Alice.GetAsync(Request(type).With("scope", "email").Url);
        Assert.Equal("invalid_request", withoutOpenId.Parameters["error"]);
    }

    [Theory]
    [InlineData("code token")]
    [InlineData("token")]
    public async Task Others_need_no_nonce(string type) =>
        Assert.True((await shared.Alice.AuthorizeAsync(Request(type).With("nonce", null))).Parameters.ContainsKey("access_token"));

    [Theory]
    [InlineData("query", "#error=invalid_request")]
    [InlineData("magic", "#error=invalid_request")]
    [InlineData("fragment", "#access_token=")]
    public async Task Tokens_never_stand_in_a_query(string mode, string answer) =>
        Assert.Contains(answer, (await shared.Alice.AuthorizeAsync(Request("token").With("response_mode", mode))).Location, StringComparison.Ordinal);

    [Fact]
    public async Task They_can_be_posted() =>
        Assert.Contains("id_token", (await shared.Alice.AuthorizeAsync(Request("id_token").With("response_mode", "form_post"))).Parameters.Keys);

    [Fact]
    public async Task The_code_of_a_hybrid_answer_needs_PKCE() =>
        Assert.Equal("invalid_request", (await shared.Alice.GetAsync(Request("code token").With("code_challenge", null).With("code_challenge_method", null).Url)).Parameters["error"]);

    [Theory]
    [InlineData("web", "id_token", "unauthorized_client")]
    [InlineData("hybrid", "id_token code code", "unsupported_response_type")]
    [InlineData("hybrid", "none", "unsupported_response_type")]
    public async Task A_client_uses_what_it_registered(string clientId, string type, string error) =>
        Assert.Equal(error, (await shared.Alice.GetAsync(new AuthorizationParameters(clientId).With("response_type", type).Url)).Parameters["error"]);

    [Theory]
    [InlineData("id_token")]
    [InlineData("code token")]
    public async Task Without_the_setting_there_are_none(string type)
    {
        await using var server = await RunningServer.StartAsync();
        // In the fragment, where the client looks for the answer to such a request.
        Assert.StartsWith("https://hybrid.example/callback#error=unsupported_response_type", (await new Browser(server).GetAsync(Request(type).Url)).Location, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_user_who_is_disabled_gets_none()
    {
        await using var server = await RunningServer.StartAsync(LegacyServer.WithLegacy);
        var browser = new Browser(server);
        await browser.AuthorizeAsync(Request("id_token"));
        await LocalHost.Hosting.LocalServer.ImportAsync(server.Services, """{ "users": [{ "username": "alice", "disabled": true }] }""");
        Assert.Equal("login_required", (await browser.GetAsync(Request("id_token").With("prompt", "none").Url)).Parameters["error"]);
        Assert.True((await browser.FollowAsync(await browser.GetAsync(Request("id_token").Url))).HasForm("login"));
    }

    [Fact]
    public async Task Its_use_is_logged_once_an_hour()
    {
        await using var server = await RunningServer.StartAsync(LegacyServer.WithLegacy);
        var browser = new Browser(server);
        for (var i = 0; i < 3; i++)
            await browser.AuthorizeAsync(Request("id_token"));
        Assert.Single(server.Log.Lines, line => line.Contains("RFC 9700", StringComparison.Ordinal));
    }

    private static AuthorizationParameters Request(string type) => new AuthorizationParameters("hybrid").With("response_type", type);

    private static string LeftHalf(string token) =>
        System.Buffers.Text.Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(token)).AsSpan(0, 16));
}

public sealed class LegacyServer : SharedServer
{
    public static ServerSetup WithLegacy => new() { Settings = { ["Legacy:ImplicitAndHybrid"] = "true", ["Legacy:PasswordGrant"] = "true" } };

    protected override ServerSetup Setup() => WithLegacy;
}
