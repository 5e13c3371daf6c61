using System.Net;
using FunctionsAuth.Protocol.Credentials;
using FunctionsAuth.Protocol.Users;
using FunctionsAuth.Server.Tests.Account;
using FunctionsAuth.Server.Tests.FrontChannel;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Factors;

/// <summary>Codes of an app and recovery codes: requirements OTP1 to OTP4 and REC1.</summary>
public sealed class SecondFactorTests : IAsyncLifetime
{
    private RunningServer server = null!;
    private Browser alice = null!;
    private Authenticator app = null!;

    public async Task InitializeAsync()
    {
        server = await RunningServer.StartAsync();
        alice = new Browser(server);
        app = await Authenticator.SetUpAsync(server, alice);
    }

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task A_password_alone_is_no_session_and_a_code_makes_it_one()
    {
        var browser = new Browser(server);
        var page = await browser.ToFactorAsync(new AuthorizationParameters());
        Assert.True(page.AsksForFactor());
        Assert.Null(browser.Cookie(BrowserCookieJar.Session));
        // Whatever else is asked for, nobody is signed in.
        Assert.True((await browser.FollowAsync(await browser.GetAsync("account/profile"))).HasForm("login"));

        var code = Expect.Code(await browser.GiveAsync(page, app.NextCode()));
        var tokens = (await new ClientApp(server).RedeemAsync(code)).ShouldBeOk();
        var claims = JsonAnswer.Claims(tokens.IdToken);
        Assert.Equal(AuthenticationContexts.MultiFactor, claims.GetProperty("acr").GetString());
        Assert.Equal(["pwd", "otp", "mfa"], claims.GetProperty("amr").EnumerateArray().Select(value => value.GetString()));
        var access = JsonAnswer.Claims(tokens.AccessToken);
        Assert.Equal(AuthenticationContexts.MultiFactor, access.GetProperty("acr").GetString());
    }

    [Fact]
    public async Task A_code_is_good_once_and_none_before_it_is_good_after_it()
    {
        var former = app.NextCode();
        var code = app.NextCode();
        Expect.Code(await SignInAsync(code));
        Assert.True((await SignInAsync(code)).AsksForFactor());
        Assert.True((await SignInAsync(former)).AsksForFactor());
        Expect.Code(await SignInAsync(app.NextCode()));
    }

    [Fact]
    public async Task A_clock_that_is_one_step_off_does_no_harm_and_two_steps_are_too_much()
    {
        server.Clock.Advance(TimeSpan.FromMinutes(5));
        var code = app.Code;
        server.Clock.Advance(TimeSpan.FromSeconds(60));
        Assert.True((await SignInAsync(code)).AsksForFactor());
        code = app.NextCode();
        server.Clock.Advance(TimeSpan.FromSeconds(30));
        Expect.Code(await SignInAsync(code));
    }

