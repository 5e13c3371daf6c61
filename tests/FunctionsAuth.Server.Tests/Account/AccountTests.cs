using System.Net;
using FunctionsAuth.LocalHost.Hosting;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Users;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Account;

/// <summary>What a person sees and does on the account pages, and what follows for sessions and tokens.</summary>
public sealed class AccountTests : IAsyncLifetime
{
    private const string NewPassword = "four words without relation";

    private RunningServer server = null!;
    private Browser alice = null!;

    public async Task InitializeAsync()
    {
        server = await RunningServer.StartAsync(new ServerSetup { Settings = { ["Fetch:TrustedHosts:0"] = "127.0.0.1" } });
        alice = new Browser(server);
    }

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Theory]
    [InlineData("profile", "Profile")]
    [InlineData("password", "Change your password")]
    [InlineData("security", "How you sign in")]
    [InlineData("totp", "Set up an app for codes")]
    [InlineData("username", "Change your username")]
    [InlineData("sessions", "Where you are signed in")]
    [InlineData("apps", "Apps with access")]
    [InlineData("activity", "Activity")]
    [InlineData("data", "Your data")]
    [InlineData("delete", "Delete your account")]
    public async Task Whoever_is_not_signed_in_signs_in_and_comes_to_the_page(string route, string heading)
    {
        var page = await alice.AccountAsync(route);
        Assert.Equal((HttpStatusCode.OK, heading), (page.Status, page.Heading()));
        Assert.Equal("no-store", page.Response.Headers.CacheControl!.ToString());
        Assert.StartsWith("../assets/style.css", page.Document.QuerySelector("link[rel=stylesheet]")!.GetAttribute("href"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_first_page_is_the_profile_and_password_managers_find_theirs()
    {
        await alice.AccountAsync("sessions");
        Assert.Equal("Profile", (await alice.FollowAsync(await alice.GetAsync("account"))).Heading());
        var answer = await alice.GetAsync(".well-known/change-password");
        Assert.Equal($"{RunningServer.Issuer}/account/password", answer.Location);
    }

    [Fact]
    public async Task A_page_that_there_is_not_is_a_page_that_says_so()
    {
        var page = await alice.GetAsync("account/nothing");
        Assert.Equal(HttpStatusCode.NotFound, page.Status);
        Assert.Contains("There is no page at this address.", page.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_login_that_is_cancelled_ends_at_a_page_and_not_at_the_login_again()
    {
        var login = await alice.FollowAsync(await alice.GetAsync("account/apps"));
        var page = await alice.FollowAsync(await alice.SubmitAsync(login, ("action", "cancel")));
        Assert.Equal("You are not signed in", page.Heading());
    }

    [Fact]
    public async Task An_app_that_is_not_there_any_more_is_called_by_its_id()
    {
        var clients = server.Get<IClientStore>();
        await server.RegisterAsync((await clients.FindAsync("web", default))! with
        {
            ClientId = "gone",
            ClientSecrets = [new(ServerRecords.HashOf(RawRequests.SecretOf("gone")))],
            RedirectUris = ["https://gone.example/callback"],
        });
        (await new ClientApp(server, "gone").LoginAsync("openid profile", alice)).ShouldBeOk();
        await clients.TryDeleteAsync((await clients.FindAsync("gone", default))!, default);
        server.Clock.Advance(TimeSpan.FromSeconds(61));
        Assert.Contains((await alice.AccountAsync("apps")).Rows(), row => row.StartsWith("gone, which is not there any more", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_profile_is_changed_and_the_apps_see_it()
    {
        var page = await alice.AccountAsync("profile");
        page = await alice.PressAsync(page, "save", null, ("name", "Alice B. Example"), ("locale", "de-CH"), ("picture", "https://pictures.example/alice.png"));
        Assert.Equal("Your profile is saved.", page.Done());
        var tokens = (await new ClientApp(server).LoginAsync("openid profile", alice)).ShouldBeOk();
        var claims = (await new ClientApp(server).UserInfoAsync(tokens.AccessToken)).ShouldBeOk();
        Assert.Equal(("Alice B. Example", "de-CH", "https://pictures.example/alice.png"), (claims["name"], claims["locale"], claims["picture"]));

        page = await alice.PressAsync(page, "save", null, ("name", ""));
        Assert.Null((await server.Get<IUserStore>().FindAsync("alice-subject", default))!.Claims["name"]);
    }

    [Theory]
    [InlineData("picture", "http://pictures.example/alice.png")]
    [InlineData("picture", "javascript:alert(1)")]
    [InlineData("locale", "deutsch bitte")]
    [InlineData("name", "Alice\u202eecilA")]
    public async Task A_profile_that_would_do_harm_is_refused_and_nothing_is_lost(string claim, string value)
    {
        var page = await alice.PressAsync(await alice.AccountAsync("profile"), "save", null, (claim, value));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, page.Status);
        Assert.Equal(value, page.Document.QuerySelector($"input[name='{claim}']")!.GetAttribute("value"));
        Assert.NotNull(page.Document.QuerySelector($"#claim-{claim}-problem"));
        Assert.Equal("Alice Example", (string?)(await server.Get<IUserStore>().FindAsync("alice-subject", default))!.Claims["name"]);
    }

    [Fact]
    public async Task What_only_the_operator_changes_is_shown_as_a_person_reads_it()
    {
        await LocalServer.ImportAsync(server.Services, """
            { "users": [{ "username": "alice", "claims": {
              "email_verified": true, "updated_at": 1767225600, "teams": ["red", "blue"],
              "address": { "formatted": "1 Example Street\nBerlin", "country": "Germany" },
              "plan": { "level": 2, "trial": false } } }] }
            """);
        var page = await alice.AccountAsync("profile");
        var facts = page.Document.QuerySelectorAll(".facts > div").ToDictionary(fact => fact.QuerySelector("dt")!.TextContent, fact => fact.QuerySelector("dd")!.TextContent);
        Assert.Equal("Yes", facts["Email address is verified"]);
        Assert.Equal("1 January 2026", facts["Last changed"]);
        Assert.Equal("red, blue", facts["teams"]);
        Assert.Equal("1 Example Street\nBerlin", facts["Postal address"]);
        Assert.Equal("level: 2\ntrial: No", facts["plan"]);
    }

    [Fact]
    public async Task Nobody_changes_a_claim_that_the_operator_does_not_open()
    {
        await alice.PressAsync(await alice.AccountAsync("profile"), "save", null, ("email", "ceo@example.com"), ("email_verified", "true"), ("sub", "bob-subject"), ("roles", "admin"));
        var claims = (await server.Get<IUserStore>().FindAsync("alice-subject", default))!.Claims;
        Assert.Equal("alice@example.com", (string?)claims["email"]);
        Assert.Null(claims["roles"]);
        Assert.Null(claims["sub"]);
    }

    [Fact]
    public async Task A_new_username_signs_in_and_the_old_one_does_not()
    {
        var page = await alice.PressAsync(await alice.AccountAsync("username"), "save", null, ("username", "alice-b"));
        Assert.Equal("From now on you sign in as alice-b.", page.Done());
        // The session of before is called so at once, and the browser offers the old name to nobody.
        var chooser = await alice.FollowAsync(await alice.GetAsync(new AuthorizationParameters().With("prompt", "select_account").Url));
        Assert.Equal(["alice-b"], chooser.Document.QuerySelectorAll(".accounts .account").Select(account => account.GetAttribute("value")));
        Assert.Equal("Profile", (await new Browser(server).AccountAsync("profile", "alice-b")).Heading());
        Assert.True((await new Browser(server).AccountAsync("profile")).HasForm("login"));
        Assert.Equal("Profile", (await new Browser(server).AccountAsync("profile", "alice@example.com")).Heading());
        // Nobody else can pass for the person by the former name, and an import goes on to mean the person by it.
        var bob = new Browser(server);
        Assert.Contains("taken", (await bob.PressAsync(await bob.AccountAsync("username", "bob"), "save", null, ("username", "alice"))).Problem(), StringComparison.Ordinal);
        await LocalServer.ImportAsync(server.Services, """{ "users": [{ "username": "alice", "claims": { "name": "From the file" } }] }""");
        var user = (await server.Get<IUserStore>().FindAsync("alice-subject", default))!;
        Assert.Equal(("alice", "From the file"), (user.Username, (string?)user.Claims["name"]));
    }

    [Fact]
    public async Task Nobody_changes_the_username_for_ever()
    {
        for (var i = 0; i < 5; i++)
            Assert.NotNull((await alice.PressAsync(await alice.AccountAsync("username"), "save", null, ("username", $"alice-{i}"))).Done());
        Assert.Contains("too often", (await alice.PressAsync(await alice.AccountAsync("username"), "save", null, ("username", "alice-5"))).Problem(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bob", "taken")]
    [InlineData("somebody@example.com", "email address")]
    [InlineData("", "1 to")]
    public async Task A_username_that_nobody_may_take_is_refused(string wanted, string why)
    {
        var page = await alice.PressAsync(await alice.AccountAsync("username"), "save", null, ("username", wanted));
        Assert.Contains(why, page.Problem(), StringComparison.Ordinal);
        Assert.Equal("Profile", (await new Browser(server).AccountAsync("profile")).Heading());
    }

    [Fact]
    public async Task A_new_password_ends_every_session_but_this_one()
    {
        var web = new ClientApp(server);
        var other = new Browser(server);
        var tokens = (await web.LoginAsync("openid offline_access", other)).ShouldBeOk();
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        var page = await alice.PressAsync(await alice.AccountAsync("password"), "save", null, ("password", NewPassword), ("password_again", NewPassword));
        Assert.Equal("Your password is changed. You are signed in in this browser only.", page.Done());
        Assert.Single(page.Rows());
        (await web.RefreshAsync(tokens.RefreshToken)).ShouldFail("invalid_grant");
        Assert.True((await other.FollowAsync(await other.GetAsync("account/profile"))).HasForm("login"));
        Assert.Equal("Profile", (await alice.GetAsync("account/profile")).Heading());
        Assert.True((await new Browser(server).AccountAsync("profile")).HasForm("login"));
        Assert.Equal("Profile", (await new Browser(server).AccountAsync("profile", password: NewPassword)).Heading());
    }

    [Theory]
    [InlineData("short", "short", "12 to")]
    [InlineData("four words without relation", "four words without", "not the same")]
    [InlineData("password123456", "password123456", "harder to guess")]
    public async Task A_bad_password_is_refused_and_the_old_one_stays(string password, string again, string why)
    {
        var page = await alice.PressAsync(await alice.AccountAsync("password"), "save", null, ("password", password), ("password_again", again));
        Assert.Contains(why, page.Problem(), StringComparison.Ordinal);
        Assert.Equal("Profile", (await new Browser(server).AccountAsync("profile")).Heading());
    }

    [Theory]
    [InlineData("password")]
    [InlineData("username")]
    [InlineData("data")]
    [InlineData("delete")]
    public async Task What_matters_needs_a_login_of_the_last_five_minutes(string route)
    {
        var page = await alice.AccountAsync(route);
        server.Clock.Advance(TimeSpan.FromMinutes(5) + TimeSpan.FromSeconds(1));
        Assert.True((await alice.FollowAsync(await alice.GetAsync($"account/{route}"))).HasForm("login"));
        // The form of before does nothing either.
        var answer = await alice.PressAsync(page, page.Document.QuerySelector("form button")!.GetAttribute("value")!, null, ("username", "alice"), ("password", NewPassword), ("password_again", NewPassword));
        Assert.True(answer.HasForm("login"));
        Assert.Equal("alice", answer.Document.QuerySelector("#username")!.GetAttribute("value"));
        Assert.Equal("Profile", (await new Browser(server).AccountAsync("profile")).Heading());
        Assert.Equal(page.Heading(), (await alice.FollowAsync(await alice.LoginAsync(answer))).Heading());
    }

    [Fact]
    public async Task A_form_that_another_site_posts_changes_nothing()
    {
        await alice.AccountAsync("profile");
        foreach (var token in new[] { "", "forged" })
            Assert.Null((await alice.PostAsync($"{RunningServer.Issuer}/account/profile", new Dictionary<string, string> { ["form_token"] = token, ["action"] = "save", ["name"] = "Mallory" })).Done());
        Assert.Equal("Alice Example", (string?)(await server.Get<IUserStore>().FindAsync("alice-subject", default))!.Claims["name"]);
    }

    [Fact]
    public async Task The_token_of_one_form_is_none_for_another()
    {
        var profile = await alice.AccountAsync("profile");
        await alice.AccountAsync("delete");
        var token = profile.Document.QuerySelector("input[name=form_token]")!.GetAttribute("value")!;
        var answer = await alice.PostAsync($"{RunningServer.Issuer}/account/delete", new Dictionary<string, string> { ["form_token"] = token, ["action"] = "delete", ["username"] = "alice" });
        Assert.Equal("Delete your account", answer.Heading());
        Assert.Equal("Profile", (await alice.GetAsync("account/profile")).Heading());
    }

    [Fact]
    public async Task A_person_sees_the_name_of_the_country()
    {
        await using var behindProxy = await RunningServer.StartAsync(new ServerSetup { Settings = { ["ClientAddress:CountryHeader"] = "CF-IPCountry" } });
        behindProxy.Http.DefaultRequestHeaders.Add("CF-IPCountry", "DE");
        var browser = new Browser(behindProxy);
        Assert.EndsWith(", Germany", (await browser.AccountAsync("activity")).Rows()[0], StringComparison.Ordinal);
        Assert.Contains(", Germany", (await browser.AccountAsync("sessions")).Rows()[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_can_be_the_client_that_these_pages_are()
    {
        var problem = await Assert.ThrowsAsync<Protocol.Import.ImportException>(() => LocalServer.ImportAsync(
            server.Services, $$"""{ "clients": [{ "client_id": "{{OwnClients.AccountId}}", "token_endpoint_auth_method": "none", "redirect_uris": ["https://thief.example/"] }] }"""));
        Assert.Contains("the server's own pages", problem.Message, StringComparison.Ordinal);
        var answer = await alice.GetAsync($"authorize?client_id={OwnClients.AccountId}&response_type=none&scope=openid&redirect_uri=https%3A%2F%2Fthief.example%2F");
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        (await server.PostAsync("token", $"grant_type=authorization_code&client_id={OwnClients.AccountId}&code=x")).ShouldFail("invalid_client", 401);
        // Only these pages may ask for nothing but a login.
        Assert.Equal("unsupported_response_type", (await alice.GetAsync(new AuthorizationParameters().With("response_type", "none").Url)).Parameters["error"]);
    }

    [Fact]
    public async Task Where_requests_must_be_pushed_the_account_pages_work_all_the_same()
    {
        await using var strict = await RunningServer.StartAsync(new ServerSetup { Settings = { ["RequirePushedAuthorizationRequests"] = "true" } });
        Assert.Equal("Profile", (await new Browser(strict).AccountAsync("profile")).Heading());
    }

    [Fact]
    public async Task What_the_operator_switches_off_is_not_there()
    {
        await using var closed = await RunningServer.StartAsync(new ServerSetup
        {
            Settings = { ["Account:MayDelete"] = "false", ["Account:MayChangeUsername"] = "false", ["Account:EditableClaims"] = "zoneinfo" },
        });
        var browser = new Browser(closed);
        var profile = await browser.AccountAsync("profile");
        Assert.Equal("zoneinfo", Assert.Single(profile.Document.QuerySelectorAll(".field input")).GetAttribute("name"));
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync("account/delete")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync("account/username")).Status);
        Assert.DoesNotContain("Delete your account", (await browser.GetAsync("account/data")).Body, StringComparison.Ordinal);
    }
}
