using System.Net;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.FrontChannel;

public sealed class AssetTests(FrontServer shared) : IClassFixture<FrontServer>
{
    [Theory]
    [InlineData("assets/style.css", "text/css; charset=utf-8")]
    [InlineData("assets/form-post.js", "text/javascript; charset=utf-8")]
    [InlineData("assets/logged-out.js", "text/javascript; charset=utf-8")]
    [InlineData("assets/check-session.js", "text/javascript; charset=utf-8")]
    public async Task An_asset_has_its_type_and_an_entity_tag(string path, string contentType)
    {
        var response = await shared.Server.Http.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(contentType, response.Content.Headers.ContentType?.ToString());
        Assert.False(response.Headers.ETag!.IsWeak);
        Assert.Equal("no-cache", response.Headers.CacheControl?.ToString());
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
    }

    [Theory]
    [InlineData("assets/style.css")]
    [InlineData("assets/style.css?v=12345678")]
    public async Task What_the_browser_has_is_not_sent_again(string path)
    {
        var first = await shared.Server.Http.GetAsync(path);
        var again = await GetAsync(path, first.Headers.ETag!.ToString());
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        Assert.Equal("", await again.Content.ReadAsStringAsync());
        Assert.Equal(first.Headers.ETag, again.Headers.ETag);
        Assert.Equal(first.Headers.CacheControl, again.Headers.CacheControl);

        Assert.Equal(HttpStatusCode.OK, (await GetAsync(path, "\"another\"")).StatusCode);
    }

    [Fact]
    public async Task Pages_link_every_asset_with_its_hash_and_that_may_be_kept_for_a_year()
    {
        var browser = shared.NewBrowser();
        var page = await browser.FollowAsync(await browser.GetAsync(new AuthorizationParameters().Url));
        var links = page.Document.QuerySelectorAll("link[href]").Select(link => link.GetAttribute("href")!).ToList();
        Assert.Contains(links, link => link.StartsWith("assets/style.css?v=", StringComparison.Ordinal));
        foreach (var link in links)
        {
            var response = await shared.Server.Http.GetAsync(link);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal(TimeSpan.FromDays(365), response.Headers.CacheControl?.MaxAge);
            Assert.True(response.Headers.CacheControl?.Public);
            Assert.Contains(response.Headers.CacheControl!.Extensions, extension => extension.Name == "immutable");
        }
    }

    [Theory]
    [InlineData("assets/nothing.css")]
    [InlineData("assets/STYLE.CSS")]
    [InlineData("assets/..%2fstyle.css")]
    [InlineData("assets/%2e%2e%2fappsettings.json")]
    public async Task There_are_no_others(string path) =>
        Assert.Equal(HttpStatusCode.NotFound, (await shared.Server.Http.GetAsync(path)).StatusCode);

    private Task<HttpResponseMessage> GetAsync(string path, string entityTag)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("If-None-Match", entityTag);
        return shared.Server.Http.SendAsync(request);
    }
}
