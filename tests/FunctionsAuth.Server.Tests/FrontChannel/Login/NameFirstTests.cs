using FunctionsAuth.Server.Tests.Account;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.FrontChannel;

/// <summary>The name on one page and the password on the next: setting <c>Login:NameFirst</c>.</summary>
public sealed class NameFirstTests : IAsyncLifetime
{
    private RunningServer server = null!;

    public async Task InitializeAsync() => server = await RunningServer.StartAsync(new ServerSetup { Settings = { ["Login:NameFirst"] = "true" } });

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task The_name_comes_first_and_can_be_changed()
    {
        var browser = new Browser(server);
        var page = await OpenAsync(browser);
        Assert.Null(page.Document.GetElementById("password"));
        var second = await NameAsync(browser, page, "nobody");
        Assert.Equal("nobody", second.Document.GetElementById("who")!.TextContent);
        var again = await browser.FollowAsync(await browser.GetAsync($"{RunningServer.Issuer}/{second.Document.GetElementById("another")!.GetAttribute("href")}"));
        Assert.Null(again.Document.GetElementById("password"));
        Expect.Code(await browser.FollowAsync(await browser.SubmitAsync(await NameAsync(browser, again, "alice"), ("password", RunningServer.Password), ("action", "login"))));
    }

    [Theory]
    [InlineData("alice")]
    [InlineData("nobody")]
    [InlineData("<b>\"x")]
    public async Task Nobody_learns_which_names_there_are(string name)
    {
        var browser = new Browser(server);
        var second = await NameAsync(browser, await OpenAsync(browser), name);
        Assert.NotNull(second.Document.GetElementById("password"));
        Assert.Equal(name, second.Document.GetElementById("who")!.TextContent);
        var wrong = await browser.SubmitAsync(second, ("password", "wrong"), ("action", "login"));
        Assert.Contains("do not match", wrong.Problem(), StringComparison.Ordinal);
        Assert.Equal(name, wrong.Document.GetElementById("who")!.TextContent);
    }

    [Fact]
    public async Task A_hint_leads_to_the_password_at_once_and_no_name_to_the_name()
    {
        var browser = new Browser(server);
        var page = await browser.FollowAsync(await browser.GetAsync(new AuthorizationParameters().With("login_hint", "alice").Url));
        Assert.Equal("alice", page.Document.GetElementById("who")!.TextContent);
        Assert.Null((await NameAsync(browser, await OpenAsync(browser), " ")).Document.GetElementById("password"));
    }

    private static async Task<Answer> OpenAsync(Browser browser) => await browser.FollowAsync(await browser.GetAsync(new AuthorizationParameters().Url));

    private static Task<Answer> NameAsync(Browser browser, Answer page, string name) => browser.SubmitAsync(page, ("username", name), ("action", "next"));
}
