using System.CommandLine;
using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Groups;
using FunctionsAuth.Protocol.Notices;
using FunctionsAuth.Protocol.Recovery;
using FunctionsAuth.Protocol.Tickets;
using FunctionsAuth.Protocol.Users;
using Microsoft.Extensions.DependencyInjection;

namespace FunctionsAuth.LocalHost.Commands.Deployed;

/// <summary>
/// Creates an account without a password, and a link with which the user chooses one. If the user has not accepted yet, running it again creates
/// another link.
/// </summary>
internal static class InviteCommand
{
    private static readonly Argument<string> Email = new("email") { Description = "The person's email address" };
    private static readonly Option<string> Url = new("--url") { Description = "The public URL of the server, such as https://login.example.com", Required = true };
    private static readonly Option<string[]> InGroup = new("--group") { Description = "Add the user to this group. Can be repeated" };
    private static readonly Option<string?> Operator = new("--operator") { Description = "The setting OperatorName of the server, for the text of the mail" };
    private static readonly Option<bool> Mail = new("--mail") { Description = "The server sends the link by mail instead of printing it" };

    public static Command Create()
    {
        var command = new Command("invite", "Invite a user: create an account and a link with which the user chooses a password") { UsersCommand.Name, Email, Url, InGroup, Operator, Mail };
        command.SetAction((arguments, cancellation) => Failures.TellAsync(() => RunAsync(arguments, cancellation)));
        return command;
    }

    private static async Task RunAsync(ParseResult arguments, CancellationToken cancellation)
    {
        var (name, email) = (arguments.GetRequiredValue(UsersCommand.Name).Trim(), arguments.GetRequiredValue(Email).Trim());
        if (UsernameRules.ProblemOf(name) is { } problem)
            throw new UsageException($"The username {problem}.");
        if (EmailRules.ProblemOf(email) is { } wrong)
            throw new UsageException(wrong.ToString());
        await using var app = DeployedServer.OpenWith(new() { ["Issuer"] = arguments.GetRequiredValue(Url), ["OperatorName"] = arguments.GetValue(Operator) }, arguments);
        var user = await FindOrMakeAsync(app.Services, name, email, arguments.GetValue(InGroup) ?? [], cancellation);
        var text = await app.Services.GetRequiredService<Invitations>().InviteAsync(user, cancellation);
        var mails = app.Services.GetRequiredService<LinkMails>();
        if (!arguments.GetValue(Mail))
        {
            Console.WriteLine($"User {name} is invited. Give this link to the user to choose a password. The link works once, for {Invitations.Life.Days} days: {mails.LinkOf(TicketPurpose.Invitation, text)}");
            return;
        }
        await mails.SendAsync(TicketPurpose.Invitation, email, text, Invitations.Life, sends: true, cancellation);
        Console.WriteLine($"User {name} is invited. The server sends the link to {email}. The link works once, for {Invitations.Life.Days} days.");
    }

    private static async Task<User> FindOrMakeAsync(IServiceProvider services, string name, string email, string[] groups, CancellationToken cancellation)
    {
        var users = services.GetRequiredService<IUserStore>();
        var made = new User
        {
            Subject = User.NewSubject(),
            Username = name,
            Claims = new JsonObject { ["email"] = email, ["email_verified"] = false },
            Groups = Group.Normalize(groups),
        };
        if (await users.FindOwnerAsync(email, cancellation) is { } owner && owner != await users.FindSubjectAsync(name, cancellation))
            throw new UsageException($"The address {email} belongs to another account.");
        if (await users.TryCreateAsync(made, byOperator: true, cancellation))
            return made;
        return await services.GetRequiredService<Accounts>().FindAsync(name, cancellation) is { PasswordHash: null, Disabled: false } invited && (string?)invited.Claims["email"] == email
            ? invited
            : throw new UsageException($"User {name} exists already, with a password or another address.");
    }
}
