using FunctionsAuth.LocalHost.Hosting;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Account;

/// <summary>Which apps a person finds in the portal.</summary>
public sealed class PortalTests : IAsyncLifetime
{
    private RunningServer server = null!;
    private Browser alice = null!;

    public async Task InitializeAsync()
    {
        server = await RunningServer.StartAsync(new ServerSetup { Settings = { ["CacheFor"] = "00:00:00" } });
        alice = new Browser(server);
        await LocalServer.ImportAsync(server.Services, $$"""
            {
              "groups": [{ "name": "staff" }],
              "clients": [
                {{Client("shop", "The shop", "\"client_uri\": \"https://shop.example/\", \"client_description\": \"Buy things\"")}},
                {{Client("wiki", "A wiki", "\"initiate_login_uri\": \"https://wiki.example/login?from=portal\", \"client_uri\": \"https://wiki.example/\"")}},
                {{Client("staff-only", "Staff only", "\"client_uri\": \"https://staff.example/\", \"scope_maps\": { \"staff\": [\"profile\"] }")}},
                {{Client("hidden", "Hidden", "\"client_uri\": \"https://hidden.example/\", \"show_in_portal\": false")}},
                {{Client("nowhere", "Nowhere", "\"client_description\": \"It has no address\"")}}
              ]
            }
            """);
    }

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task Whoever_is_not_signed_in_signs_in_and_finds_the_apps_with_an_address()
    {
        var page = await PortalAsync();
        Assert.Equal(["A wiki", "The shop"], Names(page));
        Assert.Equal(
            [$"https://wiki.example/login?from=portal&iss={Uri.EscapeDataString(RunningServer.Issuer)}", "https://shop.example/"],
            page.Document.QuerySelectorAll(".tiles a").Select(link => link.GetAttribute("href")));
        Assert.Contains("Buy things", page.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_group_opens_an_app_and_closes_it()
    {
        await server.PutIntoGroupsAsync("alice-subject", "staff");
        Assert.Contains("Staff only", Names(await PortalAsync()));
        await server.PutIntoGroupsAsync("alice-subject");
        Assert.DoesNotContain("Staff only", Names(await PortalAsync()));
    }

    [Fact]
    public async Task A_client_that_is_disabled_or_hidden_later_is_gone()
    {
        Assert.Contains("The shop", Names(await PortalAsync()));
        var clients = server.Get<IClientStore>();
        await clients.TrySaveAsync((await clients.FindAsync("shop", default))! with { Disabled = true }, default);
        await LocalServer.ImportAsync(server.Services, $$"""{ "clients": [{{Client("wiki", "A wiki", "\"client_uri\": \"https://wiki.example/\", \"show_in_portal\": false")}}] }""");
        Assert.Empty(Names(await PortalAsync()));
        Assert.Contains("There is no app here for you yet", (await PortalAsync()).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_login_that_is_cancelled_ends_at_a_page()
    {
        var login = await alice.FollowAsync(await alice.GetAsync("apps"));
        Assert.Equal("You are not signed in", (await alice.FollowAsync(await alice.SubmitAsync(login, ("action", "cancel")))).Heading());
    }

    private async Task<Answer> PortalAsync()
    {
        var answer = await alice.FollowAsync(await alice.GetAsync("apps"));
        return answer.HasForm("login") ? await alice.FollowAsync(await alice.LoginAsync(answer)) : answer;
    }

    private static IEnumerable<string> Names(Answer page) => page.Document.QuerySelectorAll(".tile-name").Select(name => name.TextContent);

    private static string Client(string id, string name, string members) => $$"""
        { "client_id": "{{id}}", "client_name": "{{name}}", "client_secret": "a-secret-that-has-32-characters-or-more", "redirect_uris": ["https://{{id}}.example/callback"], "scope": "openid profile", {{members}} }
        """;
}
