using System.Net;
using FunctionsAuth.LocalHost;
using FunctionsAuth.LocalHost.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;

namespace FunctionsAuth.Server.Tests;

/// <summary>The pages of LocalHost that name users, clients and events, and its guides.</summary>
public sealed class SitePageTests
{
    private const string Bob = """{ "users": [{ "username": "bob", "password": "at least twelve characters" }] }""";

    [Fact]
    public async Task The_start_page_names_the_users_and_clients_of_an_import_and_adds_the_demo_client()
    {
        await using var app = await StartAsync(isPrivate: true);
        await LocalServer.ImportAsync(app.Services, Bob);
        var http = app.GetTestClient();
        var page = await http.GetStringAsync("/");
        Assert.Contains("<code class=\"copy\">bob</code>", page, StringComparison.Ordinal);
        Assert.Contains("<td>Imported</td>", page, StringComparison.Ordinal);
        Assert.Contains("action=\"/demo/client\"", page, StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.Forbidden, await AddDemoAsync(http, "cross-site"));
        Assert.Equal(HttpStatusCode.Forbidden, await AddDemoAsync(http, null));
        Assert.Contains("action=\"/demo/client\"", await http.GetStringAsync("/"), StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.SeeOther, await AddDemoAsync(http, "same-origin"));
        page = await http.GetStringAsync("/");
        Assert.Contains("<code class=\"copy\">demo-spa</code>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("action=\"/demo/client\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("sample-web", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, "localhost")]
    [InlineData(true, "evil.example")]
    public async Task Whoever_may_be_on_another_machine_sees_no_records_and_changes_nothing(bool isPrivate, string host)
    {
        await using var app = await StartAsync(isPrivate);
        await LocalServer.ImportAsync(app.Services, Bob);
        var http = app.GetTestClient();
        http.DefaultRequestHeaders.Host = host;
        Assert.DoesNotContain("bob", await http.GetStringAsync("/"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, await AddDemoAsync(http, "same-origin"));
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("apis.md")]
    [InlineData("reference/settings.md")]
    public async Task A_guide_is_shown_with_the_links_that_lead_to_other_guides(string path)
    {
        await using var app = await StartAsync(isPrivate: false);
        var page = await app.GetTestClient().GetStringAsync($"/guides/{path}");
        Assert.Contains("<h1 id=", page, StringComparison.Ordinal);
        Assert.DoesNotContain("href=\"../tests", page, StringComparison.Ordinal);
        Assert.DoesNotContain("href=\"../src", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nothing.md")]
    [InlineData("../README.md")]
    [InlineData("")]
    public async Task What_is_no_guide_is_not_found(string path)
    {
        await using var app = await StartAsync(isPrivate: false);
        Assert.Equal(HttpStatusCode.NotFound, (await app.GetTestClient().GetAsync($"/guides/{path}")).StatusCode);
    }

    private static async Task<HttpStatusCode> AddDemoAsync(HttpClient http, string? site)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/demo/client");
        if (site is not null)
            request.Headers.Add("Sec-Fetch-Site", site);
        using var answer = await http.SendAsync(request);
        return answer.StatusCode;
    }

    private static async Task<WebApplication> StartAsync(bool isPrivate)
    {
        var app = LocalServer.Build(new LocalServerOptions(), builder => builder.WebHost.UseTestServer());
        app.MapSite(new SiteFacts(new Uri("http://localhost:7071"), "in memory", [], "demo-spa", IsPrivate: isPrivate));
        await app.StartAsync();
        return app;
    }
}
