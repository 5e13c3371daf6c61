using System.Text.Json.Nodes;
using FunctionsAuth.Cli;
using FunctionsAuth.LocalHost.Hosting;
using FunctionsAuth.Server.Tests.Harness;
using FunctionsAuth.Server.Tests.Manage;

namespace FunctionsAuth.Server.Tests.Cli;

/// <summary>The configuration as code, and a whole way from nothing by commands.</summary>
public sealed class ConfigurationAsCodeTests
{
    private static readonly Dictionary<string, string?> Settings = new() { ["Manage:RequireSecondFactor"] = "false" };

    /// <summary>What a new server begins with.</summary>
    public static string FirstAdministrator { get; } = $$"""
        { "groups": [{ "name": "administrators" }], "users": [{ "username": "boss", "password_hash": "{{RunningServer.HashOfPassword}}", "groups": ["administrators"] }] }
        """;

    [Fact]
    public async Task An_export_that_is_applied_changes_nothing_and_a_plan_says_what_a_change_would_do()
    {
        await using var server = await RunningServer.StartAsync(new ServerSetup { Settings = Settings });
        await LocalServer.ImportAsync(server.Services, ManageServer.Json);
        using var line = await new CommandLine(server).SignInAsync();
        var file = line.Write("configuration.json", "");
        (await line.RunAsync("export", file)).ShouldBe(ExitCodes.Done);
        var first = await File.ReadAllTextAsync(file);
        Assert.StartsWith("{\n  \"scopes\": [\n", first, StringComparison.Ordinal);
        Assert.Contains("There is nothing to change.", (await line.RunAsync("plan", file, "--prune", "--exit-code")).ShouldBe(ExitCodes.Done).Output, StringComparison.Ordinal);
        Assert.Contains("0 created, 0 changed, 0 deleted.", (await line.RunAsync("apply", file, "--prune")).ShouldBe(ExitCodes.Done).Output, StringComparison.Ordinal);
        Assert.Equal(first, (await line.RunAsync("export")).ShouldBe(ExitCodes.Done).Output);

        var changed = JsonNode.Parse(first)!;
        changed["scopes"]!.AsArray().Add(new JsonObject { ["name"] = "reports.read" });
        var clients = changed["clients"]!.AsArray();
        clients.First(client => client!["client_id"]!.ToString() == "service")!["client_name"] = "Our service";
        clients.Remove(clients.First(client => client!["client_id"]!.ToString() == "native"));
        // A person may write comments into the file.
        line.Write("configuration.json", "// Ours\n" + changed.ToJsonString());
        var plan = (await line.RunAsync("plan", file, "--prune", "--exit-code")).ShouldBe(ExitCodes.HasChanges);
        Assert.Equal(
            ["+ scopes reports.read", "~ clients service", "    client_name: (default) -> \"Our service\"", "- clients native", "3 changes: + is new, ~ changes, - is deleted."],
            plan.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        (await line.RunAsync("apply", file, "--prune")).ShouldFail(ExitCodes.Usage, "Apply 3 changes to https://login.example? This command cannot ask here. Run it with --yes to confirm.");
        var applied = (await line.RunAsync("apply", file, "--prune", "--yes")).ShouldBe(ExitCodes.Done);
        Assert.Contains("1 created, 1 changed, 1 deleted.", applied.Output, StringComparison.Ordinal);

        line.Write("configuration.json", "{\n  \"scopes\": [\n    { \"nam\": \"x\" }\n  ]\n}");
        (await line.RunAsync("plan", file)).ShouldFail(ExitCodes.Refused, "(line 3)");
        line.Write("configuration.json", "{ \"scopes\": ");
        (await line.RunAsync("plan", file)).ShouldFail(ExitCodes.Usage, "line 1");
    }

    [Fact]
    public async Task Nine_commands_lead_from_an_empty_server_to_a_protected_API_with_a_user_in_a_group()
    {
        await using var server = await RunningServer.StartAsync(new ServerSetup { Settings = Settings, Import = false });
        await LocalServer.ImportAsync(server.Services, FirstAdministrator);
        using var line = new CommandLine(server) { Answer = RunningServer.Password + "\n" };
        string[][] commands =
        [
            ["login", RunningServer.Issuer],
            ["scopes", "apply", "orders.read", "--display-name", "See orders"],
            ["groups", "create", "staff", "--description", "Who works here"],
            ["resources", "apply", "https://orders.example", "--scope", "orders.read", "--set", """claim_maps={"roles":{"staff":["clerk"]}}"""],
            ["users", "create", "erin", "--email", "erin@example.com", "--group", "staff", "--password-stdin"],
            ["clients", "create", "spa", "--kind", "spa", "--redirect-uri", "https://spa.example/callback", "--scope", "openid orders.read", "--scope-map", "staff=orders.read", "--first-party"],
            ["clients", "create", "service", "--kind", "service", "--scope", "orders.read"],
            ["plan", line.Write("empty.json", "{}"), "--exit-code"],
            ["export", line.Write("configuration.json", "")],
        ];
        foreach (var command in commands)
            (await line.RunAsync(command)).ShouldBe(ExitCodes.Done);

        var token = (await new ClientApp(server, "spa").LoginAsync("openid orders.read", new Browser(server), "erin", "https://orders.example")).ShouldBeOk();
        var claims = JsonAnswer.Claims(token.AccessToken);
        Assert.Equal("https://orders.example", claims.GetProperty("aud")[0].GetString());
        Assert.Equal("orders.read", claims.GetProperty("scope").GetString()!.Replace("openid ", "", StringComparison.Ordinal));
        Assert.Equal("clerk", claims.GetProperty("roles")[0].GetString());
    }
}