    [Fact]
    public async Task A_recovery_code_signs_in_once_however_it_is_typed()
    {
        var recovery = app.Recovery[0];
        Assert.Equal(RecoveryCodes.Count, app.Recovery.Distinct().Count());
        Expect.Code(await SignInAsync(recovery.Replace("-", " ", StringComparison.Ordinal).ToUpperInvariant()));
        Assert.True((await SignInAsync(recovery)).AsksForFactor());
        var factors = await FactorsAsync();
        Assert.Equal(RecoveryCodes.Count - 1, factors.RecoveryCodes.Count);
        Assert.Contains(await ActivityAsync(), row => row.Contains("A recovery code was used. What was left: 9.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Five_wrong_codes_lock_the_factor_for_a_while_and_a_right_one_is_not_looked_at()
    {
        var browser = new Browser(server);
        var page = await browser.ToFactorAsync(new AuthorizationParameters());
        for (var i = 0; i < FactorGuesses.AtOnce; i++)
        {
            page = await browser.GiveAsync(page, app.WrongCode());
            Assert.Equal(HttpStatusCode.UnprocessableEntity, page.Status);
        }
        Assert.True((await browser.GiveAsync(page, app.NextCode())).AsksForFactor());
        Assert.True((await browser.GiveAsync(page, app.Recovery[1])).AsksForFactor());
        Assert.Equal(RecoveryCodes.Count, (await FactorsAsync()).RecoveryCodes.Count);
        // The wait is longer than the half login lives.
        server.Clock.Advance(TimeSpan.FromMinutes(31));
        Expect.Code(await SignInAsync(app.Code));
    }

    [Fact]
    public async Task A_half_login_ends_after_ten_minutes_and_with_another_password()
    {
        var browser = new Browser(server);
        var page = await browser.ToFactorAsync(new AuthorizationParameters());
        server.Clock.Advance(TimeSpan.FromMinutes(11));
        Assert.True((await browser.GiveAsync(page, app.Code)).HasForm("login"));

        page = await browser.ToFactorAsync(new AuthorizationParameters());
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        await server.Get<Accounts>().SignOutEverywhereAsync("alice", default);
        Assert.True((await browser.GiveAsync(page, app.NextCode())).HasForm("login"));
    }

    [Fact]
    public async Task Another_browser_and_another_site_can_not_finish_a_half_login()
    {
        var browser = new Browser(server);
        var page = await browser.ToFactorAsync(new AuthorizationParameters());
        var stranger = new Browser(server);
        Assert.Equal(HttpStatusCode.BadRequest, (await stranger.GiveAsync(page, app.NextCode())).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.SubmitAsync(page, ("code", app.NextCode()), ("form_token", "other"), ("action", "login"))).Status);
        Assert.Equal("access_denied", (await browser.SubmitAsync(page, ("action", "cancel"))).Parameters["error"]);
    }

    [Fact]
    public async Task A_remembered_browser_is_not_asked_until_the_person_takes_that_back()
    {
        var browser = new Browser(server);
        Expect.Code(await browser.GiveAsync(await browser.ToFactorAsync(new AuthorizationParameters()), app.NextCode(), remember: true));
        await LogOutAsync(browser);
        var code = Expect.Code(await browser.AuthorizeAsync(new AuthorizationParameters()));
        // The truth is that only a password was given.
        Assert.Equal(AuthenticationContexts.Password, AcrOf((await new ClientApp(server).RedeemAsync(code)).ShouldBeOk()));
        // What a client asks for is given all the same.
        Assert.True((await browser.ToFactorAsync(new AuthorizationParameters().With("acr_values", AuthenticationContexts.MultiFactor))).AsksForFactor());

        await LogOutAsync(browser);
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.NotNull((await alice.PressAsync(await alice.AccountAsync("security"), "forget")).Done());
        Assert.True((await browser.ToFactorAsync(new AuthorizationParameters())).AsksForFactor());
    }

    [Fact]
    public async Task A_disabled_account_says_so_after_the_code_and_signs_nobody_in()
    {
        await server.Get<Accounts>().DisableAsync("alice", default);
        var browser = new Browser(server);
        var page = await browser.ToFactorAsync(new AuthorizationParameters());
        Assert.True(page.AsksForFactor());
        Assert.DoesNotContain("disabled", (await browser.GiveAsync(page, app.WrongCode())).Text(), StringComparison.Ordinal);
        var answer = await browser.GiveAsync(page, app.NextCode());
        Assert.Contains("This account is disabled.", answer.Text(), StringComparison.Ordinal);
        Assert.Null(browser.Cookie(BrowserCookieJar.Session));
    }

    [Fact]
    public async Task New_recovery_codes_take_the_place_of_the_old_ones()
    {
        var before = await FreshAsync("recovery-codes");
        var page = await alice.PressAsync(before, "renew");
        var codes = page.Document.QuerySelectorAll(".codes code").Select(code => code.TextContent).ToList();
        Assert.Equal(RecoveryCodes.Count, codes.Count);
        Assert.True((await SignInAsync(app.Recovery[0])).AsksForFactor());
        Expect.Code(await SignInAsync(codes[0]));
    }

    [Fact]
    public async Task The_app_is_taken_away_only_by_whoever_has_it()
    {
        var thief = new Browser(server);
        // A browser in which only the password was given.
        Expect.Code(await thief.GiveAsync(await thief.ToFactorAsync(new AuthorizationParameters()), app.NextCode(), remember: true));
        await LogOutAsync(thief);
        Expect.Code(await thief.AuthorizeAsync(new AuthorizationParameters()));
        foreach (var route in (string[])["totp", "recovery-codes", "password"])
            Assert.True((await thief.FollowAsync(await thief.GetAsync($"account/{route}"))).AsksForFactor(), route);

        var page = await FreshAsync("totp");
        Assert.Equal("Remove the app for codes", page.Heading());
        Assert.Equal("How you sign in", (await alice.PressAsync(page, "remove")).Heading());
        Expect.Code(await new Browser(server).AuthorizeAsync(new AuthorizationParameters()));
        Assert.False((await FactorsAsync()).HasAny);
    }

    [Fact]
    public async Task The_secret_stands_sealed_in_the_row_and_in_no_log()
    {
        var factors = await FactorsAsync();
        var opened = await server.Get<TotpCodes>().TextOfAsync("alice-subject", factors.Totp!, default);
        Assert.Equal(32, opened!.Length);
        Assert.Null(await server.Get<TotpCodes>().TextOfAsync("bob-subject", factors.Totp!, default));
        Assert.DoesNotContain(server.Log.Lines, line => line.Contains(opened, StringComparison.Ordinal) || app.Recovery.Any(code => line.Contains(code, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_secret_that_was_shown_can_not_be_confirmed_half_an_hour_later()
    {
        var bob = new Browser(server);
        var page = await bob.AccountAsync("totp", "bob");
        var again = await bob.AccountAsync("totp", "bob");
        var secret = page.Document.GetElementById("secret")!.TextContent;
        Assert.Equal(secret, again.Document.GetElementById("secret")!.TextContent);
        var other = new Authenticator(secret.Replace(" ", "", StringComparison.Ordinal), server.Clock);
        Assert.NotNull((await bob.PressAsync(page, "save", null, ("code", other.WrongCode()))).Problem());
        server.Clock.Advance(TimeSpan.FromMinutes(31));
        var late = await bob.FollowAsync(await bob.GetAsync("account/totp"));
        Assert.True(late.HasForm("login"));
        var fresh = await bob.FollowAsync(await bob.LoginAsync(late, "bob"));
        Assert.NotEqual(secret, fresh.Document.GetElementById("secret")!.TextContent);
        Assert.NotNull((await bob.PressAsync(fresh, "save", null, ("code", other.Code))).Problem());
    }

    [Fact]
    public async Task A_secret_that_was_shown_in_one_session_is_confirmed_in_no_other()
    {
        var thief = new Browser(server);
        var seen = (await thief.AccountAsync("totp", "bob")).Document.GetElementById("secret")!.TextContent;
        var bob = new Browser(server);
        var page = await bob.AccountAsync("totp", "bob");
        Assert.NotEqual(seen, page.Document.GetElementById("secret")!.TextContent);
        var stolen = new Authenticator(seen.Replace(" ", "", StringComparison.Ordinal), server.Clock);
        Assert.NotNull((await bob.PressAsync(page, "save", null, ("code", stolen.Code))).Problem());
        Assert.NotNull((await thief.PressAsync(await thief.GetAsync("account/totp"), "save", null, ("code", stolen.Code))).Problem());
    }

    [Fact]
    public async Task A_name_of_256_characters_has_a_picture_too()
    {
        var name = new string('語', 256);
        await server.AddUserAsync("long", user => user with { Username = name });
        Assert.Equal("Set up an app for codes", (await new Browser(server).AccountAsync("totp", name)).Heading());
    }

    [Fact]
    public async Task Wrong_passwords_do_not_hide_a_wrong_code()
    {
        // One more than an instance writes down of one account at once.
        var browser = new Browser(server);
        var login = await browser.FollowAsync(await browser.GetAsync(new AuthorizationParameters().Url));
        for (var i = 0; i < 21; i++)
            await browser.LoginAsync(login, "alice", "wrong");
        server.Clock.Advance(TimeSpan.FromMinutes(6));
        await SignInAsync(app.WrongCode());
        Assert.Contains(await ActivityAsync(), row => row.Contains("with a wrong code", StringComparison.Ordinal));
    }

    private async Task<Answer> SignInAsync(string code)
    {
        var browser = new Browser(server);
        return await browser.GiveAsync(await browser.ToFactorAsync(new AuthorizationParameters()), code);
    }

    /// <summary>The account page after a login with password and code.</summary>
    private async Task<Answer> FreshAsync(string route)
    {
        alice = new Browser(server);
        var page = await alice.AccountAsync(route);
        return page.AsksForFactor() ? await alice.GiveAsync(page, app.NextCode()) : page;
    }

    private async Task<IReadOnlyList<string>> ActivityAsync() => (await FreshAsync("activity")).Rows();

    private async Task<SecondFactors> FactorsAsync() => (await server.Get<ICredentialStore>().FindAsync("alice-subject", default)).Factors;

    private static async Task LogOutAsync(Browser browser) => await browser.SubmitAsync(await browser.GetAsync("logout"), ("action", "logout"));

    private static string? AcrOf(JsonAnswer tokens) => JsonAnswer.Claims(tokens.IdToken).GetProperty("acr").GetString();
}
