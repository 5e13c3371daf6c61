using System.CommandLine;
using FunctionsAuth.Protocol.Users;
using Microsoft.Extensions.DependencyInjection;

namespace FunctionsAuth.LocalHost.Commands.Deployed;

/// <summary>Lists accounts by the beginning of their names. It reads all users.</summary>
internal static class UserList
{
    private static readonly Option<string> Prefix = new("--prefix") { Description = "Only usernames with this beginning", DefaultValueFactory = _ => "" };
    private static readonly Option<int> Most = new("--most") { Description = "The largest number of accounts to show", DefaultValueFactory = _ => 1000 };

    public static Command Create()
    {
        var command = new Command("list", "List accounts with username, subject and whether the account is disabled") { Prefix, Most };
        command.SetAction((arguments, cancellation) => Failures.TellAsync(() => RunAsync(arguments, cancellation)));
        return command;
    }

    private static async Task RunAsync(ParseResult arguments, CancellationToken cancellation)
    {
        if (arguments.GetValue(Most) is < 1 and var most)
            throw new UsageException($"--most must be at least 1; it is {most}.");
        await using var app = DeployedServer.Open(arguments);
        List<User> found = [];
        await foreach (var user in app.Services.GetRequiredService<IUserStore>().ListAsync(arguments.GetRequiredValue(Prefix), cancellation))
            found.Add(user);
        foreach (var user in found.OrderBy(user => LoginName.Normalize(user.Username), StringComparer.Ordinal).Take(arguments.GetValue(Most)))
            Console.WriteLine($"{user.Username}  {user.Subject}{(user.Disabled ? "  disabled" : "")}");
        if (found.Count > arguments.GetValue(Most))
            await Console.Error.WriteLineAsync($"{found.Count - arguments.GetValue(Most)} more accounts are not shown. Narrow the list with --prefix or raise --most.");
    }
}
