using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.BackChannel;

public sealed class TokenContentTests(SharedServer shared) : IClassFixture<SharedServer>
{
    [Fact]
    public async Task An_ID_token_has_the_claims_of_the_login_and_no_others()
    {
        var request = new AuthorizationParameters(scope: "openid profile");
        var signedInAt = shared.Server.Clock.GetUtcNow().ToUnixTimeSeconds();
        var alice = new Browser(shared.Server);
        await alice.AuthorizeAsync(request);
        shared.Server.Clock.Advance(TimeSpan.FromMinutes(3));
        var answer = await alice.AuthorizeAsync(request);

        var tokens = (await shared.App().RedeemAsync(answer.Parameters["code"])).ShouldBeOk();

        var claims = JsonAnswer.Claims(tokens.IdToken);
        Assert.Equal(["iss", "sub", "aud", "iat", "exp", "auth_time", "sid", "acr", "amr", "nonce", "name", "preferred_username"], Names(claims));
        Assert.Equal(RunningServer.Issuer, claims.GetProperty("iss").GetString());
        Assert.Equal("alice-subject", claims.GetProperty("sub").GetString());
        Assert.Equal("web", claims.GetProperty("aud").GetString());
        Assert.Equal(signedInAt, claims.GetProperty("auth_time").GetInt64());
        Assert.Equal(signedInAt + 180, claims.GetProperty("iat").GetInt64());
        Assert.Equal(signedInAt + 180 + 3600, claims.GetProperty("exp").GetInt64());
        Assert.Equal("nonce-of-the-test", claims.GetProperty("nonce").GetString());
        Assert.Equal("pwd", Assert.Single(claims.GetProperty("amr").EnumerateArray()).GetString());
        await VerifyAsync(tokens.IdToken, "JWT", "RS256");
    }

    [Fact]
    public async Task Sid_is_the_same_for_a_session_and_another_for_another()
    {
        var first = Sid(await shared.TokensAsync());
        var second = Sid(await shared.TokensAsync("post", "openid"));
        var elsewhere = Sid((await shared.App().LoginAsync()).ShouldBeOk());
        Assert.Equal(first, second);
        Assert.NotEqual(first, elsewhere);
        Assert.DoesNotContain("alice", first, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_nonce_in_the_request_there_is_none_in_the_token()
    {
        var tokens = await shared.TokensAsync(change: request => request.With("nonce", null));
        Assert.DoesNotContain("nonce", Names(JsonAnswer.Claims(tokens.IdToken)));
    }

    [Fact]
    public async Task Without_openid_there_is_no_ID_token()
    {
        Assert.Null((await shared.TokensAsync(scope: "api.read"))["id_token"]);
    }

    [Fact]
    public async Task A_client_that_asked_for_it_gets_at_hash_and_ES256()
    {
        var tokens = await shared.TokensAsync("post", "openid");
        var claims = JsonAnswer.Claims(tokens.IdToken);
        Assert.Equal(["iss", "sub", "aud", "iat", "exp", "auth_time", "sid", "acr", "amr", "nonce", "at_hash"], Names(claims));
        var hash = SHA256.HashData(Encoding.ASCII.GetBytes(tokens.AccessToken));
        Assert.Equal(Base64Url.EncodeToString(hash.AsSpan(0, 16)), claims.GetProperty("at_hash").GetString());
        await VerifyAsync(tokens.IdToken, "JWT", "ES256");
        await VerifyAsync(tokens.AccessToken, "at+jwt", "RS256");
    }

    [Fact]
    public async Task An_access_token_has_the_claims_of_RFC_9068_and_no_others()
    {
        var now = shared.Server.Clock.GetUtcNow().ToUnixTimeSeconds();
        var tokens = await shared.TokensAsync(scope: "openid api.read offline_access");
        var claims = JsonAnswer.Claims(tokens.AccessToken);
        Assert.Equal(["iss", "sub", "aud", "client_id", "iat", "exp", "jti", "scope", "auth_time", "acr"], Names(claims));
        Assert.Equal(RunningServer.Issuer, claims.GetProperty("iss").GetString());
        Assert.Equal("alice-subject", claims.GetProperty("sub").GetString());
        Assert.Equal("web", claims.GetProperty("client_id").GetString());
        Assert.Equal(now, claims.GetProperty("iat").GetInt64());
        Assert.Equal(now + tokens.Json.GetProperty("expires_in").GetInt64(), claims.GetProperty("exp").GetInt64());
        Assert.Equal("openid api.read offline_access", claims.GetProperty("scope").GetString());
        Assert.InRange(claims.GetProperty("auth_time").GetInt64(), 1, now);
        await VerifyAsync(tokens.AccessToken, "at+jwt", "RS256");
    }

    [Fact]
    public async Task Every_access_token_has_a_jti_of_its_own()
    {
        var tokens = await shared.TokensAsync();
        var again = (await shared.App().RefreshAsync(tokens.RefreshToken)).ShouldBeOk();
        Assert.NotEqual(JsonAnswer.Claims(tokens.AccessToken).GetProperty("jti").GetString(), JsonAnswer.Claims(again.AccessToken).GetProperty("jti").GetString());
    }

    [Fact]
    public async Task A_changed_token_does_not_verify()
    {
        var parts = (await shared.TokensAsync()).AccessToken.Split('.');
        var payload = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[1])).Replace("alice-subject", "bob-subject", StringComparison.Ordinal);
        var forged = $"{parts[0]}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(payload))}.{parts[2]}";
        Assert.False((await PublishedKeys.ReadAsync(shared.Server)).Verify(forged));
        (await shared.App().UserInfoAsync(forged)).ShouldFail("invalid_token", 401);
        (await shared.App().IntrospectAsync(forged)).ShouldBeInactive();
    }

    private async Task VerifyAsync(string jwt, string type, string algorithm)
    {
        var header = JsonAnswer.Header(jwt);
        Assert.Equal(["alg", "typ", "kid"], Names(header));
        Assert.Equal(type, header.GetProperty("typ").GetString());
        Assert.Equal(algorithm, header.GetProperty("alg").GetString());
        Assert.True((await PublishedKeys.ReadAsync(shared.Server)).Verify(jwt), "The signature is not one of the published keys");
    }

    private static string Sid(JsonAnswer tokens) => JsonAnswer.Claims(tokens.IdToken).GetProperty("sid").GetString()!;

    private static IEnumerable<string> Names(JsonElement json) => json.EnumerateObject().Select(member => member.Name);
}
