using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using AngleSharp.Html.Dom;
using FunctionsAuth.Server.Tests.Account;
using FunctionsAuth.Server.Tests.Harness;
using FunctionsAuth.Server.Tests.Manage;

namespace FunctionsAuth.Server.Tests.ManagePages;

/// <summary>What the forms of the management pages do, and what two administrators at once see. Requirements ADM2 to ADM5.</summary>
public sealed class ManagePageTests(ManageServer manage) : IClassFixture<ManageServer>
{
    private readonly Browser browser = new(manage.Server);

    private Task<Answer> OpenAsync(string page) => browser.ManageAsync(page, ManageServer.Boss);

    /// <summary>Opens a page with a query, which a login would take away.</summary>
    private async Task<Answer> AskAsync(string page)
    {
        await OpenAsync("");
        return await OpenAsync(page);
    }

    [Fact]
    public async Task A_person_is_created_with_a_password_that_is_shown_once()
    {
        var page = await browser.SendAsync(await OpenAsync("users/new"), "users/new", "create", null, ("username", "carol"), ("name", "Carol Example"), ("email", "carol@example.com"));
        Assert.Equal("Person: carol", page.Heading());
        var password = page.Secret();
        Assert.Equal(HttpStatusCode.SeeOther, (await LoginAsync("carol", password)).Status);
        var route = page.Document.QuerySelector("form[method=post]")!.GetAttribute("action")!.Split("manage/")[1];
        Assert.Null((await OpenAsync(route)).Document.QuerySelector(".shown-once"));

        page = await browser.SendAsync(await OpenAsync(route), route, "add_group", null, ("group", "staff"));
        Assert.Contains(page.Rows(), row => row.StartsWith("staff", StringComparison.Ordinal));
        page = await browser.SendAsync(page, route, "sign_out");
        Assert.Equal("The person is signed out everywhere.", page.Done());
        page = await browser.SendAsync(await AskAsync($"{route}?ask=disable"), route, "disable");
        Assert.Contains("disabled", page.Done(), StringComparison.Ordinal);
        page = await browser.SendAsync(page, route, "enable");
        Assert.Equal("The account is enabled.", page.Done());
        var question = await AskAsync($"{route}?ask=delete");
        Assert.Contains("Delete carol? This cannot be undone.", question.Document.QuerySelector("main")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("People", (await browser.SendAsync(question, route, "delete")).Heading());
        Assert.Equal(HttpStatusCode.NotFound, (await OpenAsync(route)).Status);
    }

    private async Task<Answer> LoginAsync(string username, string password)
    {
        var other = new Browser(manage.Server);
        var login = await other.FollowAsync(await other.GetAsync($"{RunningServer.Issuer}/account/profile"));
        return await other.LoginAsync(login, username, password);
    }

    [Fact]
    public async Task The_second_of_two_administrators_sees_what_is_stored_and_loses_nothing()
    {
        var boss = await manage.AsBossAsync();
        await boss.PutNewAsync("clients/two", new { client_name = "Before", redirect_uris = new[] { "https://two.example/callback" } });
        var page = await OpenAsync("clients/two");
        var stored = await boss.GetAsync("clients/two");
        (await boss.PatchAsync("clients/two", new JsonObject { ["client_name"] = "By the other" }, stored.Tag)).ShouldBe(200);

        page = await browser.SendAsync(page, "clients/two", "save", null, ("client_name", "By me"), ("scope", "openid email"));
        Assert.Equal((HttpStatusCode)422, page.Status);
        Assert.Contains("Somebody else changed this", page.Problem(), StringComparison.Ordinal);
        Assert.Equal("By me", page.FieldsOf("save")["client_name"]);
        Assert.Equal("openid email", page.FieldsOf("save")["scope"]);
        Assert.Contains("Stored now: By the other", page.Document.QuerySelector("main")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("By the other", (await boss.GetAsync("clients/two")).Text("client_name"));

        page = await browser.SendAsync(page, "clients/two", "save");
        Assert.Equal("The app is saved.", page.Done());
        Assert.Equal("By me", (await boss.GetAsync("clients/two")).Text("client_name"));
    }

    [Theory]
    [InlineData("web", true)]
    [InlineData("spa", false)]
    [InlineData("native", false)]
    [InlineData("service", true)]
    [InlineData("api", true)]
    [InlineData("mcp", false)]
    public async Task Each_kind_of_app_is_registered(string kind, bool hasSecret)
    {
        var page = await AskAsync($"clients/new?kind={kind}");
        (string, string)[] filled = [("client_id", $"new-{kind}"), ("client_name", kind)];
        var fields = page.FieldsOf("create");
        if (fields.ContainsKey("redirect_uris"))
            filled = [.. filled, ("redirect_uris", kind is "native" or "mcp" ? "http://127.0.0.1/callback" : $"https://{kind}.example/callback")];
        if (kind == "service")
            filled = [.. filled, ("scope", "api.read")];
        page = await browser.SendAsync(page, "clients/new", "create", null, filled);
        Assert.Equal($"App: {kind}", page.Heading());
        Assert.Equal(hasSecret, page.Document.QuerySelector(".shown-once") is not null);
        Assert.NotEmpty(page.Document.QuerySelectorAll(".snippet"));
        Assert.Contains("name is taken", (await browser.SendAsync(await AskAsync($"clients/new?kind={kind}"), "clients/new", "create", null, filled)).Problem(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_wrong_with_a_form_stands_at_its_field()
    {
        var page = await AskAsync("clients/new?kind=web");
        page = await browser.SendAsync(page, "clients/new", "create", null, ("client_id", "wrong"), ("redirect_uris", "http://app.example/callback#x"), ("scope", "openid nothing"));
        Assert.Equal((HttpStatusCode)422, page.Status);
        var redirect = page.Document.QuerySelectorAll("textarea").OfType<IHtmlTextAreaElement>().First(area => area.Name == "redirect_uris");
        Assert.Equal("true", redirect.GetAttribute("aria-invalid"));
        Assert.Equal("http://app.example/callback#x", redirect.Value);
        Assert.Equal("wrong", page.FieldsOf("create")["client_id"]);
    }

    [Fact]
    public async Task A_client_gets_one_more_secret_and_the_first_one_ends()
    {
        var boss = await manage.AsBossAsync();
        await boss.PutNewAsync("clients/secrets", new { grant_types = new[] { "client_credentials" }, scope = "api.read" });
        var page = await browser.SendAsync(await OpenAsync("clients/secrets"), "clients/secrets", "add_secret");
        var secret = page.Secret();
        var first = page.Document.QuerySelector("a.danger[href*='expire_secret']")!.GetAttribute("href")!.Split("ask=")[1];
        page = await browser.SendAsync(await AskAsync($"clients/secrets?ask={first}"), "clients/secrets", "expire_secret");
        Assert.Equal("The secret is ended.", page.Done());
        using var request = new HttpRequestMessage(HttpMethod.Post, "token") { Content = new FormUrlEncodedContent([new("grant_type", "client_credentials")]) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"secrets:{secret}")));
        Assert.Equal(HttpStatusCode.OK, (await manage.Server.Http.SendAsync(request)).StatusCode);
        page = await browser.SendAsync(await AskAsync("clients/secrets?ask=delete"), "clients/secrets", "delete");
        Assert.Equal("Apps", page.Heading());
    }

    [Fact]
    public async Task Groups_scopes_and_apis_are_created_and_changed()
    {
        var page = await browser.SendAsync(await OpenAsync("groups"), "groups", "create", null, ("name", "testers"));
        Assert.Equal("Group: testers", page.Heading());
        page = await browser.SendAsync(page, "groups/testers", "add", null, ("username", "bob"));
        Assert.Equal("bob is in the group.", page.Done());
        Assert.Contains("still in use", (await browser.SendAsync(await AskAsync("groups/testers?ask=delete"), "groups/testers", "delete")).Problem(), StringComparison.Ordinal);
        page = await browser.SendAsync(page, "groups/testers", "remove", "bob-subject");
        Assert.Empty(page.Rows());
        Assert.Equal("Groups", (await browser.SendAsync(await AskAsync("groups/testers?ask=delete"), "groups/testers", "delete")).Heading());

        page = await browser.SendAsync(await OpenAsync("scopes"), "scopes", "create_scope", null, ("name", "shelf.read"), ("display_name", "See the shelf"));
        Assert.Equal("shelf.read is created.", page.Done());
        page = await browser.SendAsync(page, "scopes", "create_api", null, ("identifier", "https://shelf.example"), ("scopes", "shelf.read"));
        Assert.Equal("https://shelf.example is created.", page.Done());
        page = await browser.SendAsync(await OpenAsync("scopes/shelf.read"), "scopes/shelf.read", "save", null, ("display_name", "See your shelf"));
        Assert.Equal("It is saved.", page.Done());
    }

    [Fact]
    public async Task A_webhook_is_created_tested_and_deleted()
    {
        var page = await browser.SendAsync(await OpenAsync("webhooks"), "webhooks", "create", null, ("url", "https://hooks.example/events"));
        Assert.Equal("Webhook: hooks.example", page.Heading());
        Assert.NotEmpty(page.Secret());
        var link = (await OpenAsync("webhooks")).Document.QuerySelector(".row-title a")!.GetAttribute("href")!.Split("manage/")[1];
        page = await browser.SendAsync(await OpenAsync(link), link, "test");
        Assert.Equal("A test event is on its way.", page.Done());
        Assert.Contains(page.Rows(), row => row.StartsWith("test.ping", StringComparison.Ordinal));
        page = await browser.SendAsync(await OpenAsync(link), link, "save", null, ("event_types", "no.such"));
        Assert.Contains("no.such", page.Problem(), StringComparison.Ordinal);
        Assert.Equal("Webhooks", (await browser.SendAsync(await AskAsync($"{link}?ask=delete"), link, "delete")).Heading());
    }

    [Fact]
    public async Task Keys_rotate_and_the_activity_says_who_did_it()
    {
        var before = (await OpenAsync("keys")).Rows().Count;
        var page = await browser.SendAsync(await AskAsync("keys?ask=rotate"), "keys", "rotate");
        Assert.Equal(before + 2, page.Rows().Count);
        var events = await AskAsync("events?kind=key_created");
        Assert.Contains(events.Rows(), row => row.Contains("boss-subject", StringComparison.Ordinal));
        Assert.Empty((await OpenAsync("events?person=nobody")).Rows());
        Assert.Contains("Look at what is marked", (await OpenAsync("events?kind=nonsense")).Problem(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_page_shows_and_lists_go_on()
    {
        foreach (var page in (string[])["", "users", "groups", "clients", "scopes", "keys", "events", "webhooks", "settings", "api", "users/alice-subject", "clients/web", "groups/administrators"])
            Assert.Equal(HttpStatusCode.OK, (await OpenAsync(page)).Status);
        Assert.Equal(3, (await OpenAsync("")).Document.QuerySelectorAll("svg[role=img]").Length);
        Assert.Contains("list_users", (await browser.GetAsync($"{ManageBrowsing.Address}/api/v1/openapi.json")).Body, StringComparison.Ordinal);
    }
}
