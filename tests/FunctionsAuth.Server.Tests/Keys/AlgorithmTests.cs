using FunctionsAuth.LocalHost.Hosting;
using FunctionsAuth.Server.Tests.Harness;
using static FunctionsAuth.Server.Tests.Keys.VaultSceneServers;

namespace FunctionsAuth.Server.Tests.Keys;

/// <summary>Clients and resources name the algorithms of their tokens; RS256 and PS256 are made with one key.</summary>
public sealed class AlgorithmTests : IAsyncLifetime
{
    // The same client and the same resource in three ways.
    private const string More = """
        {
          "scopes": [{ "name": "rs" }, { "name": "ps" }, { "name": "es" }],
          "resources": [
            { "identifier": "https://rs.example", "scopes": ["rs"], "access_token_signing_alg": "RS256" },
            { "identifier": "https://ps.example", "scopes": ["ps"], "access_token_signing_alg": "PS256" },
            { "identifier": "https://es.example", "scopes": ["es"], "access_token_signing_alg": "ES256" }
          ],
          "clients": [{CLIENTS}]
        }
        """;

    private readonly VaultScene scene = new();
    private RunningServer server = null!;
    private Browser browser = null!;

    public async Task InitializeAsync()
    {
        server = await scene.StartAsync();
        browser = new Browser(server);
        var clients = string.Join(',', ((string[])["RS256", "PS256", "ES256"]).Select(algorithm => $$"""
            {
              "client_id": "{{algorithm}}", "client_secret": "{{RawRequests.SecretOf(algorithm)}}", "first_party": true,
              "redirect_uris": ["https://{{algorithm}}.example/callback"], "grant_types": ["authorization_code", "refresh_token"],
              "scope": "openid offline_access rs ps es", "id_token_signed_response_alg": "{{algorithm}}"
            }
            """));
        await LocalServer.ImportAsync(server.Services, More.Replace("{CLIENTS}", clients, StringComparison.Ordinal));
    }

    public async Task DisposeAsync() => await scene.DisposeAsync();

    [Theory]
    [InlineData("RS256")]
    [InlineData("PS256")]
    [InlineData("ES256")]
    public async Task A_client_gets_ID_tokens_of_the_algorithm_that_it_registered(string algorithm)
    {
        var tokens = (await new ClientApp(server, algorithm).LoginAsync(browser: browser)).ShouldBeOk();
        await ShouldBeSignedAsync(tokens.IdToken, algorithm);
        // What an access token is signed with is the resource's affair.
        await ShouldBeSignedAsync(tokens.AccessToken, "RS256");
        tokens = (await new ClientApp(server, algorithm).RefreshAsync(tokens.RefreshToken)).ShouldBeOk();
        await ShouldBeSignedAsync(tokens.IdToken, algorithm);
    }

    [Theory]
    [InlineData("rs", "RS256")]
    [InlineData("ps", "PS256")]
    [InlineData("es", "ES256")]
    public async Task A_resource_gets_access_tokens_of_its_own(string scope, string algorithm)
    {
        var tokens = (await new ClientApp(server, "PS256").LoginAsync(scope, browser, resource: $"https://{scope}.example")).ShouldBeOk();
        await ShouldBeSignedAsync(tokens.AccessToken, algorithm);
    }

    [Fact]
    public async Task Resources_that_disagree_get_the_algorithm_of_the_server()
    {
        var tokens = (await new ClientApp(server, "PS256").LoginAsync("ps es", browser)).ShouldBeOk();
        await ShouldBeSignedAsync(tokens.AccessToken, "RS256");
    }

    [Fact]
    public async Task One_RSA_key_signs_RS256_and_PS256_under_one_kid_which_names_no_algorithm()
    {
        var rs = (await new ClientApp(server, "RS256").LoginAsync("openid rs", browser)).ShouldBeOk();
        var ps = (await new ClientApp(server, "PS256").LoginAsync("openid ps", browser)).ShouldBeOk();
        Assert.Equal(KidOf(rs.IdToken), KidOf(ps.IdToken));
        var jwk = (await server.JwksAsync()).Json.GetProperty("keys").EnumerateArray().Single(key => key.GetProperty("kid").GetString() == KidOf(ps.IdToken));
        Assert.False(jwk.TryGetProperty("alg", out _));
        Assert.Equal(2, (await PublishedKeys.ReadAsync(server)).Kids.Count());
    }

    [Fact]
    public async Task A_PS256_access_token_is_good_for_userinfo_and_introspection()
    {
        var ps = await scene.StartAsync(("AccessTokenAlgorithm", "PS256"));
        var app = new ClientApp(ps, "PS256");
        var tokens = (await app.LoginAsync()).ShouldBeOk();
        await ShouldBeSignedAsync(tokens.AccessToken, "PS256");
        (await app.UserInfoAsync(tokens.AccessToken)).ShouldBeOk();
        Assert.True((await app.IntrospectAsync(tokens.AccessToken)).ShouldBeOk().IsActive);
    }

    private async Task ShouldBeSignedAsync(string token, string algorithm)
    {
        Assert.Equal(algorithm, JsonAnswer.Header(token).GetProperty("alg").GetString());
        var published = await PublishedKeys.ReadAsync(server);
        Assert.True(published.Verify(token));
        Assert.Contains(KidOf(token), published.KidsOf(algorithm));
    }
}
