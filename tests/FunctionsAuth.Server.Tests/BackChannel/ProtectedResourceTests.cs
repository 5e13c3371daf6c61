using System.Text.Json;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Server.Tests.FrontChannel;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.BackChannel;

/// <summary>What userinfo tells clients of itself: RFC 9728, and RFC 9470 §3. Requirements PRM1, PRM2, PRM4 and STE1.</summary>
public sealed class ProtectedResourceTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private const string Address = $"{RunningServer.Issuer}/.well-known/oauth-protected-resource/userinfo";
    private const string UserInfo = $"{RunningServer.Issuer}/userinfo";

    [Fact]
    public async Task A_client_finds_the_metadata_by_the_challenge_and_gets_a_token_for_what_it_names()
    {
        using var refused = await shared.Server.Http.GetAsync("userinfo");
        Assert.Equal($"Bearer realm=\"userinfo\", resource_metadata=\"{Address}\"", refused.Headers.WwwAuthenticate.ToString());
        var metadata = await ReadAsync(shared.Server, Address);
        Assert.Equal(UserInfo, metadata.GetProperty("resource").GetString());
        Assert.Equal([RunningServer.Issuer], Texts(metadata, "authorization_servers"));
        Assert.Equal(["header", "body"], Texts(metadata, "bearer_methods_supported"));
        Assert.Equal(["ES256", "PS256"], Texts(metadata, "dpop_signing_alg_values_supported"));
        var scopes = Texts(metadata, "scopes_supported");
        Assert.Contains("openid", scopes);
        Assert.DoesNotContain("offline_access", scopes);
        Assert.DoesNotContain("api.read", scopes);

        // The client may ask for more than is for userinfo: the token is for nothing else.
        var tokens = await shared.TokensAsync(scope: "openid profile api.read", change: request => request.With("resource", UserInfo));
        var claims = JsonAnswer.Claims(tokens.AccessToken);
        Assert.Equal(RunningServer.Issuer, claims.GetProperty("aud").GetString());
        Assert.Equal("openid profile", claims.GetProperty("scope").GetString());
        Assert.Equal("Alice Example", (await shared.App().UserInfoAsync(tokens.AccessToken)).ShouldBeOk()["name"]);
    }

    [Fact]
    public async Task Userinfo_may_stand_beside_an_API()
    {
        var tokens = await shared.TokensAsync(scope: "openid api.read", change: request => request.With("resource", "https://api.example").Add("resource", UserInfo));
        Assert.Equal(["https://api.example", RunningServer.Issuer], Texts(JsonAnswer.Claims(tokens.AccessToken), "aud"));
    }

    [Fact]
    public async Task Without_openid_there_is_nothing_to_ask_userinfo_for() =>
        Expect.Error(await shared.Alice.GetAsync(new AuthorizationParameters(scope: "api.read").With("resource", UserInfo).Url), "invalid_scope");

    [Fact]
    public async Task A_token_for_an_API_is_told_which_scope_it_lacks()
    {
        var token = (await shared.TokensAsync(scope: "api.read")).AccessToken;
        var answer = (await shared.App().UserInfoAsync(token)).ShouldFail("insufficient_scope", 403);
        var challenge = answer.Response.Headers.WwwAuthenticate.ToString();
        Assert.Contains("scope=\"openid\"", challenge, StringComparison.Ordinal);
        Assert.EndsWith($", resource_metadata=\"{Address}\"", challenge, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(".well-known/oauth-protected-resource/token")]
    [InlineData(".well-known/oauth-protected-resource/userinfo/")]
    [InlineData(".well-known/oauth-protected-resource/tenant/userinfo")]
    public async Task Nothing_else_is_guarded(string path)
    {
        using var answer = await shared.Server.Http.GetAsync(path);
        Assert.Equal(404, (int)answer.StatusCode);
    }

    /// <summary>RFC 9728 §3.1: with a path of its own, the server's name for the resource has it, too.</summary>
    [Fact]
    public async Task A_server_behind_a_path_says_the_whole_address()
    {
        await using var server = await RunningServer.StartAsync(new ServerSetup().With(("PublicUrl", "https://login.example/auth")));
        using var refused = await server.Http.GetAsync("userinfo");
        Assert.EndsWith("resource_metadata=\"https://login.example/.well-known/oauth-protected-resource/auth/userinfo\"", refused.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        Assert.Equal("https://login.example/auth/userinfo", (await ReadAsync(server, ".well-known/oauth-protected-resource/auth/userinfo")).GetProperty("resource").GetString());
    }

    [Fact]
    public async Task A_token_of_a_weaker_login_than_the_client_needs_now_is_told_what_to_ask_for()
    {
        await using var server = await RunningServer.StartAsync();
        var app = new ClientApp(server);
        var token = (await app.LoginAsync("openid")).ShouldBeOk().AccessToken;
        (await app.UserInfoAsync(token)).ShouldBeOk();
        var client = (await server.Get<IClientStore>().FindAsync("web", default))!;
        await server.RegisterAsync(client with { RequiredAcr = "urn:functionsauth:acr:mfa" });
        server.Clock.Advance(TimeSpan.FromSeconds(61));
        var answer = (await app.UserInfoAsync(token)).ShouldFail("insufficient_user_authentication", 401);
        Assert.Contains("acr_values=\"urn:functionsauth:acr:mfa\"", answer.Response.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }

    private static async Task<JsonElement> ReadAsync(RunningServer server, string address)
    {
        using var answer = await server.Http.GetAsync(address);
        Assert.Equal("application/json", answer.Content.Headers.ContentType!.MediaType);
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
    }

    private static List<string?> Texts(JsonElement json, string name) => [.. json.GetProperty(name).EnumerateArray().Select(item => item.GetString())];
}
