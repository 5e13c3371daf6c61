using System.Net.Http.Headers;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.BackChannel;

public sealed class UserInfoTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private const string Challenge = $"Bearer realm=\"userinfo\", resource_metadata=\"{RunningServer.Issuer}/.well-known/oauth-protected-resource/userinfo\"";

    [Theory]
    [InlineData("openid", "sub")]
    [InlineData("openid profile", "sub name given_name preferred_username")]
    [InlineData("openid email", "sub email email_verified")]
    [InlineData("openid phone", "sub phone_number")]
    [InlineData("openid address", "sub address")]
    [InlineData("openid profile email address phone offline_access api.read", "sub name given_name preferred_username email email_verified address phone_number")]
    public async Task The_claims_are_those_of_the_scopes(string scope, string claims)
    {
        var user = (await shared.App().UserInfoAsync((await shared.TokensAsync(scope: scope)).AccessToken)).ShouldBeOk();
        Assert.Equal(claims.Split(' '), user.Json.EnumerateObject().Select(member => member.Name));
        Assert.Equal("alice-subject", user["sub"]);
    }

    [Fact]
    public async Task A_multipart_body_is_not_looked_into()
    {
        var tokens = await shared.TokensAsync();
        using var form = new MultipartFormDataContent { { new StringContent(tokens.AccessToken), "access_token" } };
        using var request = new HttpRequestMessage(HttpMethod.Post, "userinfo") { Content = form };
        Assert.Equal(401, (int)(await shared.Server.Http.SendAsync(request)).StatusCode);

        using var more = new MultipartFormDataContent { { new StringContent("x"), "anything" } };
        using var withHeader = new HttpRequestMessage(HttpMethod.Post, "userinfo") { Content = more };
        withHeader.Headers.Authorization = new("Bearer", tokens.AccessToken);
        Assert.Equal("alice-subject", (await JsonAnswer.ReadAsync(await shared.Server.Http.SendAsync(withHeader))).ShouldBeOk()["sub"]);
    }

    [Fact]
    public async Task Claims_have_their_JSON_types()
    {
        var user = await shared.App().UserInfoAsync((await shared.TokensAsync(scope: "openid email address profile")).AccessToken);
        Assert.True(user.Json.GetProperty("email_verified").GetBoolean());
        Assert.Equal("Berlin", user.Json.GetProperty("address").GetProperty("locality").GetString());
        Assert.Equal("alice", user["preferred_username"]);
    }

    [Fact]
    public async Task The_token_comes_in_the_header_or_in_the_body()
    {
        var token = (await shared.TokensAsync()).AccessToken;
        (await SendAsync(HttpMethod.Get, token)).ShouldBeOk();
        (await SendAsync(HttpMethod.Post, token)).ShouldBeOk();
        (await shared.Server.PostAsync("userinfo", $"access_token={token}")).ShouldBeOk();
        (await shared.Server.PostAsync("userinfo", "", $"bearer {token}")).ShouldBeOk();
    }

    [Fact]
    public async Task The_token_may_not_come_twice()
    {
        var token = (await shared.TokensAsync()).AccessToken;
        var answer = await shared.Server.PostAsync("userinfo", $"access_token={token}", $"Bearer {token}");
        answer.ShouldFail("invalid_request");
        Assert.Contains("error=\"invalid_request\"", answer.ChallengeOf(), StringComparison.Ordinal);
        (await shared.Server.PostAsync("userinfo", $"access_token={token}&access_token={token}")).ShouldFail("invalid_request");
    }

    [Fact]
    public async Task The_token_may_not_come_in_the_query()
    {
        var token = (await shared.TokensAsync()).AccessToken;
        var answer = await SendAsync(HttpMethod.Get, null, $"?access_token={token}");
        Assert.Equal(401, answer.Status);
        Assert.Equal(Challenge, answer.ChallengeOf());
    }

    [Fact]
    public async Task Without_a_token_the_challenge_has_no_error()
    {
        foreach (var answer in (JsonAnswer[])
        [
            await SendAsync(HttpMethod.Get, null), await SendAsync(HttpMethod.Post, null), await shared.Server.PostAsync("userinfo", "access_token="),
            await shared.Server.PostAsync("userinfo", "", RawRequests.Basic("web", RawRequests.SecretOf("web"))),
        ])
        {
            Assert.Equal(401, answer.Status);
            Assert.Equal(Challenge, answer.ChallengeOf());
        }
    }

    [Fact]
    public async Task What_is_no_access_token_is_an_invalid_token()
    {
        var tokens = await shared.TokensAsync();
        foreach (var token in (string[])
        [
            tokens.IdToken, tokens.RefreshToken, "x", "a.b.c", "..", "e30.e30.", "e30.e30.e30", tokens.AccessToken + "x", tokens.AccessToken[..^10],
            tokens.AccessToken + ".x", "\u00e9", "!!!.###.***", new string('x', 20_000), WithoutSignature(tokens.AccessToken),
        ])
        {
            var answer = await SendAsync(HttpMethod.Get, token);
            answer.ShouldFail("invalid_token", 401);
            Assert.StartsWith("Bearer realm=\"userinfo\", error=\"invalid_token\", error_description=\"", answer.ChallengeOf(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_token_that_a_client_got_for_itself_or_without_openid_or_for_an_API_has_insufficient_scope()
    {
        var own = (await shared.App("service").PostAsync("token", [("grant_type", "client_credentials"), ("scope", "anywhere")])).ShouldBeOk();
        var withoutOpenId = await shared.TokensAsync(scope: "api.read profile");
        var narrowed = (await shared.App().RedeemAsync(await shared.CodeAsync(scope: "openid api.read"), ("resource", "https://api.example"))).ShouldBeOk();
        foreach (var tokens in (JsonAnswer[])[own, withoutOpenId, narrowed])
        {
            var answer = await SendAsync(HttpMethod.Get, tokens.AccessToken);
            answer.ShouldFail("insufficient_scope", 403);
            Assert.Contains("error=\"insufficient_scope\"", answer.ChallengeOf(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_expired_token_is_an_invalid_token()
    {
        var tokens = await shared.TokensAsync();
        shared.Server.Clock.Advance(TimeSpan.FromMinutes(60) - TimeSpan.FromSeconds(1));
        (await SendAsync(HttpMethod.Get, tokens.AccessToken)).ShouldBeOk();
        shared.Server.Clock.Advance(TimeSpan.FromSeconds(1));
        (await SendAsync(HttpMethod.Get, tokens.AccessToken)).ShouldFail("invalid_token", 401);
    }

    [Fact]
    public async Task A_revoked_token_is_an_invalid_token()
    {
        var tokens = await shared.TokensAsync();
        (await shared.App().RevokeAsync(tokens.RefreshToken)).ShouldBeOk();
        (await SendAsync(HttpMethod.Get, tokens.AccessToken)).ShouldFail("invalid_token", 401);
    }

    [Fact]
    public async Task No_token_stands_in_the_log()
    {
        var tokens = await shared.TokensAsync();
        (await SendAsync(HttpMethod.Get, tokens.AccessToken)).ShouldBeOk();
        (await SendAsync(HttpMethod.Get, tokens.AccessToken + "x")).ShouldFail("invalid_token", 401);
        foreach (var secret in (string[])[tokens.AccessToken, tokens.RefreshToken, tokens.IdToken])
            Assert.DoesNotContain(shared.Server.Log.Lines, line => line.Contains(secret, StringComparison.Ordinal));
    }

    private static string WithoutSignature(string token)
    {
        var header = System.Buffers.Text.Base64Url.EncodeToString("""{"alg":"none","typ":"at+jwt"}"""u8);
        return $"{header}.{token.Split('.')[1]}.";
    }

    private async Task<JsonAnswer> SendAsync(HttpMethod method, string? token, string query = "")
    {
        using var request = new HttpRequestMessage(method, "userinfo" + query);
        if (token is not null)
            request.Headers.TryAddWithoutValidation("Authorization", new AuthenticationHeaderValue("Bearer", token).ToString());
        return await JsonAnswer.ReadAsync(await shared.Server.Http.SendAsync(request));
    }
}
