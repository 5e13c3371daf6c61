using System.CommandLine;
using System.Globalization;
using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.Consents;
using FunctionsAuth.Protocol.Credentials;
using FunctionsAuth.Protocol.Deletion;
using FunctionsAuth.Protocol.Passkeys;
using FunctionsAuth.Protocol.Users;
using Microsoft.Extensions.DependencyInjection;

namespace FunctionsAuth.LocalHost.Commands.Deployed;

/// <summary>Commands that show or change an account.</summary>
internal static class UsersCommand
{
    public static Argument<string> Name { get; } = new("name") { Description = "The username, or the verified email address" };
    private static readonly Argument<string> ClientId = new("client_id") { Description = "The client's id" };

    public static Command Create()
    {
        var show = Subcommand("show", "Show an account: its subject, its groups, and whether the user can sign in", ShowAsync);
        var disable = Subcommand("disable", "Disable an account: nobody can sign in to it, and all its sessions, codes and tokens stop working", DisableAsync);
        var enable = Subcommand("enable", "Enable a disabled account: the user can sign in again, but earlier sessions, codes and tokens stay invalid", EnableAsync);
        var signOut = Subcommand("sign-out", "Sign a user out everywhere: all sessions, codes and tokens stop working", SignOutAsync);
        var reset = Subcommand("reset-password", "Set a new password and print it once. The user is signed out everywhere", ResetPasswordAsync);
        var factors = Subcommand("reset-factors", "Remove the authenticator app, the recovery codes and the passkeys of a user. After that the password alone is enough to sign in", ResetFactorsAsync);
        var apps = Subcommand("apps", "List the clients to which a user gave access, with scopes and dates", ListAppsAsync);
        var revoke = new Command("revoke", "Revoke the access of one client to a user: all earlier codes and tokens stop working") { Name, ClientId };
        revoke.SetAction((arguments, cancellation) => Failures.TellAsync(
            () => RunAsync(arguments, (services, name, stopping) => RevokeAppAsync(services, name, arguments.GetRequiredValue(ClientId), stopping), cancellation)));
        return new Command("users", "User accounts")
        {
            DeployedServer.Storage, DeployedServer.TablePrefix, UserList.Create(), InviteCommand.Create(), show, disable, enable, signOut, reset, factors, UserGroups.Create(), apps, revoke,
            Subcommand("delete", "Delete an account. This cannot be undone. The account stops working at once, and the server removes the rest of the data within an hour", DeleteAsync),
        };
    }

    private static Command Subcommand(string name, string description, Func<Accounts, string, CancellationToken, Task<string?>> action) =>
        Subcommand(name, description, (services, user, cancellation) => action(services.GetRequiredService<Accounts>(), user, cancellation));

    private static Command Subcommand(string name, string description, Func<IServiceProvider, string, CancellationToken, Task<string?>> action)
    {
        var command = new Command(name, description) { Name };
        command.SetAction((arguments, cancellation) => Failures.TellAsync(() => RunAsync(arguments, action, cancellation)));
        return command;
    }

    /// <param name="action">Returns a line for the operator, or null if there is no such user.</param>
    public static async Task RunAsync(ParseResult arguments, Func<IServiceProvider, string, CancellationToken, Task<string?>> action, CancellationToken cancellation)
    {
        await using var app = DeployedServer.Open(arguments);
        var name = arguments.GetRequiredValue(Name);
        var answer = await action(app.Services, name, cancellation);
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
            $"Can sign in  {(user.DeletedAt is not null ? "no, it was deleted" : user.Disabled ? "no, it is disabled" : user.PasswordHash is null ? "no, it has no password" : "yes")}",
            $"Groups       {(user.Groups.Count == 0 ? "none" : string.Join(' ', user.Groups))}",
            $"Signed out   {(user.SessionsValidFrom is { } from ? $"everything before {from.ToString("u", CultureInfo.InvariantCulture)}" : "never")}",
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
            ? $"User {user.Username} has a new password, which is shown only once: {password}"
            : null;
    }

    private static async Task<string?> ResetFactorsAsync(IServiceProvider services, string name, CancellationToken cancellation)
    {
        if (await services.GetRequiredService<Accounts>().FindAsync(name, cancellation) is not { } user)
            return null;
        var person = await services.GetRequiredService<ICredentialStore>().FindAsync(user.Subject, cancellation);
        var passkeys = await services.GetRequiredService<PasskeyKeeper>().RemoveAllAsync(user, cancellation);
        var hadApp = await services.GetRequiredService<OwnFactors>().RemoveAsync(person.Factors, AuditActor.Operator, cancellation);
        return hadApp || passkeys > 0
            ? $"User {user.Username} has no authenticator app and no passkeys any more.{(user.PasswordHash is null ? " The user has no password either. Set one with reset-password." : "")}"
            : $"User {user.Username} had no second factor.";
    }

    private static async Task<string?> DeleteAsync(IServiceProvider services, string name, CancellationToken cancellation)
    {
        if (await services.GetRequiredService<Accounts>().FindAsync(name, cancellation) is not { } user)
            return null;
        await services.GetRequiredService<AccountDeletion>().BeginAsync(user, cancellation);
        return $"User {user.Username} is deleted. Nobody can sign in to the account any more. The server removes the rest of the data within an hour.";
    }

    private static async Task<string?> ListAppsAsync(IServiceProvider services, string name, CancellationToken cancellation)
    {
        if (await services.GetRequiredService<Accounts>().FindAsync(name, cancellation) is not { } user)
            return null;
        var apps = await services.GetRequiredService<ConsentKeeper>().ListAsync(user.Subject, cancellation);
        return apps.Count == 0
            ? $"User {user.Username} has not given access to any client."
            : string.Join(Environment.NewLine, apps.Select(app =>
                $"{app.ClientId}  since {app.GrantedAt.ToString("u", CultureInfo.InvariantCulture)}  {string.Join(' ', [.. app.Scopes, .. app.Resources, .. app.Claims])}"));
    }

    private static async Task<string?> RevokeAppAsync(IServiceProvider services, string name, string clientId, CancellationToken cancellation)
    {
        if (await services.GetRequiredService<Accounts>().FindAsync(name, cancellation) is not { } user)
            return null;
        return await services.GetRequiredService<ConsentKeeper>().RevokeAsync(user.Subject, clientId, AuditActor.Operator, cancellation)
            ? $"Client {clientId} has no access to user {user.Username} any more."
            : throw new UsageException($"Client {clientId} has no access to user {user.Username}.");
    }
}
