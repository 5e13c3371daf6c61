using System.CommandLine;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Groups;
using FunctionsAuth.Protocol.Users;
using Microsoft.Extensions.DependencyInjection;

namespace FunctionsAuth.LocalHost.Commands.Deployed;

/// <summary>Shows or changes the groups of a user without an import file.</summary>
internal static class UserGroups
{
    private static readonly Option<string[]> Add = new("--add") { Description = "Add the user to this group. Can be repeated", DefaultValueFactory = _ => [] };
    private static readonly Option<string[]> Remove = new("--remove") { Description = "Remove the user from this group. Can be repeated", DefaultValueFactory = _ => [] };

    public static Command Create()
    {
        var command = new Command("groups", "Show the groups of a user, or change them with --add and --remove") { UsersCommand.Name, Add, Remove };
        command.SetAction((arguments, cancellation) => Failures.TellAsync(() => UsersCommand.RunAsync(
            arguments, (services, name, stopping) => ChangeAsync(services, name, arguments.GetRequiredValue(Add), arguments.GetRequiredValue(Remove), stopping), cancellation)));
        return command;
    }

    private static async Task<string?> ChangeAsync(IServiceProvider services, string name, string[] added, string[] removed, CancellationToken cancellation)
    {
        var groups = services.GetRequiredService<IGroupStore>();
        // The groups of managers need no record, so that this command can create the first administrator.
        var managers = services.GetRequiredService<ServerOptions>().Manage.Groups;
        foreach (var group in added)
        {
            if (!managers.Contains(group) && await groups.FindAsync(group, cancellation) is null)
                throw new UsageException($"There is no group {group}. List the groups with groups list, and create groups with an import.");
        }
        try
        {
            var user = await services.GetRequiredService<Accounts>().ChangeGroupsAsync(name, added, removed, cancellation);
            return user is null ? null : user.Groups.Count == 0 ? $"User {user.Username} is in no group." : $"User {user.Username} is in {string.Join(", ", user.Groups)}.";
        }
        catch (ArgumentException e)
        {
            throw new UsageException(e.Message);
        }
    }
}
