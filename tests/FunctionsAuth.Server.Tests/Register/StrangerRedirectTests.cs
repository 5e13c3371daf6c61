using System.Net;
using FunctionsAuth.Server.Tests.FrontChannel;
using FunctionsAuth.Server.Tests.Harness;
using FunctionsAuth.Server.Tests.Logout;

namespace FunctionsAuth.Server.Tests.Register;

/// <summary>
/// Anybody may register a client that leads anywhere. A link to this server must not lead there before the person has signed in or pressed
/// a button: RFC 9700 §4.11.2.
/// </summary>
public sealed class StrangerRedirectTests(OpenServer shared) : IClassFixture<OpenServer>
{
    private const string Goodbye = "https://app.example/goodbye";

    private Registrar Registrar => new(shared.Server);

    [Theory]
    [InlineData("response_type", "token", null)]
    [InlineData("scope", "no-such-scope", null)]
    [InlineData("code_challenge", null, null)]
    [InlineData("max_age", "old", "fragment")]
    public async Task An_error_is_a_page_with_a_button_that_leads_to_the_client(string name, string? value, string? mode)
    {
        var client = await RegisterAsync();
        var page = await new Browser(shared.Server).GetAsync(Registrar.RequestOf(client["client_id"]!).With(name, value).With("response_mode", mode).Url);
        Assert.Null(page.Location);
        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Contains("app.example", page.Document.QuerySelector("#continue")!.TextContent, StringComparison.Ordinal);
        var address = page.Document.QuerySelector("#continue")!.GetAttribute("href")!;
        Assert.StartsWith($"{Registrar.Callback}{(mode == "fragment" || value == "token" ? '#' : '?')}error=", address, StringComparison.Ordinal);
        Assert.Contains("state=state-of-the-test", address, StringComparison.Ordinal);
        Assert.Empty(page.Document.QuerySelectorAll("script"));
    }

    [Fact]
    public async Task With_form_post_the_button_posts_it()
    {
        var client = await RegisterAsync();
        var page = await new Browser(shared.Server).GetAsync(Registrar.RequestOf(client["client_id"]!).With("scope", "no-such-scope").With("response_mode", "form_post").Url);
        Assert.Equal(Registrar.Callback, page.Document.QuerySelector("form")!.GetAttribute("action"));
        Assert.Equal("state-of-the-test", page.Parameters["state"]);
        Assert.Empty(page.Document.QuerySelectorAll("script"));
    }

    [Fact]
    public async Task A_silent_request_is_answered_at_once()
    {
        var client = await RegisterAsync();
        var answer = await new Browser(shared.Server).GetAsync(Registrar.RequestOf(client["client_id"]!).With("prompt", "none").Url);
        Assert.Equal("login_required", answer.Parameters["error"]);
    }

    [Fact]
    public async Task Whoever_presses_cancel_goes_back()
    {
        var client = await RegisterAsync();
        var browser = new Browser(shared.Server);
        var page = await browser.FollowAsync(await browser.GetAsync(Registrar.RequestOf(client["client_id"]!).Url));
        Assert.Equal("access_denied", (await browser.SubmitAsync(page, ("action", "cancel"))).Parameters["error"]);
    }

    [Fact]
    public async Task A_client_that_had_an_initial_access_token_is_known()
    {
        var client = await Registrar.RegisterAsync(token: await Registrar.NewTokenAsync());
        var answer = await new Browser(shared.Server).GetAsync(Registrar.RequestOf(client["client_id"]!).With("response_type", "token").Url);
        Assert.True(answer.Location is not null, answer.Body);
        Assert.Equal("unsupported_response_type", answer.Parameters["error"]);
    }

    [Fact]
    public async Task A_logout_that_nobody_pressed_stays_until_the_person_goes_on()
    {
        var client = await RegisterAsync();
        var browser = new Browser(shared.Server);
        var tokens = (await Registrar.LoginAsync(client["client_id"]!, client["client_secret"], browser: browser)).ShouldBeOk();
        var query = $"&post_logout_redirect_uri={Goodbye}&state=s";
        foreach (var page in (Answer[])[await browser.LogoutAsync(tokens, query), await new Browser(shared.Server).LogoutAsync(tokens, query)])
        {
            page.ShouldBeSignedOut();
            Assert.Equal($"{Goodbye}?state=s", page.Document.QuerySelector("#continue")!.GetAttribute("href"));
            Assert.Empty(page.Document.QuerySelectorAll("script"));
        }
        Assert.False(await browser.IsSignedInAsync());
    }

    [Fact]
    public async Task A_logout_that_the_person_pressed_goes_back()
    {
        var client = await RegisterAsync();
        var browser = new Browser(shared.Server);
        (await Registrar.LoginAsync(client["client_id"]!, client["client_secret"], browser: browser)).ShouldBeOk();
        var page = await browser.GetAsync($"logout?client_id={client["client_id"]}&post_logout_redirect_uri={Goodbye}");
        Expect.Form(page, "logout");
        Assert.Equal(Goodbye, (await browser.SubmitAsync(page, ("action", "logout"))).Location);
    }

    private Task<JsonAnswer> RegisterAsync() => Registrar.RegisterOkAsync(("post_logout_redirect_uris", new System.Text.Json.Nodes.JsonArray(Goodbye)));
}
