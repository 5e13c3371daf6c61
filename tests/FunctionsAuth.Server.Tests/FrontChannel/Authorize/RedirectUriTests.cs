using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.FrontChannel;

public sealed class RedirectUriTests(FrontServer shared) : IClassFixture<FrontServer>
{
    [Theory]
    [InlineData("https://web.example/Callback")]
    [InlineData("https://WEB.example/callback")]
    [InlineData("HTTPS://web.example/callback")]
    [InlineData("https://web.example/callback/")]
    [InlineData("https://web.example//callback")]
    [InlineData("https://web.example:443/callback")]
    [InlineData("https://web.example:8443/callback")]
    [InlineData("https://web.example/callback?")]
    [InlineData("https://web.example/callback?x=1")]
    [InlineData("https://web.example/callback#")]
    [InlineData("https://web.example/callback#x")]
    [InlineData("https://user@web.example/callback")]
    [InlineData("https://web.example@evil.example/callback")]
    [InlineData("https://web.example/c%61llback")]
    [InlineData("https://web.example/callback%20")]
    [InlineData("https://web.example./callback")]
    [InlineData("https://web.example.evil.example/callback")]
    [InlineData("https://sub.web.example/callback")]
    [InlineData("http://web.example/callback")]
    [InlineData("//web.example/callback")]
    [InlineData("/callback")]
    [InlineData(" https://web.example/callback")]
    [InlineData("https://web.example/callback ")]
    [InlineData("https://web.example/callback\r\nSet-Cookie: a=b")]
    [InlineData("https://web.example/x/../callback")]
    [InlineData("https://web.example\\@evil.example/callback")]
    [InlineData("https://web.example/other")]
    [InlineData("https://web.example/other?tenant=2")]
    [InlineData("https://web.example/other?tenant=1&x=1")]
    [InlineData("https://third.example/callback")]
    [InlineData("javascript:alert(1)")]
    [InlineData("http://127.0.0.1/callback")]
    public async Task A_redirect_uri_that_differs_in_anything_gets_a_page_and_no_redirect(string redirectUri)
    {
        var answer = await shared.NewBrowser().GetAsync(new AuthorizationParameters(redirectUri: redirectUri).Url);
        Expect.Page(answer, "The redirect_uri is not registered for this client");
        Assert.DoesNotContain("evil", answer.Body);
        Assert.DoesNotContain("alert(", answer.Body);
    }

    [Fact]
    public async Task A_bad_redirect_uri_is_not_redirected_to_even_with_another_error_and_without_a_user()
    {
        var request = new AuthorizationParameters(redirectUri: "https://evil.example/").With("response_type", null).With("prompt", "none");
        Expect.Page(await shared.NewBrowser().GetAsync(request.Url), "redirect_uri");
    }

    [Fact]
    public async Task A_query_that_the_redirect_uri_has_already_comes_back_beside_the_answer()
    {
        const string registered = "https://web.example/other?tenant=1";
        var answer = await (await shared.AliceAsync()).GetAsync(new AuthorizationParameters(redirectUri: registered).Url);
        Expect.Code(answer, registered, separator: '&');
        Assert.Equal("1", answer.Parameters["tenant"]);

        var error = await shared.NewBrowser().GetAsync(new AuthorizationParameters(redirectUri: registered).With("prompt", "none").Url);
        Expect.Error(error, "login_required", registered, separator: '&');
    }

    [Fact]
    public async Task A_client_with_one_redirect_uri_may_leave_it_out_without_openid()
    {
        var request = new AuthorizationParameters("legacy", scope: "offline_access").With("redirect_uri", null);
        var code = Expect.Code(await (await shared.AliceAsync()).GetAsync(request.Url), "https://legacy.example/callback");
        var tokens = await new ClientApp(shared.Server, "legacy").RedeemAsync(code, ("redirect_uri", null));
        Assert.Equal(200, tokens.Status);
    }

    [Fact]
    public async Task With_openid_it_may_not_be_left_out()
    {
        var request = new AuthorizationParameters("legacy").With("redirect_uri", null);
        Expect.Page(await shared.NewBrowser().GetAsync(request.Url), "The redirect_uri is required");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public async Task A_client_with_several_redirect_uris_must_name_one(string? redirectUri)
    {
        var request = new AuthorizationParameters(scope: "profile").With("redirect_uri", redirectUri);
        Expect.Page(await shared.NewBrowser().GetAsync(request.Url), "The redirect_uri is required");
    }

    [Fact]
    public async Task A_client_without_redirect_uris_gets_a_page() =>
        Expect.Page(await shared.NewBrowser().GetAsync(new AuthorizationParameters("service").With("redirect_uri", null).Url), "redirect_uri");
}
