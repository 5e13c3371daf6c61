using System.CommandLine;
using System.Security.Cryptography;
using FunctionsAuth.Protocol.Users;
using Microsoft.Extensions.DependencyInjection;

namespace FunctionsAuth.LocalHost.Commands.Deployed;

/// <summary>Creates the first user of a server, with a random password.</summary>
internal static class UserCommand
{
    private const int PasswordLength = 24;

    // Without characters that look alike: 0 and O, 1, l and I.
    private const string PasswordLetters = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";

    private static readonly Argument<string> Name = new("name") { Description = "The username" };
    private static readonly Option<bool> Wait = new("--wait") { Description = "Wait until a role that was just assigned takes effect" };

    public static Command Create()
    {
        var command = new Command("user", "Create a user and print its password once. If the user exists, nothing changes") { Name, DeployedServer.Storage, DeployedServer.TablePrefix, Wait };
        command.SetAction((arguments, cancellation) => Failures.TellAsync(() => RunAsync(arguments, cancellation)));
        return command;
    }

    public static string NewPassword() => RandomNumberGenerator.GetString(PasswordLetters, PasswordLength);

    private static async Task RunAsync(ParseResult arguments, CancellationToken cancellation)
    {
        var name = arguments.GetRequiredValue(Name).Trim();
        if (UsernameRules.ProblemOf(name) is { } problem)
            throw new UsageException($"The username {problem}.");
        await using var app = DeployedServer.Open(arguments);
        var user = new User { Subject = User.NewSubject(), Username = name };
        var password = NewPassword();
        user = user with { PasswordHash = await app.Services.GetRequiredService<PasswordHashing>().HashAsync(user, password, name, cancellation) };
        var users = app.Services.GetRequiredService<IUserStore>();
        // The name is inserted only if absent: an existing user keeps the name and the password.
        var isNew = await RoleWait.RunAsync(arguments.GetValue(Wait), () => users.TryCreateAsync(user, byOperator: true, cancellation), cancellation);
        Console.WriteLine(isNew ? $"User {name} was created. The password is shown only once: {password}" : $"User {name} exists already. The password was not changed.");
    }
}
