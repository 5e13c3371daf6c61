using System.Net.Http.Headers;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.BackChannel;

/// <summary>OpenID Connect Core §5.3.2: a userinfo answer that the server signs.</summary>
public sealed class SignedUserInfoTests(SharedServer shared) : IClassFixture<SharedServer>
{
    [Fact]
    public async Task It_is_a_JWT_for_the_client_with_the_same_claims()
    {
        var jwt = await UserInfoAsync();
        Assert.True((await PublishedKeys.ReadAsync(shared.Server)).Verify(jwt));
        Assert.Equal("ES256", JsonAnswer.Header(jwt).GetProperty("alg").GetString());
        var claims = JsonAnswer.Claims(jwt);
        Assert.Equal(["iss", "aud", "sub", "name", "given_name", "preferred_username"], claims.EnumerateObject().Select(claim => claim.Name));
        Assert.Equal(RunningServer.Issuer, claims.GetProperty("iss").GetString());
        Assert.Equal("signed-userinfo", claims.GetProperty("aud").GetString());
    }

    [Fact]
    public async Task It_can_not_be_used_as_an_ID_token()
    {
        var answer = await shared.Alice.GetAsync(
            new AuthorizationParameters("signed-userinfo").With("prompt", "none").With("id_token_hint", await UserInfoAsync()).Url);
        Assert.Equal("login_required", answer.Parameters["error"]);
    }

    private async Task<string> UserInfoAsync()
    {
        var tokens = await shared.TokensAsync("signed-userinfo", "openid profile");
        using var request = new HttpRequestMessage(HttpMethod.Get, "userinfo");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", tokens.AccessToken);
        // The client asks for JSON and gets what it registered.
        request.Headers.Accept.ParseAdd("application/json");
        using var response = await shared.Server.Http.SendAsync(request);
        Assert.Equal("application/jwt", response.Content.Headers.ContentType?.ToString());
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
        return await response.Content.ReadAsStringAsync();
    }
}
