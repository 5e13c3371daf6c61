using FunctionsAuth.LocalHost.Hosting;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.BackChannel;

/// <summary>What the operator takes from a client is gone from the tokens of grants that it has already; the rest stays.</summary>
public sealed class TakenAwayTests : IAsyncLifetime
{
    private const string Api = "https://api.example";
    private const string Other = "https://other.example";

    private RunningServer server = null!;
    private ClientApp web = null!;

    public async Task InitializeAsync()
    {
        server = await RunningServer.StartAsync(new ServerSetup { Settings = new() { ["CacheFor"] = "00:00:00" } });
        web = new ClientApp(server);
    }

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task A_scope_is_gone_from_the_next_access_token_and_the_answer_says_so()
    {
        var tokens = (await web.LoginAsync("openid email offline_access api.read")).ShouldBeOk();
        await AllowAsync("openid offline_access api.read");
        var refreshed = (await web.RefreshAsync(tokens.RefreshToken)).ShouldBeOk();
        ShouldHave(refreshed, "openid offline_access api.read");
        Assert.Null((await web.UserInfoAsync(refreshed.AccessToken)).ShouldBeOk()["email"]);
        (await web.RefreshAsync(refreshed.RefreshToken, ("scope", "openid email"))).ShouldFail("invalid_scope");
    }

    [Fact]
    public async Task A_code_gives_no_more_than_what_the_client_may_have_when_it_redeems()
    {
        var code = await new Browser(server).CodeAsync(web, "web", "openid email api.read");
        await AllowAsync("openid api.read");
        ShouldHave((await web.RedeemAsync(code)).ShouldBeOk(), "openid api.read");
    }

    [Fact]
    public async Task The_scopes_of_an_API_take_its_audience_with_them()
    {
        var tokens = (await web.LoginAsync("openid offline_access api.read other.read")).ShouldBeOk();
        await AllowAsync("openid offline_access api.read");
        var refreshed = (await web.RefreshAsync(tokens.RefreshToken)).ShouldBeOk();
        ShouldHave(refreshed, "openid offline_access api.read");
        Assert.Equal([Api, RunningServer.Issuer], JsonAnswer.Claims(refreshed.AccessToken).GetProperty("aud").EnumerateArray().Select(aud => aud.GetString()));
        (await web.RefreshAsync(refreshed.RefreshToken, ("resource", Other))).ShouldFail("invalid_target");
    }

    [Fact]
    public async Task A_resource_is_an_invalid_target()
    {
        var tokens = (await web.LoginAsync("openid offline_access api.read", resource: Api)).ShouldBeOk();
        await AllowAsync("openid offline_access other.read");
        (await web.RefreshAsync(tokens.RefreshToken)).ShouldFail("invalid_target");
        (await web.RefreshAsync(tokens.RefreshToken, ("resource", Api))).ShouldFail("invalid_target");
    }

    [Fact]
    public async Task When_nothing_is_left_there_is_no_token()
    {
        var tokens = (await web.LoginAsync("offline_access api.read")).ShouldBeOk();
        await AllowAsync("openid profile");
        (await web.RefreshAsync(tokens.RefreshToken)).ShouldFail("invalid_scope");
    }

    [Fact]
    public async Task What_is_given_back_is_there_again_and_the_refresh_token_is_as_good_as_before()
    {
        var tokens = (await web.LoginAsync("offline_access api.read", resource: Api)).ShouldBeOk();
        await AllowAsync("openid");
        (await web.RefreshAsync(tokens.RefreshToken)).ShouldFail("invalid_target");
        await AllowAsync("openid offline_access api.read");
        ShouldHave((await web.RefreshAsync(tokens.RefreshToken)).ShouldBeOk(), "offline_access api.read");
    }

    [Fact]
    public async Task Scopes_and_a_resource_that_do_not_meet_are_an_invalid_scope()
    {
        var tokens = (await web.LoginAsync("offline_access api.read other.read")).ShouldBeOk();
        (await web.RefreshAsync(tokens.RefreshToken, ("scope", "api.read"), ("resource", Other))).ShouldFail("invalid_scope");
        var narrowed = (await web.RefreshAsync(tokens.RefreshToken, ("scope", "other.read"), ("resource", Other))).ShouldBeOk();
        ShouldHave(narrowed, "other.read");
    }

    [Fact]
    public async Task Every_answer_names_its_scope()
    {
        var tokens = (await web.LoginAsync("openid offline_access api.read")).ShouldBeOk();
        ShouldHave(tokens, "openid offline_access api.read");
        tokens = (await web.RefreshAsync(tokens.RefreshToken)).ShouldBeOk();
        ShouldHave(tokens, "openid offline_access api.read");
        tokens = (await web.RefreshAsync(tokens.RefreshToken, ("scope", "openid"))).ShouldBeOk();
        ShouldHave(tokens, "openid");
        tokens = (await web.RefreshAsync(tokens.RefreshToken, ("resource", RunningServer.Issuer))).ShouldBeOk();
        ShouldHave(tokens, "openid offline_access");
        var own = await new ClientApp(server, "service").PostAsync("token", [("grant_type", "client_credentials"), ("scope", "api.read")]);
        ShouldHave(own.ShouldBeOk(), "api.read");
    }

    private static void ShouldHave(JsonAnswer tokens, string scope)
    {
        Assert.Equal(scope, tokens["scope"]);
        Assert.Equal(scope, JsonAnswer.Claims(tokens.AccessToken).GetProperty("scope").GetString());
    }

    private async Task AllowAsync(string scope) => await LocalServer.ImportAsync(server.Services, $$"""
        {
          "clients": [{
            "client_id": "web",
            "client_secret": "{{RawRequests.SecretOf("web")}}",
            "redirect_uris": ["https://web.example/callback"],
            "grant_types": ["authorization_code", "refresh_token"],
            "scope": "{{scope}}",
            "first_party": true
          }]
        }
        """);
}
