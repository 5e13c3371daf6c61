using System.Net;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.FrontChannel;

public sealed class ResponseModeTests(FrontServer shared) : IClassFixture<FrontServer>
{
    [Fact]
    public async Task Query_is_the_default()
    {
        var alice = await shared.AliceAsync();
        Expect.Code(await alice.GetAsync(new AuthorizationParameters().Url));
        Expect.Code(await alice.GetAsync(new AuthorizationParameters().With("response_mode", "query").Url));
    }

    [Fact]
    public async Task Fragment_puts_answer_and_error_behind_the_hash()
    {
        var request = new AuthorizationParameters().With("response_mode", "fragment");
        var answer = await (await shared.AliceAsync()).GetAsync(request.Url);
        Expect.Code(answer, separator: '#');
        Assert.DoesNotContain("?", answer.Location);

        Expect.Error(await shared.NewBrowser().GetAsync(request.With("prompt", "none").Url), "login_required", separator: '#');
    }

    [Fact]
    public async Task Fragment_keeps_the_query_of_the_redirect_uri()
    {
        var request = new AuthorizationParameters(redirectUri: "https://web.example/other?tenant=1").With("response_mode", "fragment");
        Expect.Code(await (await shared.AliceAsync()).GetAsync(request.Url), "https://web.example/other?tenant=1", separator: '#');
    }

    [Fact]
    public async Task Form_post_is_a_page_that_posts_the_answer()
    {
        var request = new AuthorizationParameters().With("response_mode", "form_post").With("state", "\"><script>alert(1)</script>");
        var answer = await (await shared.AliceAsync()).GetAsync(request.Url);

        Expect.Form(answer, Expect.Callback);
        Assert.Null(answer.Location);
        Assert.Equal("post", answer.Document.QuerySelector("form")!.GetAttribute("method"));
        Assert.Equal(["code", "iss", "state"], answer.Parameters.Keys.Order());
        Assert.Equal("\"><script>alert(1)</script>", answer.Parameters["state"]);
        Assert.Equal(RunningServer.Issuer, answer.Parameters["iss"]);
        Assert.Equal(200, (await new ClientApp(shared.Server).RedeemAsync(answer.Parameters["code"])).Status);
    }

    [Fact]
    public async Task Form_post_posts_an_error_too()
    {
        var request = new AuthorizationParameters().With("response_mode", "form_post").With("prompt", "none");
        var answer = await shared.NewBrowser().GetAsync(request.Url);
        Expect.Form(answer, Expect.Callback);
        Assert.Equal("login_required", answer.Parameters["error"]);
        Assert.Equal(Expect.State, answer.Parameters["state"]);
        Assert.Equal(RunningServer.Issuer, answer.Parameters["iss"]);
    }

    [Fact]
    public async Task The_page_of_form_post_runs_one_script_of_ours_and_no_other()
    {
        var answer = await shared.NewBrowser().GetAsync(new AuthorizationParameters().With("response_mode", "form_post").With("prompt", "none").Url);
        var policy = Assert.Single(answer.Response.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("script-src 'self'", policy);
        Assert.DoesNotContain("unsafe", policy);
        Assert.DoesNotContain("form-action", policy); // the client's address is not ours
        var script = Assert.Single(answer.Document.Scripts);
        Assert.Equal("", script.TextContent);
        var sent = await shared.NewBrowser().GetAsync(script.GetAttribute("src")!);
        Assert.Equal(HttpStatusCode.OK, sent.Status);
        Assert.Equal("text/javascript", sent.Response.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [InlineData("jwt")]
    [InlineData("web_message")]
    [InlineData("Query")]
    [InlineData("query fragment")]
    public async Task An_unknown_one_is_an_error_in_the_query(string mode) =>
        Expect.Error(await (await shared.AliceAsync()).GetAsync(new AuthorizationParameters().With("response_mode", mode).Url), "invalid_request");
}
