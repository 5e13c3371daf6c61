using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Import;
using FunctionsAuth.Protocol.Users;
using Microsoft.AspNetCore.Identity;

namespace FunctionsAuth.Protocol.Tests.Import;

public sealed class ImporterTests
{
    private const string Everything = $$"""
        {
          "scopes": [{ "name": "read", "claims": ["role"] }],
          "resources": [{ "identifier": "https://api.test", "scopes": ["read"], "introspected_by": ["api"] }],
          "clients": [{ "client_id": "api", "client_secret": "{{Files.Secret}}", "grant_types": ["client_credentials"], "scope": "read" }],
          "users": [{ "username": "alice", "password": "long enough password",
                      "claims": { "email": "alice@a.test", "email_verified": true, "role": ["admin"] } }]
        }
        """;

    private readonly DictionaryClients clients = new();
    private readonly DictionaryScopes scopes = new();
    private readonly DictionaryGroups groups = new();
    private readonly DictionaryUsers users = new();

    [Fact]
    public async Task What_is_missing_is_created()
    {
        var summary = await ImportAsync(Everything);
        Assert.Equal(new ImportSummary(new(1, 0, 0), new(1, 0, 0), new(1, 0, 0), new(1, 0, 0), new(0, 0, 0), new(0, 0, 0)), summary);
        Assert.Equal(["role"], (await scopes.LoadAsync(default)).FindScope("read")!.Claims);
        Assert.Equal(["read"], (await scopes.LoadAsync(default)).FindResource("https://api.test")!.Scopes);
        Assert.Equal(["client_credentials"], clients.Stored["api"].GrantTypes);
        var alice = Assert.Single(users.Stored.Values);
        Assert.Equal(["alice", "alice@a.test"], users.Logins.Keys.Order());
        Assert.DoesNotContain("long enough password", alice.PasswordHash!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Importing_twice_changes_nothing()
    {
        await ImportAsync(Everything);
        var writes = (clients.Writes, scopes.Writes, users.Writes);
        var summary = await ImportAsync(Everything);
        Assert.Equal(new ImportSummary(new(0, 0, 1), new(0, 0, 1), new(0, 0, 1), new(0, 0, 1), new(0, 0, 0), new(0, 0, 0)), summary);
        Assert.Equal(writes, (clients.Writes, scopes.Writes, users.Writes));
    }

    [Fact]
    public async Task What_differs_becomes_as_the_file_says()
    {
        await ImportAsync(Everything);
        var summary = await ImportAsync(Everything
            .Replace("[\"role\"]", "[\"role\", \"team\"]", StringComparison.Ordinal)
            .Replace("\"scopes\": [\"read\"]", "\"scopes\": []", StringComparison.Ordinal)
            .Replace("\"scope\": \"read\"", "\"scope\": \"read\", \"client_name\": \"API\"", StringComparison.Ordinal)
            .Replace("[\"admin\"]", "[]", StringComparison.Ordinal));
        Assert.Equal(new ImportSummary(new(0, 1, 0), new(0, 1, 0), new(0, 1, 0), new(0, 1, 0), new(0, 0, 0), new(0, 0, 0)), summary);
        Assert.Equal("API", clients.Stored["api"].ClientName);
    }

    [Fact]
    public async Task The_summary_reads_as_a_table()
    {
        var summary = await ImportAsync(Everything);
        Assert.StartsWith("scopes: 1 created\nresources: ", summary.ToString(), StringComparison.Ordinal);
        Assert.Equal("clients: 1 updated, 7 unchanged", (summary with { Scopes = new(0, 0, 0), Resources = new(0, 0, 0), Clients = new(0, 1, 7), Users = new(0, 0, 0), Groups = new(0, 0, 0) }).ToString());
        Assert.Equal("nothing", new ImportSummary(new(0, 0, 0), new(0, 0, 0), new(0, 0, 0), new(0, 0, 0), new(0, 0, 0), new(0, 0, 0)).ToString());
    }

    [Fact]
    public async Task A_resource_may_be_introspected_by_a_client_that_the_server_has()
    {
        await ImportAsync(Everything);
        await ImportAsync("""{ "resources": [{ "identifier": "https://other.test", "introspected_by": ["api"] }] }""");
        Assert.NotNull((await scopes.LoadAsync(default)).FindResource("https://other.test"));
    }

    [Fact]
    public async Task A_resource_can_not_be_introspected_by_a_client_that_nobody_knows()
    {
        var problem = await RefusedAsync("""
            { "scopes": [{ "name": "new" }],
              "resources": [{ "identifier": "https://other.test",
                "introspected_by": ["who"] }] }
            """);
        Assert.Equal("Line 3: resources[0].introspected_by[0] is an unknown client.", problem.ToString());
        Assert.Equal(0, scopes.Writes);
    }

    [Fact]
    public async Task Groups_are_created_and_then_known_to_later_files()
    {
        var summary = await ImportAsync("""{ "groups": [{ "name": "staff", "description": "Everybody who works here" }] }""");
        Assert.Equal(new ImportCount(1, 0, 0), summary.Groups);
        summary = await ImportAsync("""{ "users": [{ "username": "alice", "groups": ["staff"] }] }""");
        Assert.Equal(new ImportCount(1, 0, 0), summary.Users);
        Assert.Equal(["staff"], Assert.Single(users.Stored.Values).Groups);
    }

    [Theory]
    [InlineData("\"users\": [{ \"username\": \"alice\", \"groups\": [\"staf\"] }]", "users[0].groups[0]")]
    [InlineData("\"clients\": [{ \"client_id\": \"api\", \"client_secret\": \"{0}\", \"grant_types\": [], \"groups\": [\"staf\"] }]", "clients[0].groups[0]")]
    [InlineData("\"clients\": [{ \"client_id\": \"api\", \"client_secret\": \"{0}\", \"grant_types\": [], \"scope\": \"email\", \"scope_maps\": { \"staf\": [\"email\"] } }]", "clients[0].scope_maps.staf")]
    [InlineData("\"clients\": [{ \"client_id\": \"api\", \"client_secret\": \"{0}\", \"grant_types\": [], \"scope\": \"email\", \"supplementary_scope_maps\": { \"staf\": [\"email\"] } }]", "clients[0].supplementary_scope_maps.staf")]
    [InlineData("\"clients\": [{ \"client_id\": \"api\", \"client_secret\": \"{0}\", \"grant_types\": [], \"claim_maps\": { \"roles\": { \"staf\": [\"a\"] } } }]", "clients[0].claim_maps.roles.staf")]
    [InlineData("\"resources\": [{ \"identifier\": \"https://api.test\", \"claim_maps\": { \"roles\": { \"staf\": [\"a\"] } } }]", "resources[0].claim_maps.roles.staf")]
    public async Task A_group_that_nobody_knows_is_a_problem_wherever_it_stands(string section, string path)
    {
        var problem = await RefusedAsync("{ \"groups\": [{ \"name\": \"staff\" }], " + section.Replace("{0}", Files.Secret, StringComparison.Ordinal) + " }");
        Assert.Equal((path, "is an unknown group"), (problem.Path, problem.Problem));
        Assert.Equal(0, scopes.Writes + clients.Writes + users.Writes);
    }

    [Fact]
    public async Task A_client_that_is_imported_twice_with_maps_is_unchanged()
    {
        var file = $$"""
            { "groups": [{ "name": "b" }, { "name": "a" }],
              "clients": [{ "client_id": "api", "client_secret": "{{Files.Secret}}", "grant_types": [], "scope": "email profile", "groups": ["b", "a"],
                "scope_maps": { "b": ["profile"], "a": ["email"] }, "claim_maps": { "roles": { "b": ["2", "1"], "a": ["3"] } } }] }
            """;
        await ImportAsync(file);
        var summary = await ImportAsync(file);
        Assert.Equal((new ImportCount(0, 0, 1), new ImportCount(0, 0, 2)), (summary.Clients, summary.Groups));
    }

    private Task<ImportSummary> ImportAsync(string json) =>
        new Importer(clients, scopes, groups, users, new PasswordHasher<User>(), Files.Events, new ServerOptions(), TimeProvider.System).ApplyAsync(
            Files.Parse(json, scopes.LoadAsync(default).Result), CancellationToken.None);

    private async Task<ImportProblem> RefusedAsync(string json) =>
        Assert.Single((await Assert.ThrowsAsync<ImportException>(() => ImportAsync(json))).Problems);
}
