using System.CommandLine;
using System.Globalization;
using FunctionsAuth.Protocol.Users;
using Microsoft.Extensions.DependencyInjection;

namespace FunctionsAuth.LocalHost.Commands.Deployed;

/// <summary>What an operator looks up of an account and does to it.</summary>
internal static class UsersCommand
{
    private static readonly Argument<string> Name = new("name") { Description = "The username, or the verified email address" };

    public static Command Create()
    {
        var show = Subcommand("show", "Show an account: its subject, and whether it may sign in", ShowAsync);
        var disable = Subcommand("disable", "Disable an account: nobody signs in to it, and no session, code or token of before works any more", DisableAsync);
        var enable = Subcommand("enable", "Enable a disabled account: the person signs in again, and what was handed out before stays dead", EnableAsync);
        var signOut = Subcommand("sign-out", "Sign a person out everywhere: no session, code or token of before works any more", SignOutAsync);
        var reset = Subcommand("reset-password", "Give an account a new password and print it, once; the person is signed out everywhere", ResetPasswordAsync);
        return new Command("users", "Accounts of people") { DeployedServer.Storage, DeployedServer.TablePrefix, show, disable, enable, signOut, reset };
    }

    private static Command Subcommand(string name, string description, Func<Accounts, string, CancellationToken, Task<string?>> action)
    {
        var command = new Command(name, description) { Name };
        command.SetAction((arguments, cancellation) => Failures.TellAsync(() => RunAsync(arguments, action, cancellation)));
        return command;
    }

    private static async Task RunAsync(ParseResult arguments, Func<Accounts, string, CancellationToken, Task<string?>> action, CancellationToken cancellation)
    {
        await using var app = DeployedServer.Open(arguments);
        var name = arguments.GetRequiredValue(Name);
        var answer = await action(app.Services.GetRequiredService<Accounts>(), name, cancellation);
        Console.WriteLine(answer ?? throw new UsageException($"There is no user {name}."));
    }

    private static async Task<string?> ShowAsync(Accounts accounts, string name, CancellationToken cancellation)
    {
        if (await accounts.FindAsync(name, cancellation) is not { } user)
            return null;
        string[] lines =
        [
            $"Username     {user.Username}",
            $"Subject      {user.Subject}",
            $"May sign in  {(user.Disabled ? "no, it is disabled" : user.PasswordHash is null ? "no, it has no password" : "yes")}",
            $"Signed out   {(user.SessionsValidFrom is { } from ? $"everything of before {from.ToString("u", CultureInfo.InvariantCulture)}" : "never")}",
        ];
        return string.Join(Environment.NewLine, lines);
    }

    private static async Task<string?> DisableAsync(Accounts accounts, string name, CancellationToken cancellation) =>
        await accounts.DisableAsync(name, cancellation) is { } user ? $"User {user.Username} is disabled." : null;

    private static async Task<string?> EnableAsync(Accounts accounts, string name, CancellationToken cancellation) =>
        await accounts.EnableAsync(name, cancellation) is { } user ? $"User {user.Username} is enabled." : null;

    private static async Task<string?> SignOutAsync(Accounts accounts, string name, CancellationToken cancellation) =>
        await accounts.SignOutEverywhereAsync(name, cancellation) is { } user ? $"User {user.Username} is signed out everywhere." : null;

    private static async Task<string?> ResetPasswordAsync(Accounts accounts, string name, CancellationToken cancellation)
    {
        var password = UserCommand.NewPassword();
        return await accounts.SetPasswordAsync(name, password, cancellation) is { } user
            ? $"User {user.Username} has a new password, which is shown this once: {password}"
            : null;
    }
}
