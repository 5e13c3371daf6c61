using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Users;
using FunctionsAuth.Server.Tests.Account;
using FunctionsAuth.Server.Tests.FrontChannel;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Factors;

/// <summary>What clients and operators ask for beyond a password: RFC 9470, requirements STE1 to STE4.</summary>
public sealed class StepUpTests : IAsyncLifetime
{
    private RunningServer server = null!;

    public async Task InitializeAsync() => server = await RunningServer.StartAsync(new ServerSetup { Settings = { ["SecondFactors:RequiredFor"] = "admins", ["CacheFor"] = "00:00:00" } });

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task Only_the_missing_factor_is_asked_for_and_the_login_is_no_newer_for_it()
    {
        var (browser, app) = await RememberedAsync();
        var signedInAt = server.Clock.GetUtcNow();
        server.Clock.Advance(TimeSpan.FromMinutes(20));
        var page = await browser.ToFactorAsync(Wish(AuthenticationContexts.MultiFactor));
        Assert.True(page.AsksForFactor());
        var claims = await RedeemAsync(await browser.GiveAsync(page, app.Code));
        Assert.Equal(AuthenticationContexts.MultiFactor, claims.GetProperty("acr").GetString());
        Assert.Equal(signedInAt.ToUnixTimeSeconds(), claims.GetProperty("auth_time").GetInt64());
        // The session knows it from now on.
        Expect.Code(await browser.ToFactorAsync(Wish(AuthenticationContexts.MultiFactor)));
        Assert.True((await browser.FollowAsync(await browser.GetAsync(Wish(AuthenticationContexts.MultiFactor).With("max_age", "60").Url))).HasForm("login"));
    }

    [Fact]
    public async Task A_session_that_proved_more_ends_no_later()
    {
        var (browser, app) = await RememberedAsync();
        server.Clock.Advance(TimeSpan.FromHours(1));
        await browser.GiveAsync(await browser.ToFactorAsync(Wish(AuthenticationContexts.MultiFactor)), app.Code);
        for (var hours = 1; hours < 11; hours++)
        {
            server.Clock.Advance(TimeSpan.FromHours(1));
            Expect.Code(await browser.ToFactorAsync(new AuthorizationParameters()));
        }
        server.Clock.Advance(TimeSpan.FromMinutes(61));
        Assert.True((await browser.FollowAsync(await browser.GetAsync(new AuthorizationParameters().Url))).HasForm("login"));
    }

    [Fact]
    public async Task A_wish_that_the_person_can_not_fulfil_gets_the_truth()
    {
        var claims = await RedeemAsync(await new Browser(server).AuthorizeAsync(Wish(AuthenticationContexts.MultiFactor)));
        Assert.Equal(AuthenticationContexts.Password, claims.GetProperty("acr").GetString());
        claims = await RedeemAsync(await new Browser(server).AuthorizeAsync(Wish("urn:example:unknown")));
        Assert.Equal(AuthenticationContexts.Password, claims.GetProperty("acr").GetString());
    }

    [Fact]
    public async Task The_first_wish_that_the_person_can_fulfil_counts()
    {
        var (browser, _) = await RememberedAsync();
        Expect.Code(await browser.ToFactorAsync(Wish($"{AuthenticationContexts.Passkey} {AuthenticationContexts.Password}")));
        Assert.True((await browser.ToFactorAsync(Wish($"phr {AuthenticationContexts.MultiFactor} {AuthenticationContexts.Password}"))).AsksForFactor());
    }

    [Fact]
    public async Task An_essential_acr_is_set_up_first_and_without_it_the_client_hears_so()
    {
        var browser = new Browser(server);
        var page = await browser.ToFactorAsync(Essential(AuthenticationContexts.MultiFactor));
        Assert.Equal("Set up a second step", page.Heading());
        Assert.Equal("unmet_authentication_requirements", (await browser.SubmitAsync(page, ("action", "cancel"))).Parameters["error"]);

        page = await browser.ToFactorAsync(Essential(AuthenticationContexts.MultiFactor));
        var setUp = await browser.FollowAsync(await browser.GetAsync($"{RunningServer.Issuer}/{page.Document.GetElementById("totp")!.GetAttribute("href")}"));
        var secret = setUp.Document.GetElementById("secret")!.TextContent.Replace(" ", "", StringComparison.Ordinal);
        var app = new Authenticator(secret, server.Clock);
        var codes = await browser.PressAsync(setUp, "save", null, ("code", app.Code));
        var back = await browser.FollowAsync(await browser.GetAsync($"{RunningServer.Issuer}/account/{codes.Document.GetElementById("continue")!.GetAttribute("href")}"));
        Assert.True(back.AsksForFactor());
        Assert.Equal(AuthenticationContexts.MultiFactor, (await RedeemAsync(await browser.GiveAsync(back, app.NextCode()))).GetProperty("acr").GetString());
    }

    [Fact]
    public async Task An_essential_acr_is_answered_by_one_of_its_values_though_the_login_is_surer()
    {
        var (browser, app) = await RememberedAsync();
        var claims = await RedeemAsync(await browser.GiveAsync(await browser.ToFactorAsync(Essential(AuthenticationContexts.MultiFactor)), app.NextCode()));
        Assert.Equal(AuthenticationContexts.MultiFactor, claims.GetProperty("acr").GetString());
        claims = await RedeemAsync(await browser.AuthorizeAsync(Essential(AuthenticationContexts.Password)));
        Assert.Equal(AuthenticationContexts.Password, claims.GetProperty("acr").GetString());
    }

