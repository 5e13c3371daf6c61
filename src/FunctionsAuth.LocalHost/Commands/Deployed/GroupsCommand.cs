using System.CommandLine;
using FunctionsAuth.Protocol.Groups;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Users;
using Microsoft.Extensions.DependencyInjection;

namespace FunctionsAuth.LocalHost.Commands.Deployed;

/// <summary>Lists groups and their members. Members are found by reading all users, because a membership is stored in the record of the member.</summary>
internal static class GroupsCommand
{
    private static readonly Argument<string> Name = new("group") { Description = "The name of the group" };

    public static Command Create()
    {
        var list = new Command("list", "List the groups with the number of members");
        list.SetAction((arguments, cancellation) => Failures.TellAsync(() => ListAsync(arguments, cancellation)));
        var members = new Command("members", "List the members of a group") { Name };
        members.SetAction((arguments, cancellation) => Failures.TellAsync(() => ListMembersAsync(arguments, cancellation)));
        return new Command("groups", "Groups and their members") { DeployedServer.Storage, DeployedServer.TablePrefix, list, members };
    }

    private static async Task ListAsync(ParseResult arguments, CancellationToken cancellation)
    {
        await using var app = DeployedServer.Open(arguments);
        var members = new Dictionary<string, int>();
        await foreach (var user in app.Services.GetRequiredService<IUserStore>().ListAsync("", cancellation))
        {
            foreach (var group in user.Groups)
                members[group] = members.GetValueOrDefault(group) + 1;
        }
        var store = app.Services.GetRequiredService<IGroupStore>();
        List<Group> groups = [];
        for (ListRequest? request = ListRequest.First; request is { } part;)
        {
            var page = await store.ListAsync(part, cancellation);
            groups.AddRange(page.Items);
            request = page.Next is null ? null : part with { After = page.Next };
        }
        foreach (var group in groups.OrderBy(group => group.Name, StringComparer.Ordinal))
            Console.WriteLine($"{group.Name}  {members.GetValueOrDefault(group.Name)} members{(group.Description is null ? "" : $"  {group.Description}")}");
        if (groups.Count == 0)
            await Console.Error.WriteLineAsync("There are no groups. Create groups with an import.");
    }

    private static async Task ListMembersAsync(ParseResult arguments, CancellationToken cancellation)
    {
        await using var app = DeployedServer.Open(arguments);
        var name = arguments.GetRequiredValue(Name);
        if (await app.Services.GetRequiredService<IGroupStore>().FindAsync(name, cancellation) is null)
            throw new UsageException($"There is no group {name}.");
        List<User> members = [];
        await foreach (var user in app.Services.GetRequiredService<IUserStore>().ListAsync("", cancellation))
        {
            if (user.Groups.Contains(name))
                members.Add(user);
        }
        foreach (var user in members.OrderBy(user => user.Username, StringComparer.Ordinal))
            Console.WriteLine($"{user.Username}  {user.Subject}");
        if (members.Count == 0)
            await Console.Error.WriteLineAsync($"The group {name} has no members.");
    }
}
