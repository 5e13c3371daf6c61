using System.Net;
using FunctionsAuth.Server.Tests.Account;
using FunctionsAuth.Server.Tests.Factors;
using FunctionsAuth.Server.Tests.Harness;
using FunctionsAuth.Server.Tests.Manage;

namespace FunctionsAuth.Server.Tests.ManagePages;

/// <summary>Who sees what of the management pages. Requirements ADM2 and ADM5.</summary>
public sealed class ManageAccessTests(ManageServer manage) : IClassFixture<ManageServer>
{
    private RunningServer Server => manage.Server;

    [Fact]
    public async Task Each_group_sees_what_it_may_do()
    {
        string[] all = ["Overview", "People", "Groups", "Apps", "Scopes and APIs", "Keys", "Activity", "Webhooks", "Settings", "API"];
        var boss = await new Browser(Server).ManageAsync("users", ManageServer.Boss);
        Assert.Equal(all, boss.Places());
        Assert.Contains("Create a person", boss.Buttons());
        var auditor = await new Browser(Server).ManageAsync("users", ManageServer.Auditor);
        Assert.Equal(all, auditor.Places());
        Assert.Equal(["Find"], auditor.Buttons());
        var helper = await new Browser(Server).ManageAsync("groups", ManageServer.Helper);
        Assert.Equal(["Overview", "People", "Groups", "Apps", "Activity", "API"], helper.Places());
        Assert.Empty(helper.Buttons());
    }

    [Fact]
    public async Task Nobody_else_sees_anything()
    {
        var page = await new Browser(Server).ManageAsync("users", "alice");
        Assert.Equal(HttpStatusCode.Forbidden, page.Status);
        Assert.Equal("You have no access to this page", page.Heading());
        Assert.Empty(page.Places());
    }

    [Theory]
    [InlineData(ManageServer.Auditor, "users/new")]
    [InlineData(ManageServer.Auditor, "clients/new")]
    [InlineData(ManageServer.Helper, "settings")]
    [InlineData(ManageServer.Helper, "keys")]
    public async Task A_page_that_the_groups_do_not_give_is_refused(string username, string route)
    {
        var page = await new Browser(Server).ManageAsync(route, username);
        Assert.Equal(HttpStatusCode.Forbidden, page.Status);
        Assert.NotEmpty(page.Places());
    }

    [Fact]
    public async Task An_auditor_who_makes_up_a_form_changes_nothing()
    {
        var browser = new Browser(Server);
        var page = await browser.ManageAsync("users/bob-subject", ManageServer.Auditor);
        Assert.Empty(page.Buttons());
        // The token of a page that has no forms would be the same.
        var answer = await browser.PostAsync($"{ManageBrowsing.Address}/users/bob-subject", [new("action", "disable"), new("form_token", "x")]);
        Assert.Equal("Enabled", answer.Document.QuerySelector("dd")!.TextContent.Trim());
    }

    [Fact]
    public async Task The_helpdesk_does_not_touch_an_administrator()
    {
        var browser = new Browser(Server);
        Assert.Empty((await browser.ManageAsync("users/boss-subject", ManageServer.Helper)).Buttons());
        // The token is for the pages of all people.
        var page = await browser.ManageAsync("users/alice-subject", ManageServer.Helper);
        var answer = await browser.SendAsync(page, "users/boss-subject", "sign_out");
        Assert.Equal((HttpStatusCode)422, answer.Status);
        Assert.Contains("Only administrators", answer.Problem(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_is_signed_out_comes_back_to_the_same_page()
    {
        var browser = new Browser(Server);
        var asked = await browser.GetAsync($"{ManageBrowsing.Address}/users/bob-subject");
        Assert.Equal(HttpStatusCode.SeeOther, asked.Status);
        var page = await browser.ManageAsync("users/bob-subject", ManageServer.Boss);
        Assert.Equal("Person: bob", page.Heading());
        Assert.Equal("You are not signed in", (await new Browser(Server).GetAsync($"{ManageBrowsing.Address}?error=access_denied")).Heading());
    }

    [Theory]
    [InlineData("../account/profile")]
    [InlineData("//evil.example")]
    [InlineData("users/../../x")]
    public async Task A_state_that_leads_elsewhere_leads_to_the_first_page(string state) =>
        Assert.Equal(ManageBrowsing.Address, (await new Browser(Server).GetAsync($"{ManageBrowsing.Address}?state={Uri.EscapeDataString(state)}")).Location);

    [Fact]
    public async Task A_form_without_its_token_does_nothing()
    {
        var browser = new Browser(Server);
        var page = await browser.ManageAsync("groups", ManageServer.Boss);
        var fields = page.FieldsOf("create");
        fields["name"] = "intruders";
        fields["form_token"] = (await new Browser(Server).ManageAsync("groups", ManageServer.Boss)).FieldsOf("create")["form_token"];
        var answer = await browser.PostAsync($"{ManageBrowsing.Address}/groups", fields);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.DoesNotContain("intruders", answer.Document.QuerySelector("main")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_that_is_not_there_says_so()
    {
        var browser = new Browser(Server);
        foreach (var page in (string[])["nothing", "users/nobody", "clients/nobody/more", "apis/~"])
            Assert.Equal((page, HttpStatusCode.NotFound), (page, (await browser.ManageAsync(page, ManageServer.Boss)).Status));
    }

    [Fact]
    public async Task Who_leaves_the_group_is_out_at_once()
    {
        var boss = await manage.AsBossAsync();
        (await boss.PostAsync("groups/auditors/members", new { username = "bob" })).ShouldBe(200);
        var browser = new Browser(Server);
        Assert.Equal(HttpStatusCode.OK, (await browser.ManageAsync("settings", "bob")).Status);
        (await boss.PostAsync("groups/auditors/members/bob-subject/remove")).ShouldBe(200);
        Assert.Equal(HttpStatusCode.Forbidden, (await browser.ManageAsync("settings", "bob")).Status);
    }
}

/// <summary>A second factor, as a server that others can reach wants it.</summary>
public sealed class ManageFactorTests(ManageFactorTests.StrictServer manage) : IClassFixture<ManageFactorTests.StrictServer>
{
    [Fact]
    public async Task The_first_administrator_sets_one_up_and_gets_there()
    {
        var browser = new Browser(manage.Server);
        var asked = await browser.ManageAsync("users", ManageServer.Boss);
        Assert.Equal("Set up a second step", asked.Heading());
        var link = asked.Document.QuerySelector("#totp")!.GetAttribute("href")!;
        var app = await Authenticator.SetUpAsync(manage.Server, browser, await browser.FollowAsync(await browser.GetAsync($"{RunningServer.Issuer}/{link}")));
        var page = await browser.ManageAsync("users", ManageServer.Boss);
        if (page.AsksForFactor())
            page = await browser.GiveAsync(page, app.NextCode());
        Assert.Equal("People", page.Heading());

        var other = new Browser(manage.Server);
        asked = await other.ManageAsync("keys", ManageServer.Boss);
        Assert.True(asked.AsksForFactor());
        Assert.Equal("Keys", (await other.GiveAsync(asked, app.NextCode())).Heading());
    }

    [Fact]
    public async Task Whoever_is_in_no_group_is_asked_for_nothing() =>
        Assert.Equal(HttpStatusCode.Forbidden, (await new Browser(manage.Server).ManageAsync("", "bob")).Status);

    public sealed class StrictServer : ManageServer
    {
        protected override ServerSetup Setup() => new();
    }
}
