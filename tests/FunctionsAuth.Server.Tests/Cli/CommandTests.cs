using System.CommandLine;
using System.Net;
using System.Text.Json.Nodes;
using FunctionsAuth.Cli;
using FunctionsAuth.Server.Tests.Harness;
using FunctionsAuth.Server.Tests.Manage;

namespace FunctionsAuth.Server.Tests.Cli;

/// <summary>What the commands do, say and end with.</summary>
public sealed class CommandTests(ManageServer manage) : IClassFixture<ManageServer>
{
    private readonly RunningServer server = manage.Server;

    [Fact]
    public async Task Scripts_learn_from_the_exit_code_how_a_command_ended()
    {
        using var line = await new CommandLine(server).SignInAsync();
        (await line.RunAsync("groups", "list")).ShouldBe(ExitCodes.Done);
        (await line.RunAsync("users", "show", "nobody-has-this-name")).ShouldFail(ExitCodes.Refused, "There is no user nobody-has-this-name.");
        (await line.RunAsync("users", "lst")).ShouldFail(ExitCodes.Usage, "functionsauth users --help");
        (await line.RunAsync("login", "http://login.example")).ShouldFail(ExitCodes.Usage, "https");
        (await line.RunAsync("groups", "list", "--server", "https://elsewhere.example")).ShouldFail(ExitCodes.NotSignedIn, "https://elsewhere.example");
        line.Between = (_, _) => throw new HttpRequestException("connection refused");
        line.Clock = TimeProvider.System;
        (await line.RunAsync("login", RunningServer.Issuer)).ShouldFail(ExitCodes.Unreachable, "The server did not answer");
    }

    [Fact]
    public async Task Each_fault_stands_on_a_line_of_its_own()
    {
        using var line = await new CommandLine(server).SignInAsync();
        var ran = (await line.RunAsync("clients", "create", "wrong", "--kind", "web", "--redirect-uri", "nothing", "--set", "nonsense=1")).ShouldBe(ExitCodes.Refused);
        var lines = ran.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains(lines, one => one.StartsWith("  nonsense ", StringComparison.Ordinal));
        Assert.Empty(ran.Output);
    }

