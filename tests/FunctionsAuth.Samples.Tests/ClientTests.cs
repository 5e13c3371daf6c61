using System.Net;
using FunctionsAuth.Samples.Tests.Harness;

namespace FunctionsAuth.Samples.Tests;

/// <summary>The samples that get tokens, and call the API of samples/aspnetcore-api with them.</summary>
[Collection(ShopTests.Name)]
public sealed class ClientTests(Shop shop)
{
    [Fact]
    public async Task The_web_app_knows_name_and_role_and_calls_the_API_and_signs_out()
    {
        using var alice = new Person();
        var home = await alice.SignInAsync(new Uri(shop.Web, "sign-in"));
        Assert.Contains("Hello, Alice Example. Your roles: clerk.", home.Body, StringComparison.Ordinal);
        Assert.Contains(alice.Visited, url => url.AbsolutePath == "/authorize" && url.Query.Contains("request_uri=", StringComparison.Ordinal));

        Assert.Contains("Only staff", (await alice.OpenAsync(new Uri(shop.Web, "staff"))).Body, StringComparison.Ordinal);
        var before = shop.TokenRequests;
        Assert.Contains("The API answers 200", (await alice.OpenAsync(new Uri(shop.Web, "orders"))).Body, StringComparison.Ordinal);
        Assert.Equal(before + 1, shop.TokenRequests); // its access token was about to expire

        var left = await alice.SubmitAsync(await alice.OpenAsync(shop.Web));
        Assert.Equal(new Uri(shop.Web, "/"), left.Url);
        Assert.Contains("Sign in", left.Body, StringComparison.Ordinal);
        Assert.True((await alice.OpenAsync(new Uri(shop.Web, "sign-in"))).HasForm("login"));
    }

    [Fact]
    public async Task The_console_app_signs_in_by_the_browser_and_refreshes()
    {
        using var console = new SampleProcess("console", shop.Environment, "--no-browser");
        using var alice = new Person();
        var page = await alice.SignInAsync(new Uri((await console.LineAsync("Open this URL: "))["Open this URL: ".Length..]));
        Assert.Equal((HttpStatusCode.OK, "You can close this page."), (page.Status, page.Body));
        await console.LineAsync("Hello, Alice Example.");
        await console.LineAsync("The API answers 200");
        await console.LineAsync("The API answers 200");
        Assert.Equal(0, await console.EndAsync());
    }

    [Fact]
    public async Task The_service_signs_with_its_key_and_uses_a_token_twice()
    {
        using var service = new SampleProcess("service", shop.Environment);
        await service.LineAsync("The API answers 200");
        await service.LineAsync("The API answers 200");
        await service.LineAsync("Tokens requested: 1");
        Assert.Equal(0, await service.EndAsync());
    }
}
