using System.Net;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.FrontChannel;

/// <summary>A browser may load a link ahead of the person. That must use nothing up and end nothing.</summary>
public sealed class PrefetchTests(FrontServer shared) : IClassFixture<FrontServer>
{
    [Theory]
    [InlineData("Sec-Purpose", "prefetch")]
    [InlineData("Sec-Purpose", "prefetch;prerender")]
    [InlineData("Purpose", "prefetch")]
    [InlineData("X-Moz", "prefetch")]
    public async Task A_pushed_request_is_still_good_after_its_link_was_loaded_ahead(string header, string value)
    {
        var alice = await shared.AliceAsync();
        var pushed = await new ClientApp(shared.Server).PostAsync("par", new AuthorizationParameters().All.Select(pair => (pair.Key, (string?)pair.Value)));
        var link = new AuthorizationParameters().With("request_uri", pushed["request_uri"]).Url;

        var ahead = await LoadAheadAsync(alice, link, header, value);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ahead.StatusCode);
        Assert.Equal("no-store", ahead.Headers.CacheControl?.ToString());

        Expect.Code(await alice.GetAsync(link));
    }

    [Fact]
    public async Task A_link_to_the_logout_ends_no_session_before_the_person_follows_it()
    {
        var browser = shared.NewBrowser();
        var tokens = await new ClientApp(shared.Server).LoginAsync("openid", browser);
        var link = $"{RunningServer.Issuer}/logout?id_token_hint={tokens.IdToken}";
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await LoadAheadAsync(browser, link, "Sec-Purpose", "prefetch")).StatusCode);
        Expect.Code(await browser.GetAsync(new AuthorizationParameters().With("prompt", "none").Url));
        Assert.Contains("You are signed out", (await browser.GetAsync(link)).Body, StringComparison.Ordinal);
    }

    private async Task<HttpResponseMessage> LoadAheadAsync(Browser browser, string url, string header, string value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.Add("Cookie", browser.CookieHeader());
        request.Headers.Add(header, value);
        return await shared.Server.Http.SendAsync(request);
    }
}
