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
/// Makes an account without a password, and a link by which its owner chooses one. Doing it again for somebody who has not accepted yet makes
/// another link.
/// </summary>
internal static class InviteCommand
{
    private static readonly Argument<string> Email = new("email") { Description = "The person's email address" };
    private static readonly Option<string> Url = new("--url") { Description = "Where people reach the server, such as https://login.example.com", Required = true };
    private static readonly Option<string[]> InGroup = new("--group") { Description = "A group that the person is in; can be repeated" };
    private static readonly Option<string?> Operator = new("--operator") { Description = "The OperatorName of the server, for the mail" };
    private static readonly Option<bool> Mail = new("--mail") { Description = "The server sends the link by mail, and it is not printed" };

    public static Command Create()
    {
        var command = new Command("invite", "Invite somebody: make an account, and a link by which its owner chooses the password") { UsersCommand.Name, Email, Url, InGroup, Operator, Mail };
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
            Console.WriteLine($"User {name} is invited. Whoever has this link chooses the password, once, within {Invitations.Life.Days} days: {mails.LinkOf(TicketPurpose.Invitation, text)}");
            return;
        }
        await mails.SendAsync(TicketPurpose.Invitation, email, text, Invitations.Life, sends: true, cancellation);
        Console.WriteLine($"User {name} is invited. The server sends the link to {email}; it works once, for {Invitations.Life.Days} days.");
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
            : throw new UsageException($"User {name} is there already, with a password or another address.");
    }
}
