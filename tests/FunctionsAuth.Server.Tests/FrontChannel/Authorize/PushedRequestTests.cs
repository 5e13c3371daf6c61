using Azure.Data.Tables;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.FrontChannel.Authorize;

/// <summary>Requests that the client pushed beforehand: RFC 9126.</summary>
public sealed class PushedRequestTests(SharedServer shared) : IClassFixture<SharedServer>
{
    [Theory]
    [InlineData("web")]
    [InlineData("spa")]
    [InlineData("post")]
    public async Task It_is_answered_as_if_it_had_come_in_the_browser(string clientId)
    {
        var answer = await AuthorizeAsync(clientId, await PushAsync(clientId), new Browser(shared.Server));
        Assert.Equal("state-of-the-test", answer.Parameters["state"]);
        (await shared.App(clientId).RedeemAsync(answer.Parameters["code"])).ShouldBeOk();
    }

    [Fact]
    public async Task The_answer_says_for_how_long_it_is_good()
    {
        var answer = await PushAsync("web", []);
        Assert.Equal(201, answer.Status);
        Assert.Equal("no-store", answer.Response.Headers.CacheControl?.ToString());
        Assert.StartsWith("urn:ietf:params:oauth:request_uri:", answer["request_uri"], StringComparison.Ordinal);
        Assert.Equal(90, answer.Json.GetProperty("expires_in").GetInt32());
    }

    [Fact]
    public async Task What_stands_beside_it_in_the_browser_does_not_count()
    {
        var uri = await PushAsync("web");
        var answer = await shared.Alice.AuthorizeAsync(new AuthorizationParameters().With("state", "other").With("redirect_uri", "https://evil.example/").With("request_uri", uri));
        Assert.StartsWith("https://web.example/callback?", answer.Location, StringComparison.Ordinal);
        Assert.Equal("state-of-the-test", answer.Parameters["state"]);
    }

    [Fact]
    public async Task Looking_at_it_does_not_use_it_up()
    {
        var uri = await PushAsync("web");
        for (var visit = 0; visit < 3; visit++)
            Assert.True((await VisitAsync("web", uri, new Browser(shared.Server))).HasForm("login"));
        Assert.True((await AuthorizeAsync("web", uri, new Browser(shared.Server))).Parameters.ContainsKey("code"));
    }

    [Fact]
    public async Task Once_answered_it_is_gone()
    {
        var uri = await PushAsync("web");
        var other = new Browser(shared.Server);
        var page = await VisitAsync("web", uri, other);
        Assert.True((await AuthorizeAsync("web", uri, shared.Alice)).Parameters.ContainsKey("code"));
        ShouldBeGone(await AuthorizeAsync("web", uri, shared.Alice));
        // Nor can a page be finished that was opened before.
        ShouldBeGone(await other.FollowAsync(await other.LoginAsync(page)));
    }

    [Fact]
    public async Task Whoever_says_no_has_answered_it()
    {
        var uri = await PushAsync("web");
        var browser = new Browser(shared.Server);
        var denied = await browser.SubmitAsync(await VisitAsync("web", uri, browser), ("action", "cancel"));
        Assert.Equal("access_denied", denied.Parameters["error"]);
        ShouldBeGone(await AuthorizeAsync("web", uri, shared.Alice));
    }

    [Fact]
    public async Task Another_client_can_not_use_it() => ShouldBeGone(await AuthorizeAsync("spa", await PushAsync("web"), shared.Alice));

