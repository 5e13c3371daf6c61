using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.FrontChannel;

/// <summary>The cookie with the names of the accounts in which somebody signed in with this browser.</summary>
public sealed class KnownAccountsTests(FrontServer shared) : IClassFixture<FrontServer>
{
    private const string Accounts = "__Host-accounts";

    [Fact]
    public async Task Four_accounts_at_most_are_known_and_the_newest_comes_first()
    {
        var browser = shared.NewBrowser();
        var names = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            names.Insert(0, await shared.NewUserAsync());
            await SignInAsync(browser, names[0]);
        }
        Assert.Equal(names.Take(4), await NamesAsync(browser));
        await SignInAsync(browser, names[2]);
        Assert.Equal([names[2], names[0], names[1], names[3]], await NamesAsync(browser));
    }

    [Fact]
    public async Task The_cookie_stays_small_however_long_the_names_are()
    {
        var browser = shared.NewBrowser();
        for (var i = 0; i < 4; i++)
            await SignInAsync(browser, await shared.Server.AddUserAsync(new string((char)('\u4E10' + i), 256), user => user with { Subject = $"long-{i}" }));
        Assert.InRange(browser.Cookie(Accounts)!.Length, 1_000, 2_000);
        Assert.Single(await NamesAsync(browser));
    }

    [Fact]
    public async Task A_browser_knows_an_account_for_as_long_as_a_session_of_it_can_last()
    {
        var (kept, not) = (await shared.NewUserAsync(), await shared.NewUserAsync());
        var browser = shared.NewBrowser();
        await SignInAsync(browser, kept, remember: true);
        await SignInAsync(browser, not);
        shared.Server.Clock.Advance(TimeSpan.FromHours(11));
        Assert.Equal([not, kept], await NamesAsync(browser));
        shared.Server.Clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal([kept], await NamesAsync(browser));
        shared.Server.Clock.Advance(TimeSpan.FromDays(30));
        Assert.Empty(await NamesAsync(browser));
    }

    [Fact]
    public async Task Who_signed_out_is_known_still_and_needs_the_password()
    {
        var username = await shared.NewUserAsync();
        var browser = await shared.SignedInAsync(username);
        await browser.SubmitAsync(await browser.GetAsync("logout"), ("action", "logout"));
        var page = await OpenAsync(browser);
        Assert.Contains("Needs the password", page.Document.QuerySelector("button.account")!.TextContent);
        var login = await browser.FollowAsync(await browser.SubmitAsync(page, ("choose", username)));
        Assert.Equal(username, login.ValueOf("username"));
    }

    [Fact]
    public async Task A_forged_cookie_does_not_tell_whether_there_is_such_an_account()
    {
        var (known, unknown) = (await WithForgedAsync("alice"), await WithForgedAsync("nobody-has-this-name"));
        Assert.Equal(known.Text().Replace("alice", "NAME", StringComparison.Ordinal), unknown.Text().Replace("nobody-has-this-name", "NAME", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_name_that_is_forged_signs_nobody_in()
    {
        var browser = shared.NewBrowser();
        browser.SetCookie(Accounts, Forged("alice"));
        var login = await browser.FollowAsync(await browser.SubmitAsync(await OpenAsync(browser), ("choose", "alice")));
        Expect.Form(login, "login");
        Assert.Null(browser.Cookie(BrowserCookieJar.Session));
    }

    [Theory]
    [InlineData("")]
    [InlineData("alice")]
    [InlineData("....")]
    [InlineData("AAAA")]
    [InlineData("f____2FsaWNl")] // in 245,000 years
    public async Task What_is_no_cookie_of_this_server_names_nobody(string cookie)
    {
        var browser = shared.NewBrowser();
        browser.SetCookie(Accounts, cookie);
        Assert.Empty(await NamesAsync(browser));
        Expect.Code(await browser.AuthorizeAsync(new AuthorizationParameters()));
        Assert.Contains("alice", await NamesAsync(browser));
    }

    [Theory]
    [InlineData("\u202Ealice")]
    [InlineData(" alice")]
    public async Task A_name_that_nobody_can_have_is_not_shown(string name)
    {
        var browser = shared.NewBrowser();
        browser.SetCookie(Accounts, Forged(name));
        Assert.Empty(await NamesAsync(browser));
    }

    private async Task<Answer> WithForgedAsync(string username)
    {
        var browser = shared.NewBrowser();
        browser.SetCookie(Accounts, Forged(username));
        var page = await OpenAsync(browser);
        Expect.Form(page, "select_account");
        return page;
    }

    /// <summary>The first four bytes are the hour of its end.</summary>
    private string Forged(string username)
    {
        var end = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(end, (int)(shared.Server.Clock.GetUtcNow().ToUnixTimeSeconds() / 3600) + 24);
        return Base64Url.EncodeToString([.. end, .. Encoding.UTF8.GetBytes(username)]);
    }

    private static async Task<List<string>> NamesAsync(Browser browser) =>
        [.. (await OpenAsync(browser)).Document.QuerySelectorAll("button.account strong").Select(name => name.TextContent)];

    private static async Task<Answer> OpenAsync(Browser browser) =>
        await browser.FollowAsync(await browser.GetAsync(new AuthorizationParameters().With("prompt", "select_account").Url));

    private static async Task SignInAsync(Browser browser, string username, bool remember = false)
    {
        var page = await browser.FollowAsync(await browser.GetAsync(new AuthorizationParameters().With("prompt", "login").Url));
        Expect.Code(await browser.LoginAsync(page, username, remember: remember));
    }
}
