using System.Net;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.FrontChannel;

public sealed class RequestByPostTests(FrontServer shared) : IClassFixture<FrontServer>
{
    [Fact]
    public async Task A_request_may_come_as_a_form()
    {
        var request = new AuthorizationParameters();
        Expect.Code(await (await shared.AliceAsync()).PostAsync("authorize", request.All));
        var browser = shared.NewBrowser();
        var page = await browser.FollowAsync(await browser.PostAsync("authorize", request.All));
        Expect.Form(page, "login");
        Expect.Code(await browser.LoginAsync(page));
    }

    [Fact]
    public async Task A_form_of_another_site_finds_the_session_all_the_same()
    {
        var browser = await shared.SignedInAsync("alice");
        var answer = await browser.PostFromAnotherSiteAsync(shared.Server, "authorize", new AuthorizationParameters().With("prompt", "none").All);
        Assert.StartsWith(RunningServer.Issuer, answer.Location);
        Expect.Code(await browser.FollowAsync(answer));
    }

    [Fact]
    public async Task A_form_of_another_site_does_not_disturb_a_sign_in_that_is_under_way()
    {
        var browser = shared.NewBrowser();
        var page = await browser.FollowAsync(await browser.GetAsync(new AuthorizationParameters().Url));
        await browser.PostFromAnotherSiteAsync(shared.Server, "authorize", new AuthorizationParameters().All);
        Expect.Code(await browser.LoginAsync(page));
    }

    [Fact]
    public async Task A_long_form_of_another_site_does_not_disturb_one_either()
    {
        var browser = shared.NewBrowser();
        var page = await browser.FollowAsync(await browser.GetAsync(new AuthorizationParameters().Url));
        await browser.PostFromAnotherSiteAsync(shared.Server, "authorize", new AuthorizationParameters().With("state", new string('s', 20_000)).All);
        Expect.Code(await browser.LoginAsync(page));
    }

    [Fact]
    public async Task What_another_site_posted_belongs_to_the_first_browser_that_opens_it()
    {
        var browser = shared.NewBrowser();
        var answer = await browser.PostFromAnotherSiteAsync(shared.Server, "authorize", new AuthorizationParameters().All);
        var page = await browser.FollowAsync(answer);
        Expect.Form(page, "login");

        Expect.Page(await shared.NewBrowser().GetAsync(answer.Location!), "expired");
        Expect.Page(await (await shared.AliceAsync()).GetAsync(answer.Location!), "expired");
        Expect.Code(await browser.LoginAsync(page));
    }

    [Fact]
    public async Task A_request_that_no_browser_has_opened_can_not_be_claimed_by_a_form()
    {
        var browser = shared.NewBrowser();
        var page = await browser.FollowAsync(await browser.GetAsync(new AuthorizationParameters().Url));
        var unclaimed = await shared.NewBrowser().PostFromAnotherSiteAsync(shared.Server, "authorize", new AuthorizationParameters().All);
        var id = unclaimed.Location!.Split('=')[^1];

        foreach (var path in (string[])["login", "consent"])
            Expect.Page(await browser.PostFromAnotherSiteAsync(shared.Server, path, [new("request", id)]), "expired");
        Expect.Code(await browser.LoginAsync(page));
    }

    [Fact]
    public async Task An_error_goes_back_from_a_form_as_from_a_link()
    {
        Expect.Error(await shared.NewBrowser().PostAsync("authorize", new AuthorizationParameters().With("response_type", null).All), "invalid_request");
        Expect.Page(await shared.NewBrowser().PostAsync("authorize", new AuthorizationParameters("nobody").All), "client_id");
        Expect.Page(await shared.NewBrowser().PostAsync("authorize", new AuthorizationParameters(redirectUri: "https://evil.example/").All), "redirect_uri");
    }

    [Fact]
    public async Task Of_a_form_only_the_body_counts()
    {
        var request = new AuthorizationParameters();
        var answer = await shared.NewBrowser().PostAsync(request.Url, [new("scope", "openid")]);
        Expect.Page(answer, "client_id");
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("text/plain")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData("application/x-www-form-urlencoded2")]
    [InlineData("")]
    public async Task A_body_that_is_not_form_encoded_is_415(string contentType)
    {
        var answer = await ExactRequest.SendAsync(
            shared.Server, "POST", "/authorize", "", new AuthorizationParameters().Encoded, ("Content-Type", contentType));
        Expect.Page(answer, "application/x-www-form-urlencoded", HttpStatusCode.UnsupportedMediaType);
    }

    [Fact]
    public async Task The_media_type_may_have_a_charset_and_any_case()
    {
        var answer = await ExactRequest.SendAsync(
            shared.Server, "POST", "/authorize", "", new AuthorizationParameters().Encoded, ("Content-Type", "Application/X-WWW-Form-Urlencoded; charset=utf-8"));
        Expect.Asked(answer, "login");
    }

    [Fact]
    public async Task A_megabyte_is_413()
    {
        var body = new AuthorizationParameters().With("state", new string('s', 1024 * 1024)).Encoded;
        Expect.Page(await ExactRequest.PostAsync(shared.Server, "/authorize", body), "too large", HttpStatusCode.RequestEntityTooLarge);
        Expect.Page(
            await ExactRequest.PostAsync(shared.Server, "/authorize", body, ("Content-Length", $"{body.Length}")), "too large", HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task A_megabyte_in_the_query_is_refused_too()
    {
        var request = new AuthorizationParameters().With("state", new string('s', 1024 * 1024));
        var answer = await ExactRequest.GetAsync(shared.Server, "/authorize", request.Encoded);
        Assert.Null(answer.Location);
        Assert.InRange((int)answer.Status, 400, 499);
    }

    [Fact]
    public async Task What_is_not_refused_for_its_size_can_wait_for_a_login()
    {
        var request = new AuthorizationParameters();
        var state = new string('s', Parameters.MaxLength - request.With("state", "").Encoded.Length);
        Assert.Equal(Parameters.MaxLength, request.With("state", null).Add("state", state).Encoded.Length);
        var browser = shared.NewBrowser();
        var page = await browser.FollowAsync(await browser.PostAsync("authorize", request.All));
        Expect.Form(page, "login");
        Expect.Code(await browser.LoginAsync(page), state: state);
    }
}
