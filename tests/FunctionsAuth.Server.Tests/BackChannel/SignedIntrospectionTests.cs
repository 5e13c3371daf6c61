using System.Text.Json;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.BackChannel;

/// <summary>Introspection answers as signed JWTs: RFC 9701.</summary>
public sealed class SignedIntrospectionTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private const string MediaType = "application/token-introspection+jwt";

    [Theory]
    [InlineData("RS256")]
    [InlineData("PS256")]
    [InlineData("ES256")]
    public async Task An_API_gets_a_JWT_that_says_what_the_JSON_says(string algorithm)
    {
        await RegisterAsync("api", algorithm);
        var token = (await shared.TokensAsync(scope: "openid api.read")).AccessToken;
        var json = (await shared.App("api").IntrospectAsync(token)).ShouldBeOk();
        var jwt = await shared.App("api").SignedIntrospectionAsync(token);
        var header = JsonAnswer.Header(jwt);
        Assert.Equal(algorithm, header.GetProperty("alg").GetString());
        Assert.Equal("token-introspection+jwt", header.GetProperty("typ").GetString());
        Assert.True((await PublishedKeys.ReadAsync(shared.Server)).Verify(jwt));
        var claims = JsonAnswer.Claims(jwt);
        Assert.Equal(["iss", "aud", "iat", "token_introspection"], claims.EnumerateObject().Select(claim => claim.Name));
        Assert.Equal(RunningServer.Issuer, claims.GetProperty("iss").GetString());
        Assert.Equal("api", claims.GetProperty("aud").GetString());
        Assert.Equal(shared.Server.Clock.GetUtcNow().ToUnixTimeSeconds(), claims.GetProperty("iat").GetInt64());
        Assert.True(JsonElement.DeepEquals(json.Json, claims.GetProperty("token_introspection")));
    }

    /// <summary>§4, and RFC 9110 §12.5.1: who asks for JSON gets JSON, and so does who does not ask.</summary>
    [Theory]
    [InlineData(MediaType, true)]
    [InlineData("application/json, APPLICATION/Token-Introspection+JWT;q=0.9", true)]
    [InlineData("application/json, " + MediaType + ";q=0", false)]
    [InlineData("application/json", false)]
    [InlineData("*/*", false)]
    [InlineData("application/jwt", false)]
    [InlineData(";;;,", false)]
    [InlineData(null, false)]
    public async Task The_Accept_header_decides(string? accept, bool isJwt)
    {
        var token = (await shared.TokensAsync(scope: "openid api.read")).AccessToken;
        using var response = await shared.App("api").IntrospectAsync(token, accept);
        Assert.Equal(isJwt ? MediaType : "application/json", response.Content.Headers.ContentType!.MediaType);
        Assert.Contains("no-store", response.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_algorithm_of_its_own_a_client_gets_JSON()
    {
        var token = (await shared.TokensAsync(scope: "openid api.read")).AccessToken;
        using var response = await shared.App("web").IntrospectAsync(token, MediaType);
        Assert.Equal("application/json", response.Content.Headers.ContentType!.MediaType);
    }

    /// <summary>§5: who is no API of the token learns nothing, not even the client that has it.</summary>
    [Fact]
    public async Task A_token_that_is_not_for_the_API_is_inactive_and_nothing_more()
    {
        await RegisterAsync("service", "ES256");
        var others = (await shared.TokensAsync(scope: "openid other.read")).AccessToken;
        var own = (await shared.App("service").PostAsync("token", [("grant_type", "client_credentials"), ("scope", "api.read")])).ShouldBeOk().AccessToken;
        var users = await shared.TokensAsync(scope: "openid api.read offline_access");
        foreach (var (api, token) in ((string, string)[])[("api", others), ("service", own), ("service", users.AccessToken), ("api", users.RefreshToken), ("api", users.IdToken), ("api", "nonsense")])
        {
            var claims = JsonAnswer.Claims(await shared.App(api).SignedIntrospectionAsync(token));
            Assert.Equal("""{"active":false}""", claims.GetProperty("token_introspection").GetRawText());
        }
    }

    /// <summary>Its type keeps it apart from every other token (RFC 8725 §3.11).</summary>
    [Fact]
    public async Task The_answer_is_no_token()
    {
        var token = (await shared.TokensAsync(scope: "openid api.read")).AccessToken;
        var jwt = await shared.App("api").SignedIntrospectionAsync(token);
        (await shared.App().UserInfoAsync(jwt)).ShouldFail("invalid_token", 401);
        (await shared.App("api").IntrospectAsync(jwt)).ShouldBeInactive();
    }

    private async Task RegisterAsync(string clientId, string algorithm)
    {
        var client = (await shared.Server.Get<IClientStore>().FindAsync(clientId, default))!;
        await shared.Server.RegisterAsync(client with { IntrospectionSignedResponseAlg = algorithm });
        shared.Server.Clock.Advance(TimeSpan.FromSeconds(61));
    }
}
