using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Logout;

/// <summary>OpenID Connect Session Management: what a client learns of the browser's session, and what of it a script may read.</summary>
public sealed class SessionManagementTests : IAsyncLifetime
{
    private const string Cookie = "__Host-browser-state";

    private LogoutScene scene = null!;
    private Browser browser = null!;

    public async Task InitializeAsync()
    {
        scene = await LogoutScene.StartAsync(new ServerSetup { Settings = new() { ["SessionManagement"] = "true" } });
        browser = new Browser(scene.Server);
    }

    public async Task DisposeAsync() => await scene.DisposeAsync();

    [Theory]
    [InlineData("query")]
    [InlineData("fragment")]
    [InlineData("form_post")]
    public async Task A_response_has_the_hash_that_the_frame_computes(string mode)
    {
        var answer = await browser.AuthorizeAsync(new AuthorizationParameters().With("response_mode", mode));
        Assert.True(IsUnchanged(answer.Parameters["session_state"], "web", "https://web.example"));
        Assert.False(IsUnchanged(answer.Parameters["session_state"], "spa", "https://web.example"));
        Assert.False(IsUnchanged(answer.Parameters["session_state"], "web", "https://evil.example"));
    }

    [Fact]
    public async Task It_is_unchanged_while_the_session_lives_and_has_a_new_salt_each_time()
    {
        var first = await StateAsync();
        var second = await StateAsync();
        Assert.NotEqual(first, second);
        Assert.True(IsUnchanged(first));
        Assert.True(IsUnchanged(second));
        Assert.Matches(@"^[0-9a-f]{64}\.[A-Za-z0-9_-]{22}$", first);
    }

    [Fact]
    public async Task After_a_logout_it_is_changed()
    {
        var login = (await new ClientApp(scene.Server).LoginAsync("openid", browser)).ShouldBeOk();
        var state = await StateAsync();
        (await browser.LogoutAsync(login)).ShouldBeSignedOut();
        Assert.Null(browser.Cookie(Cookie));
        Assert.False(IsUnchanged(state));
    }

    [Theory]
    [InlineData("alice")]
    [InlineData("bob")]
    public async Task A_new_session_changes_it(string username)
    {
        var state = await StateAsync();
        await browser.SignInAgainAsync(username);
        Assert.False(IsUnchanged(state));
        Assert.True(IsUnchanged(await StateAsync()));
    }

    [Fact]
    public async Task Already_the_login_changes_it_and_not_only_the_answer_to_the_client()
    {
        var state = await StateAsync();
        var third = new AuthorizationParameters("third-party", "https://third.example/callback").With("prompt", "login");
        var page = await browser.FollowAsync(await browser.GetAsync(third.Url));
        Assert.True(IsUnchanged(state));
        await browser.LoginAsync(page, "bob");
        Assert.False(IsUnchanged(state));
    }

    [Fact]
    public async Task A_cookie_that_got_lost_comes_back_with_the_next_response()
    {
        var state = await StateAsync();
        browser.SetCookie(Cookie, "forged");
        Assert.False(IsUnchanged(state));
        await StateAsync();
        Assert.True(IsUnchanged(state));
    }

    [Fact]
    public async Task The_cookie_is_for_scripts_in_frames_and_opens_nothing()
    {
        var login = await browser.FollowAsync(await browser.GetAsync(new AuthorizationParameters().Url));
        var set = (await browser.LoginAsync(login)).Response.Headers.GetValues("Set-Cookie").ToList();
        var cookie = Assert.Single(set, value => value.StartsWith(Cookie + "=", StringComparison.Ordinal));
        Assert.Contains("samesite=none", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("secure", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("path=/", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        // The session's own is as closed as ever, and nothing of it is in the other one.
        var session = Assert.Single(set, value => value.StartsWith(BrowserCookieJar.Session, StringComparison.Ordinal));
        Assert.Contains("httponly", session, StringComparison.OrdinalIgnoreCase);
        foreach (var part in browser.Cookie(BrowserCookieJar.Session)!.Split('.'))
            Assert.DoesNotContain(part, cookie);
    }

    [Fact]
    public async Task An_error_has_none()
    {
        var answer = await browser.GetAsync(new AuthorizationParameters().With("prompt", "none").Url);
        Assert.DoesNotContain("session_state", answer.Parameters.Keys);
        Assert.Null(browser.Cookie(Cookie));
    }

    [Fact]
    public async Task An_app_without_a_web_origin_has_none()
    {
        var answer = await browser.AuthorizeAsync(new AuthorizationParameters("native", "com.example.app:/callback", "openid profile"));
        Assert.Contains("code", answer.Parameters.Keys);
        Assert.DoesNotContain("session_state", answer.Parameters.Keys);
    }

    [Fact]
    public async Task The_page_may_be_framed_by_anyone_and_runs_one_script_of_the_server()
    {
        var answer = await browser.GetAsync((await MetadataAsync(scene.Server)).GetProperty("check_session_iframe").GetString()!);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.False(answer.Response.Headers.Contains("X-Frame-Options"));
        var policy = Assert.Single(answer.Response.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("frame-ancestors *", policy);
        Assert.Contains("script-src 'self'", policy);
        Assert.DoesNotContain("unsafe", policy);
        var script = Assert.Single(answer.Document.Scripts);
        Assert.Equal("", script.TextContent);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(script.Source!)).Status);
        Assert.Equal(Cookie, answer.Document.Body!.GetAttribute("data-cookie"));
    }

    [Fact]
    public async Task Off_there_is_nothing_of_it()
    {
        await using var off = await RunningServer.StartAsync();
        var alice = new Browser(off);
        Assert.DoesNotContain("session_state", (await alice.AuthorizeAsync(new AuthorizationParameters())).Parameters.Keys);
        Assert.Null(alice.Cookie(Cookie));
        Assert.Equal(HttpStatusCode.NotFound, (await alice.GetAsync("check_session")).Status);
        Assert.False((await MetadataAsync(off)).TryGetProperty("check_session_iframe", out _));
    }

    [Fact]
    public async Task On_localhost_without_https_the_cookie_is_one_that_browsers_take()
    {
        await using var local = await RunningServer.StartAsync(new ServerSetup { Settings = new() { ["Issuer"] = "http://localhost:7071", ["SessionManagement"] = "true" } });
        var page = await (await local.Http.GetAsync("check_session")).Content.ReadAsStringAsync();
        Assert.Contains("data-cookie=\"functionsauth-7071-browser-state\"", page);
    }

    private async Task<string> StateAsync() => (await browser.AuthorizeAsync(new AuthorizationParameters())).Parameters["session_state"];

    /// <summary>§3.2 as its example has it, with what the script finds in the cookie.</summary>
    private bool IsUnchanged(string sessionState, string clientId = "web", string origin = "https://web.example")
    {
        var salt = sessionState.Split('.')[1];
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{clientId} {origin} {browser.Cookie(Cookie) ?? ""} {salt}"));
        return sessionState == $"{Convert.ToHexStringLower(hash)}.{salt}";
    }

    private static async Task<JsonElement> MetadataAsync(RunningServer server) =>
        JsonDocument.Parse(await server.Http.GetStringAsync(".well-known/openid-configuration")).RootElement;
}
