using FunctionsAuth.LocalHost.Hosting;
using FunctionsAuth.Protocol.Users;
using FunctionsAuth.Server.Tests.FrontChannel;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Upgrades;

/// <summary>Users, sessions, consents and requests that wait for a person.</summary>
internal sealed class LifeOfPeople(RunningServer server, Kept kept)
{
    public const string FayPassword = "a-long-enough-phrase";

    /// <summary>A client that hears of logout, so that the session remembers it.</summary>
    private const string Hears = """
        {
          "clients": [{
            "client_id": "hears",
            "client_secret": "hears-secret-0123456789-0123456789-abc",
            "redirect_uris": ["https://hears.example/callback"],
            "scope": "openid",
            "first_party": true,
            "backchannel_logout_uri": "https://hears.example/logout"
          }]
        }
        """;

    public Browser Alice { get; } = new(server);

    /// <summary>He is remembered.</summary>
    public Browser Bob { get; } = new(server);

    /// <summary>She is disabled at the end.</summary>
    public Browser Dora { get; } = new(server);

    /// <summary>She is signed out everywhere at the end.</summary>
    public Browser Eve { get; } = new(server);

    public async Task BeginAsync()
    {
        await LocalServer.ImportAsync(server.Services, Hears);
        foreach (var name in (string[])["dora", "emil", "eve"])
            await server.AddUserAsync(name);
        Expect.Code(await Alice.AuthorizeAsync(new AuthorizationParameters("hears")), "https://hears.example/callback");
        Expect.Code(await Bob.LoginAsync(await OpenAsync(Bob), "bob", remember: true));
        Expect.Code(await Dora.AuthorizeAsync(new AuthorizationParameters(), "dora"));
        Expect.Code(await Eve.AuthorizeAsync(new AuthorizationParameters(), "eve"));
        await EndSessionAsync();
        await SignInAgainAsync();
        await SignUpAsync();
        await ConsentAsync(Alice);
        await ConsentAsync(Bob);
    }

    public async Task EndAsync()
    {
        await server.SetDisabledAsync("dora-subject", true);
        await server.RevokeConsentAsync("bob-subject", "third-party");
        var users = server.Get<IUserStore>();
        var eve = (await users.FindAsync("eve-subject", default))!;
        Assert.True((await users.TrySaveAsync(eve with { SessionsValidFrom = server.Clock.GetUtcNow() }, default)).Won);
        await GuessAsync("emil");
        await GuessAsync("nobody");
        await LeavePagesOpenAsync();
        Keep("alice", Alice);
        Keep("bob", Bob);
        Keep("dora", Dora);
        Keep("eve", Eve);
    }

    private async Task EndSessionAsync()
    {
        var browser = new Browser(server);
        var tokens = await new ClientApp(server).LoginAsync("openid", browser);
        Keep("ended", browser);
        kept["ended.refresh"] = tokens.RefreshToken;
        Assert.Contains("You are signed out", (await browser.GetAsync($"logout?id_token_hint={tokens.IdToken}")).Body);
    }

    /// <summary>The second session knows the first.</summary>
    private async Task SignInAgainAsync()
    {
        var browser = new Browser(server);
        kept["again.refresh"] = (await new ClientApp(server).LoginAsync("openid", browser)).RefreshToken;
        var page = await browser.FollowAsync(await browser.GetAsync(new AuthorizationParameters("post").With("prompt", "login").Url));
        Expect.Code(await browser.LoginAsync(page), "https://post.example/callback");
        Keep("again", browser);
    }

    private async Task SignUpAsync()
    {
        var browser = new Browser(server);
        var page = await browser.FollowAsync(await browser.GetAsync(new AuthorizationParameters().With("prompt", "create").Url));
        Expect.Code(await browser.SubmitAsync(page, ("username", "fay"), ("password", FayPassword), ("name", "Fay Example"), ("action", "create")));
    }

    private async Task ConsentAsync(Browser browser)
    {
        var request = new AuthorizationParameters("third-party", "https://third.example/callback", "openid profile api.read")
            .With("resource", "https://api.example")
            .With("claims", """{"userinfo":{"email":null}}""");
        Expect.Code(await browser.AuthorizeAsync(request), "https://third.example/callback");
    }

    /// <summary>As often as locks the account.</summary>
    private async Task GuessAsync(string username)
    {
        var browser = new Browser(server);
        var page = await OpenAsync(browser);
        for (var guess = 0; guess < 3; guess++)
            Assert.NotNull(await browser.LoginAsync(page, username, "wrong"));
    }

    /// <summary>A login page, and a consent page after a login.</summary>
    private async Task LeavePagesOpenAsync()
    {
        var browser = new Browser(server);
        var page = await OpenAsync(browser);
        Keep("login page", browser, page);

        var asked = new Browser(server);
        page = await asked.FollowAsync(await asked.GetAsync(new AuthorizationParameters("native", "com.example.app:/callback").Url));
        page = await asked.FollowAsync(await asked.LoginAsync(page));
        Assert.True(page.HasForm("consent"), page.Body);
        Keep("consent page", asked, page);
    }

    private void Keep(string name, Browser browser, Answer page)
    {
        Keep(name, browser);
        foreach (var (field, value) in page.HiddenFields())
            kept[$"{name}.field.{field}"] = value;
    }

    private void Keep(string name, Browser browser) => kept[$"{name}.cookies"] = browser.CookieHeader();

    private static async Task<Answer> OpenAsync(Browser browser) => await browser.FollowAsync(await browser.GetAsync(new AuthorizationParameters().Url));
}
