using System.CommandLine;
using System.Text.Json.Nodes;
using FunctionsAuth.Cli.Api;

namespace FunctionsAuth.Cli.Commands;

/// <summary><c>groups</c>: groups and their members.</summary>
internal static class GroupCommands
{
    private static readonly Argument<string> Name = new("group") { Description = "The name of the group" };
    private static readonly Argument<string[]> Persons = new("people") { Description = "Users by username, verified email address or subject", Arity = ArgumentArity.OneOrMore };
    private static readonly Option<string?> Description = new("--description") { Description = "What the group is for", HelpName = "text" };

    public static Command Create(CliHost host) => CommandRun.Group(
        "groups",
        "Groups and their members",
        CommandRun.Command(host, "list", "List groups", ListAsync, ListOptions.All, ListOptions.Limit),
        CommandRun.Command(host, "show", "Show a group", async run => run.Print(await (await run.ConnectAsync()).GetAsync(PathOf(run))), Name),
        CommandRun.Command(host, "create", "Create a group", CreateAsync, Name, Description),
        CommandRun.Command(host, "edit", "Change the description of a group", EditAsync, Name, Description),
        CommandRun.Command(host, "delete", "Delete a group without members", DeleteAsync, Name),
        CommandRun.Command(host, "members", "List the members of a group", MembersAsync, Name, ListOptions.All, ListOptions.Limit),
        CommandRun.Command(host, "add", "Add users to a group", AddAsync, Name, Persons),
        CommandRun.Command(host, "remove", "Remove users from a group", RemoveAsync, Name, Persons));

    private static string PathOf(CommandRun run) => $"groups/{ResourceKey.Of(run.Get(Name))}";

    private static async Task ListAsync(CommandRun run) =>
        await run.PrintListAsync(await run.ConnectAsync(), "groups", [], ("Group", group => group.Text("name")), ("Description", group => group.Text("description")));

    private static async Task CreateAsync(CommandRun run) =>
        run.Print(await (await run.ConnectAsync()).CreateAsync(PathOf(run), BodyOf(run)), $"The group {run.Get(Name)} is created.");

    private static async Task EditAsync(CommandRun run)
    {
        var api = await run.ConnectAsync();
        run.Print(await api.ReplaceAsync(PathOf(run), ApiJson.Bytes(BodyOf(run)), (await api.GetAsync(PathOf(run))).Tag), $"The description of the group {run.Get(Name)} is changed.");
    }

    private static JsonObject BodyOf(CommandRun run) => run.Get(Description) is { } text ? new JsonObject { ["description"] = text } : [];

    private static async Task DeleteAsync(CommandRun run)
    {
        var api = await run.ConnectAsync();
        await run.ConfirmAsync($"Delete the group {run.Get(Name)}?");
        run.Print(await api.DeleteAsync(PathOf(run)), $"The group {run.Get(Name)} is deleted.");
    }

    private static async Task MembersAsync(CommandRun run) => await run.PrintListAsync(
        await run.ConnectAsync(), PathOf(run) + "/members", [], ("Username", user => user.Text("username")), ("Name", user => user.Text("name")), ("Email", user => user.Text("email")), ("Subject", user => user.Text("subject")));

    private static async Task AddAsync(CommandRun run)
    {
        var api = await run.ConnectAsync();
        foreach (var name in run.Get(Persons))
        {
            var person = await People.FindAsync(api, name);
            run.Print(await api.PostAsync(PathOf(run) + "/members", new JsonObject { ["subject"] = person.Text("subject") }), $"{person.Text("username")} is in {run.Get(Name)}.");
        }
    }

    private static async Task RemoveAsync(CommandRun run)
    {
        var api = await run.ConnectAsync();
        foreach (var name in run.Get(Persons))
        {
            var person = await People.FindAsync(api, name);
            run.Print(await api.PostAsync($"{PathOf(run)}/members/{ResourceKey.Of(person.Text("subject")!)}/remove"), $"{person.Text("username")} is not in {run.Get(Name)} any more.");
        }
    }
}