    [Fact]
    public async Task What_is_demanded_is_asked_for_before_what_is_essential_and_must_be_set_up()
    {
        var (browser, app) = await RememberedAsync();
        await server.PutIntoGroupsAsync("alice-subject", "admins");
        var page = await browser.ToFactorAsync(Essential(AuthenticationContexts.Passkey));
        Assert.NotNull(page.Document.GetElementById("code"));
        Assert.Equal("Set up a second step", (await browser.GiveAsync(page, app.NextCode())).Heading());
    }

    [Fact]
    public async Task A_person_whose_login_is_too_old_to_set_something_up_comes_back_to_the_request_all_the_same()
    {
        var browser = new Browser(server);
        Expect.Code(await browser.AuthorizeAsync(new AuthorizationParameters()));
        server.Clock.Advance(TimeSpan.FromMinutes(20));
        var page = await browser.ToFactorAsync(Essential(AuthenticationContexts.MultiFactor));
        var login = await browser.FollowAsync(await browser.GetAsync($"{RunningServer.Issuer}/{page.Document.GetElementById("totp")!.GetAttribute("href")}"));
        var setUp = await browser.FollowAsync(await browser.LoginAsync(login));
        var app = new Authenticator(setUp.Document.GetElementById("secret")!.TextContent.Replace(" ", "", StringComparison.Ordinal), server.Clock);
        var codes = await browser.PressAsync(setUp, "save", null, ("code", app.Code));
        Assert.StartsWith("../second_factor?request=", codes.Document.GetElementById("continue")!.GetAttribute("href"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_silent_request_is_refused_and_changes_nothing()
    {
        var (browser, _) = await RememberedAsync();
        var answer = await browser.GetAsync(Wish(AuthenticationContexts.MultiFactor).With("prompt", "none").Url);
        Assert.Equal("login_required", answer.Parameters["error"]);
        Expect.Code(await browser.GetAsync(new AuthorizationParameters().With("prompt", "none").Url));
    }

    [Fact]
    public async Task A_group_and_a_client_demand_what_no_request_can_do_without()
    {
        await server.PutIntoGroupsAsync("bob-subject", "admins");
        Assert.Equal("Set up a second step", (await new Browser(server).ToFactorAsync(new AuthorizationParameters(), "bob")).Heading());
        Expect.Code(await new Browser(server).AuthorizeAsync(new AuthorizationParameters()));

        var clients = server.Get<IClientStore>();
        await clients.TrySaveAsync((await clients.FindAsync("web", default))! with { RequiredAcr = AuthenticationContexts.MultiFactor }, default);
        var browser = new Browser(server);
        var page = await browser.ToFactorAsync(Wish(AuthenticationContexts.Password));
        Assert.Equal("Set up a second step", page.Heading());
        Assert.Equal("access_denied", (await browser.SubmitAsync(page, ("action", "cancel"))).Parameters["error"]);
    }

    [Fact]
    public async Task A_refresh_raises_nothing()
    {
        var (browser, app) = await RememberedAsync();
        var request = new AuthorizationParameters(scope: "openid offline_access");
        var before = (await new ClientApp(server).RedeemAsync(Expect.Code(await browser.AuthorizeAsync(request)))).ShouldBeOk();
        Expect.Code(await browser.GiveAsync(await browser.ToFactorAsync(Wish(AuthenticationContexts.MultiFactor)), app.NextCode()));
        var after = (await new ClientApp(server).RefreshAsync(before.RefreshToken)).ShouldBeOk();
        Assert.Equal(AuthenticationContexts.Password, JsonAnswer.Claims(after.IdToken).GetProperty("acr").GetString());
        Assert.Equal(AuthenticationContexts.Password, JsonAnswer.Claims(after.AccessToken).GetProperty("acr").GetString());
    }

    /// <summary>A browser in which alice, who has an app for codes, is signed in with the password only.</summary>
    private async Task<(Browser Browser, Authenticator App)> RememberedAsync()
    {
        var browser = new Browser(server);
        var app = await Authenticator.SetUpAsync(server, browser);
        await LogOutAsync(browser);
        Expect.Code(await browser.GiveAsync(await browser.ToFactorAsync(new AuthorizationParameters()), app.NextCode(), remember: true));
        await LogOutAsync(browser);
        Expect.Code(await browser.AuthorizeAsync(new AuthorizationParameters()));
        return (browser, app);
    }

    private static async Task LogOutAsync(Browser browser) => await browser.SubmitAsync(await browser.GetAsync("logout"), ("action", "logout"));

    private static AuthorizationParameters Wish(string acrValues) => new AuthorizationParameters().With("acr_values", acrValues);

    private static AuthorizationParameters Essential(string acr) => new AuthorizationParameters().With("claims", """{"id_token":{"acr":{"essential":true,"values":["ACR"]}}}""".Replace("ACR", acr, StringComparison.Ordinal));

    private async Task<System.Text.Json.JsonElement> RedeemAsync(Answer answer) =>
        JsonAnswer.Claims((await new ClientApp(server).RedeemAsync(Expect.Code(answer))).ShouldBeOk().IdToken);
}
