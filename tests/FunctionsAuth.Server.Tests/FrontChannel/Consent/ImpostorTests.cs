using FunctionsAuth.LocalHost.Hosting;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.FrontChannel;

/// <summary>
/// RFC 8252 §8.6: any program on the device can send the authorization request of a native app and listen where it does. So
/// not even the operator's own app gets a code out of a session without the person.
/// </summary>
public sealed class ImpostorTests(FrontServer shared) : IClassFixture<FrontServer>, IAsyncLifetime
{
    private const string Loopback = "http://127.0.0.1:31337/callback";
    private const string PrivateScheme = "com.example.cli:/callback";
    private const string Https = "https://cli.example/callback";

    public async Task InitializeAsync() => await LocalServer.ImportAsync(shared.Server.Services, """
        {
          "clients": [{
            "client_id": "cli",
            "token_endpoint_auth_method": "none",
            "redirect_uris": ["http://127.0.0.1/callback", "com.example.cli:/callback", "https://cli.example/callback"],
            "grant_types": ["authorization_code"],
            "scope": "openid profile",
            "first_party": true
          }]
        }
        """);

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [InlineData(Loopback)]
    [InlineData(PrivateScheme)]
    public async Task Whoever_signs_in_for_the_request_is_not_asked_once_more(string redirectUri)
    {
        var browser = shared.NewBrowser();
        var page = await browser.FollowAsync(await browser.GetAsync(Request(redirectUri).Url));
        Expect.Code(await browser.FollowAsync(await browser.LoginAsync(page)), redirectUri);
    }

    [Theory]
    [InlineData(Loopback)]
    [InlineData(PrivateScheme)]
    public async Task With_a_session_the_person_is_asked_every_time(string redirectUri)
    {
        var browser = await shared.SignedInAsync("alice");
        for (var i = 0; i < 2; i++)
        {
            var page = await browser.FollowAsync(await browser.GetAsync(Request(redirectUri).Url));
            Expect.Form(page, "consent");
            Expect.Code(await browser.SubmitAsync(page, ("action", "allow")), redirectUri);
        }
    }

    [Theory]
    [InlineData(Loopback)]
    [InlineData(PrivateScheme)]
    public async Task Silently_there_is_no_code(string redirectUri)
    {
        var browser = shared.NewBrowser();
        var page = await browser.FollowAsync(await browser.GetAsync(Request(redirectUri).Url));
        Expect.Code(await browser.FollowAsync(await browser.LoginAsync(page)), redirectUri);
        Expect.Error(await browser.GetAsync(Request(redirectUri).With("prompt", "none").Url), "consent_required", redirectUri);
    }

    [Fact]
    public async Task Signing_in_for_one_request_says_nothing_about_another_that_waits_in_the_same_browser()
    {
        var browser = shared.NewBrowser();
        var impostor = await browser.GetAsync(Request(Loopback).Url);
        Expect.Asked(impostor, "login");
        Expect.Code(await browser.AuthorizeAsync(new AuthorizationParameters()));
        Expect.Form(await browser.FollowAsync(impostor), "consent");
    }

    [Fact]
    public async Task An_https_address_belongs_to_the_app()
    {
        var browser = await shared.SignedInAsync("alice");
        Expect.Code(await browser.GetAsync(Request(Https).With("prompt", "none").Url), Https);
    }

    private static AuthorizationParameters Request(string redirectUri) => new("cli", redirectUri);
}