    [Theory]
    [InlineData("urn:ietf:params:oauth:request_uri:")]
    [InlineData("urn:ietf:params:oauth:request_uri:abc")]
    [InlineData("urn:ietf:params:oauth:request_uri:AAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task An_unknown_one_is_an_error_page(string uri) => ShouldBeGone(await AuthorizeAsync("web", uri, shared.Alice));

    [Fact]
    public async Task It_ends_unless_somebody_followed_it_in_time()
    {
        await using var server = await RunningServer.StartAsync();
        var app = new ClientApp(server);
        var late = (await app.PostAsync("par", Fields("web")))["request_uri"]!;
        var early = (await app.PostAsync("par", Fields("web")))["request_uri"]!;
        var browser = new Browser(server);
        var page = await browser.FollowAsync(await browser.GetAsync(Url("web", early)));
        server.Clock.Advance(TimeSpan.FromSeconds(90));
        ShouldBeGone(await new Browser(server).GetAsync(Url("web", late)));
        server.Clock.Advance(TimeSpan.FromMinutes(50));
        Assert.True((await browser.FollowAsync(await browser.LoginAsync(page))).Parameters.ContainsKey("code"));
    }

    [Fact]
    public async Task The_address_of_a_parked_request_is_no_pushed_one_and_the_other_way_round()
    {
        var browser = new Browser(shared.Server);
        var login = await browser.GetAsync(new AuthorizationParameters().Url);
        var parked = login.Location![(login.Location!.IndexOf("request=", StringComparison.Ordinal) + 8)..];
        ShouldBeGone(await AuthorizeAsync("web", "urn:ietf:params:oauth:request_uri:" + parked, shared.Alice));
        var pushed = (await PushAsync("web"))["urn:ietf:params:oauth:request_uri:".Length..];
        var page = await browser.GetAsync($"{RunningServer.Issuer}/login?request={pushed}");
        Assert.False(page.HasForm("login"));
    }

    [Theory]
    [InlineData("redirect_uri", "https://evil.example/", "invalid_request")]
    [InlineData("response_type", "token", "unsupported_response_type")]
    [InlineData("response_type", null, "invalid_request")]
    [InlineData("scope", "openid nonsense other.write", "none")]
    [InlineData("code_challenge", null, "invalid_request")]
    [InlineData("prompt", "none login", "invalid_request")]
    [InlineData("request_uri", "https://web.example/r.jwt", "invalid_request")]
    [InlineData("request", "x", "invalid_request_object")]
    [InlineData("claims", "{", "invalid_request")]
    public async Task What_is_wrong_is_told_to_the_client_at_once(string name, string? value, string error)
    {
        var answer = await PushAsync("web", [(name, value)]);
        if (error == "none")
            Assert.Equal(201, answer.Status);
        else
            answer.ShouldFail(error);
    }

    [Fact]
    public async Task Nobody_can_push_in_the_name_of_another()
    {
        (await shared.Server.PostAsync("par", new AuthorizationParameters().Encoded)).ShouldFail("invalid_client", 401);
        (await shared.Server.PostAsync("par", new AuthorizationParameters().Encoded, RawRequests.Basic("web", "wrong"))).ShouldFail("invalid_client", 401);
        (await shared.Server.PostAsync("par", new AuthorizationParameters("spa").Encoded, RawRequests.Basic("web", RawRequests.SecretOf("web")))).ShouldFail("invalid_request");
    }

    [Fact]
    public async Task The_secret_of_the_client_is_not_stored_with_it()
    {
        var storage = new TestStorage(BackEnd.Memory);
        await using var server = await RunningServer.StartAsync(storage.Setup());
        Assert.Equal(201, (await new ClientApp(server, "post").PostAsync("par", Fields("post"))).Status);
        await foreach (var row in storage["Requests"].QueryAsync<TableEntity>())
            Assert.DoesNotContain(RawRequests.SecretOf("post"), row.GetString("Encoded"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task It_can_be_required_of_all_or_of_a_client(bool ofAll)
    {
        await using var server = await RunningServer.StartAsync(new ServerSetup { Settings = { ["RequirePushedAuthorizationRequests"] = ofAll ? "true" : "false" } });
        var browser = new Browser(server);
        var clientId = ofAll ? "web" : "must-push";
        Assert.Equal("invalid_request", (await browser.GetAsync(new AuthorizationParameters(clientId).Url)).Parameters["error"]);
        var uri = (await new ClientApp(server, clientId).PostAsync("par", Fields(clientId)))["request_uri"]!;
        Assert.True((await browser.AuthorizeAsync(new AuthorizationParameters(clientId).With("request_uri", uri))).Parameters.ContainsKey("code"));
        if (!ofAll)
            Assert.True((await browser.AuthorizeAsync(new AuthorizationParameters())).Parameters.ContainsKey("code"));
    }

    [Theory]
    [InMemory]
    [OnAzurite]
    public async Task Of_20_answers_at_once_one_has_a_code(BackEnd backEnd)
    {
        var storage = new TestStorage(backEnd);
        await using var one = await RunningServer.StartAsync(storage.Setup());
        await using var two = await RunningServer.StartAsync(storage.Setup());
        var browsers = await Task.WhenAll(Enumerable.Range(0, 20).Select(async i =>
        {
            var browser = new Browser(i % 2 == 0 ? one : two);
            await browser.AuthorizeAsync(new AuthorizationParameters());
            return browser;
        }));
        var uri = (await new ClientApp(one).PostAsync("par", Fields("web")))["request_uri"]!;
        var answers = await Task.WhenAll(browsers.Select(browser => browser.GetAsync(Url("web", uri))));
        Assert.Single(answers, answer => answer.Location?.Contains("code=", StringComparison.Ordinal) == true);
    }

    private static void ShouldBeGone(Answer answer)
    {
        Assert.Null(answer.Location);
        Assert.Equal(400, (int)answer.Status);
        Assert.Contains("invalid_request_uri", answer.Body, StringComparison.Ordinal);
    }

    private static string Url(string clientId, string uri) => $"{RunningServer.Issuer}/authorize?client_id={clientId}&request_uri={Uri.EscapeDataString(uri)}";

    private static IEnumerable<(string Name, string? Value)> Fields(string clientId) => new AuthorizationParameters(clientId).All.Select(pair => (pair.Key, (string?)pair.Value));

    private static async Task<Answer> VisitAsync(string clientId, string uri, Browser browser) => await browser.FollowAsync(await browser.GetAsync(Url(clientId, uri)));

    private static async Task<Answer> AuthorizeAsync(string clientId, string uri, Browser browser)
    {
        var answer = await VisitAsync(clientId, uri, browser);
        return answer.Location is null && answer.HasForm("login") ? await browser.FollowAsync(await browser.LoginAsync(answer)) : answer;
    }

    private Task<JsonAnswer> PushAsync(string clientId, IEnumerable<(string Name, string? Value)> changes) => shared.App(clientId).PostAsync("par", [.. Fields(clientId), .. changes]);

    private async Task<string> PushAsync(string clientId) => (await PushAsync(clientId, []))["request_uri"]!;
}