    [Fact]
    public async Task A_change_by_somebody_else_in_between_is_not_overwritten()
    {
        using var line = await new CommandLine(server).SignInAsync();
        (await line.RunAsync("users", "create", "contested", "--name", "One")).ShouldBe(ExitCodes.Done);
        var boss = await manage.AsBossAsync();
        line.Between = async (request, send) =>
        {
            if (request.Method == HttpMethod.Patch)
            {
                var path = request.RequestUri!.AbsolutePath["/manage/api/v1/".Length..];
                (await boss.PatchAsync(path, new { claims = new { nickname = "x" } }, (await boss.GetAsync(path)).Tag)).ShouldBe(200);
            }
            return await send();
        };
        (await line.RunAsync("users", "edit", "contested", "--name", "Two")).ShouldFail(ExitCodes.Refused, "The record was changed since you read it");
        Assert.Contains("One", (await line.RunAsync("users", "show", "contested")).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_action_whose_answer_was_lost_is_sent_again_and_done_once(bool isUnavailable)
    {
        using var line = await new CommandLine(server).SignInAsync();
        line.Clock = TimeProvider.System;
        var sent = 0;
        line.Between = async (request, send) =>
        {
            var response = await send();
            if (request.Method != HttpMethod.Post || ++sent > 1)
                return response;
            if (!isUnavailable)
                throw new HttpRequestException("connection reset");
            return new HttpResponseMessage(HttpStatusCode.ServiceUnavailable) { Headers = { RetryAfter = new(TimeSpan.Zero) } };
        };
        (await line.RunAsync("users", "create", $"lost-{isUnavailable}")).ShouldBe(ExitCodes.Done);
        Assert.Equal(2, sent);
    }

    [Fact]
    public async Task The_JSON_of_the_API_is_printed_as_it_is()
    {
        using var line = await new CommandLine(server).SignInAsync();
        var shown = (await line.RunAsync("users", "show", "alice@example.com", "--json")).ShouldBe(ExitCodes.Done);
        var body = await (await (await manage.AsBossAsync()).GetAsync("users/alice-subject")).Response.Content.ReadAsStringAsync();
        Assert.Equal(body, shown.Output.TrimEnd());
    }

    [Fact]
    public async Task Before_something_is_lost_the_person_is_asked_and_the_question_names_it()
    {
        using var line = await new CommandLine(server).SignInAsync();
        (await line.RunAsync("groups", "create", "doomed")).ShouldBe(ExitCodes.Done);
        (await line.RunAsync("groups", "delete", "doomed")).ShouldFail(ExitCodes.Usage, "Delete the group doomed? This command cannot ask here. Run it with --yes to confirm.");
        line.Answer = "n";
        var asked = (await line.RunAsync("groups", "delete", "doomed")).ShouldFail(ExitCodes.Usage, "Nothing was changed.");
        Assert.Contains("Delete the group doomed? [y/N]", asked.Output, StringComparison.Ordinal);
        line.Answer = "y";
        (await line.RunAsync("groups", "delete", "doomed")).ShouldBe(ExitCodes.Done);
        line.Answer = null;
        (await line.RunAsync("groups", "show", "doomed")).ShouldBe(ExitCodes.Refused);
    }

    [Fact]
    public async Task Many_people_are_imported_in_parts_and_lines_that_are_wrong_are_named()
    {
        using var line = await new CommandLine(server).SignInAsync();
        var people = string.Join('\n', Enumerable.Range(1, 203).Select(n => $$"""{"username":"crowd-{{n:000}}","groups":["{{(n == 202 ? "unknown" : "staff")}}"]}"""));
        var ran = (await line.RunAsync("users", "import", line.Write("people.ndjson", people))).ShouldFail(ExitCodes.Refused, "line 202: groups[0]");
        Assert.Contains("202 created, 0 updated, 0 unchanged, 1 failed.", ran.Output, StringComparison.Ordinal);

        var part = (await line.RunAsync("users", "list", "--prefix", "crowd-")).ShouldBe(ExitCodes.Done);
        Assert.Contains("--all", part.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("crowd-100", part.Output, StringComparison.Ordinal);
        var all = (await line.RunAsync("users", "list", "--prefix", "crowd-", "--all", "--json")).ShouldBe(ExitCodes.Done);
        Assert.Equal(202, JsonNode.Parse(all.Output)!["items"]!.AsArray().Count);
    }

    [Fact]
    public async Task What_a_terminal_would_obey_is_not_written_to_it()
    {
        using var line = await new CommandLine(server).SignInAsync();
        (await line.RunAsync("users", "create", "artist", "--claim", "nickname=\"\\u001b[2Jgone\"")).ShouldBe(ExitCodes.Done);
        var shown = (await line.RunAsync("users", "show", "artist")).ShouldBe(ExitCodes.Done);
        Assert.Contains("gone", shown.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', shown.Output);
    }

    [Fact]
    public async Task Shells_complete_command_lines()
    {
        using var line = new CommandLine(server);
        Assert.Contains("reset-password", (await line.RunAsync("[suggest:18]", "functionsauth user")).Output + (await line.RunAsync("[suggest:25]", "functionsauth users reset-")).Output, StringComparison.Ordinal);
        foreach (var shell in new[] { "bash", "zsh", "pwsh" })
            Assert.Contains("[suggest:", (await line.RunAsync("completion", shell)).ShouldBe(ExitCodes.Done).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_documentation_has_every_command()
    {
        using var line = new CommandLine(server);
        var text = File.ReadAllText(Path.Combine(Root(), "docs", "cli.md"));
        foreach (var command in LeavesOf(CliProgram.Create(line.Host())))
            Assert.Contains($"`functionsauth {command}", text, StringComparison.Ordinal);

        static string Root()
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(folder.FullName, "FunctionsAuth.sln")))
                folder = folder.Parent!;
            return folder.FullName;
        }

        static IEnumerable<string> LeavesOf(Command command) => command.Subcommands.SelectMany(
            one => one.Subcommands.Count == 0 ? [one.Name] : LeavesOf(one).Select(rest => $"{one.Name} {rest}"));
    }

    [Fact]
    public async Task Each_resource_has_its_commands()
    {
        using var line = await new CommandLine(server).SignInAsync();
        line.Answer = "A-password-of-2040\n";
        await DoAsync("users create carol --email carol@example.com --email-verified --name Carol --group staff --password-stdin");
        await DoAsync("users reset-password carol --password-stdin --yes");
        line.Answer = null;
        await DoAsync("users edit carol@example.com --claim department=Sales --remove-claim name");
        foreach (var action in "disable enable unlock sign-out reset-factors reset-password".Split(' '))
            await DoAsync($"users {action} carol --yes");
        await DoAsync("users create dave --email dave@example.com --invite");
        foreach (var list in "sessions apps groups".Split(' '))
            await DoAsync($"users {list} carol");
        await DoAsync("users groups carol --remove staff");
        await DoAsync("groups create crew --description Sailors");
        await DoAsync("groups edit crew --description Divers");
        await DoAsync("groups add crew carol dave");
        Assert.Contains("carol", await DoAsync("groups members crew"), StringComparison.Ordinal);
        await DoAsync("groups remove crew carol dave");
        await DoAsync("groups delete crew --yes");
        await DoAsync("users delete dave --yes");

        Assert.Contains("client_secret", await DoAsync("clients create shop --kind web --name Shop --redirect-uri https://shop.example/callback --scope openid"), StringComparison.Ordinal);
        await DoAsync("clients edit shop --set require_pkce=false --first-party");
        await DoAsync("clients edit shop --unset require_pkce");
        await DoAsync("clients add-secret shop --expires 90d");
        var secret = JsonNode.Parse(await DoAsync("clients secrets shop --json"))!["items"]![0]!["id"]!;
        await DoAsync($"clients expire-secret shop {secret} --yes");
        await DoAsync("clients usage shop");
        await DoAsync("clients delete shop --yes");
        await DoAsync("scopes apply reports.read --display-name Reports");
        await DoAsync("resources apply https://reports.example/v1 --scope reports.read");
        await DoAsync("resources apply https://reports.example/v1 --set display_name=Reports");
        Assert.Contains("https://reports.example/v1", await DoAsync("resources list"), StringComparison.Ordinal);
        await DoAsync("resources delete https://reports.example/v1 --yes");
        await DoAsync("scopes delete reports.read --yes");
        await DoAsync("authorization-details-types list");

        var token = JsonNode.Parse(await DoAsync("tokens create --label Partner --uses 3 --expires 7d --json"))!["id"]!;
        Assert.Contains("Partner", await DoAsync("tokens list"), StringComparison.Ordinal);
        await DoAsync($"tokens revoke {token} --yes");
        await DoAsync("keys rotate --type ec");
        var key = JsonNode.Parse(await DoAsync("keys list --json"))!["items"]!.AsArray().First(one => one!["state"]!.ToString() == "announced")!["kid"];
        await DoAsync($"keys disable {key} --yes");
        var webhook = JsonNode.Parse(await DoAsync("webhooks create https://hooks.example/in --description Siem --json"))!["webhook"]!["id"];
        await DoAsync($"webhooks edit {webhook} --disabled");
        await DoAsync($"webhooks add-secret {webhook}");
        await DoAsync($"webhooks deliveries {webhook}");
        Assert.Contains("https://hooks.example/in", await DoAsync("webhooks list"), StringComparison.Ordinal);
        await DoAsync($"webhooks delete {webhook} --yes");
        Assert.Contains("account_created", await DoAsync("audit list --since 2h --user carol"), StringComparison.Ordinal);
        Assert.Contains("configuration_changed", await DoAsync("audit tail --lines 5 --kind configuration_changed"), StringComparison.Ordinal);
        Assert.Contains("Manage:RequireSecondFactor", await DoAsync("settings"), StringComparison.Ordinal);
        await DoAsync("statistics --hours 2");

        async Task<string> DoAsync(string words)
        {
            var ran = await line.RunAsync(words.Split(' '));
            Assert.True(ran.ExitCode == ExitCodes.Done, $"{words}: {ran.Error}");
            return ran.Output;
        }
    }
}
