using System.Security.Cryptography;
using FunctionsAuth.Protocol.Manage.Api;
using FunctionsAuth.Protocol.Mail;
using FunctionsAuth.Protocol.Notices;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Recovery;
using FunctionsAuth.Protocol.Scopes;
using FunctionsAuth.Protocol.SessionEnd;
using FunctionsAuth.Protocol.Tickets;
using FunctionsAuth.Protocol.Users;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Manage.People;

/// <summary>What an operator does to the account of a person. Each is one conditional write, which every grant type and every reader of tokens asks.</summary>
public sealed class UserActionsResource(
    ManagedUsers managed, Accounts accounts, SessionEnder sessions, UserFactors factors, Invitations invitations, LinkMails mails, ServerOptions options, TimeProvider clock) : ManageResource
{
    private const int PasswordLength = 20;

    // Without letters and digits that look alike.
    private const string PasswordAlphabet = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    public override string Tag => "users";

    public override IReadOnlyList<Operation> Operations =>
    [
        Action("disable", "Disables an account: nobody signs in to it, and no session, code or token of before works any more.", DisableAsync, 6),
        Action("enable", "Enables a disabled account. The person signs in again, and what was handed out before stays dead.", (call, stop) => ChangeAsync(call, accounts.EnableAsync, stop), 4),
        Action("unlock", "Lets a person try to sign in again at once, who entered too many wrong passwords or codes.", UnlockAsync, 6),
        Action("sign_out", "Signs a person out everywhere: no session, code or token of before works any more, and the clients are told.", SignOutAsync, 6) with { Scope = ManageScopes.UsersWrite },
        Action("reset_factors", "Takes the app for codes, the recovery codes and the passkeys of a person away who lost them. The password alone signs in again.", ResetFactorsAsync, 12),
        Action("reset_password", "Gives an account another password. Without one in the body, the server makes one and shows it this once.", ResetPasswordAsync, 6) with
        {
            Body = typeof(PasswordInput), IsBodyOptional = true, Result = typeof(NewPasswordView),
        },
        Action("invite", "Makes a link by which a person without a password chooses one. The claim email says whose mailbox it is for.", InviteAsync, 4) with
        {
            Body = typeof(InvitationInput), IsBodyOptional = true, Result = typeof(InvitationView),
        },
    ];

    private static Operation Action(string name, string summary, Func<ApiCall, CancellationToken, Task<ApiAnswer>> run, int cost) =>
        new($"{name}_user", HttpMethods.Post, $"users/{{subject}}/{name}", ManageScopes.UsersWrite, summary, run) { Result = typeof(UserView), TakesIdempotencyKey = true, Cost = cost };

    private async Task<ApiAnswer> ChangeAsync(ApiCall call, Func<User?, Action<User>?, CancellationToken, Task<User?>> change, CancellationToken cancellation)
    {
        var user = await change(await managed.FindAsync(call, cancellation), managed.Check(call.Caller), cancellation);
        return user is { DeletedAt: null } ? ApiAnswer.Of(UserView.Of(user), user.Version) : throw ApiProblem.NotFound("user");
    }

    private async Task<ApiAnswer> DisableAsync(ApiCall call, CancellationToken cancellation)
    {
        var answer = await ChangeAsync(call, accounts.DisableAsync, cancellation);
        await sessions.EndAllAsync(call.NameOf("subject"), cancellation);
        return answer;
    }

    private async Task<ApiAnswer> SignOutAsync(ApiCall call, CancellationToken cancellation)
    {
        var answer = await ChangeAsync(call, accounts.SignOutEverywhereAsync, cancellation);
        await sessions.EndAllAsync(call.NameOf("subject"), cancellation);
        return answer;
    }

    private async Task<ApiAnswer> UnlockAsync(ApiCall call, CancellationToken cancellation)
    {
        var answer = await ChangeAsync(call, accounts.UnlockAsync, cancellation);
        await factors.UnlockAsync(call.NameOf("subject"), cancellation);
        return answer;
    }

    private async Task<ApiAnswer> ResetFactorsAsync(ApiCall call, CancellationToken cancellation)
    {
        var user = await managed.HoldAsync(call.Caller, await managed.FindAsync(call, cancellation), cancellation);
        await factors.RemoveAllAsync(user, cancellation);
        return ApiAnswer.Of(UserView.Of(user), user.Version);
    }

    private async Task<ApiAnswer> ResetPasswordAsync(ApiCall call, CancellationToken cancellation)
    {
        var wanted = call.Read<PasswordInput>().Password;
        if (wanted is { Length: < PasswordRules.MinLength })
            throw ApiProblem.Invalid("The password can't be that", new ApiFault("password", $"must have at least {PasswordRules.MinLength} characters"));
        var password = wanted ?? RandomNumberGenerator.GetString(PasswordAlphabet, PasswordLength);
        var check = managed.Check(call.Caller);
        await ChangeAsync(call, (user, _, stop) => accounts.SetPasswordAsync(user, password, check, stop), cancellation);
        await sessions.EndAllAsync(call.NameOf("subject"), cancellation);
        return wanted is null ? ApiAnswer.Of(new NewPasswordView(password)) : ApiAnswer.Nothing;
    }

    private async Task<ApiAnswer> InviteAsync(ApiCall call, CancellationToken cancellation)
    {
        var byMail = call.Read<InvitationInput>().Mail ?? false;
        var user = await managed.HoldAsync(call.Caller, await managed.FindAsync(call, cancellation), cancellation);
        if (user.PasswordHash is not null || user.Disabled)
            throw ApiProblem.Conflict("has_password", "The person has a password, or is disabled: an invitation is for somebody who has neither yet");
        if ((user.Claims["email"] as System.Text.Json.Nodes.JsonValue)?.ToString() is not { } address || !MailMessage.IsAddress(address))
            throw ApiProblem.Conflict("no_address", "The claims of the person have no email address to which an invitation could go");
        if (byMail && !options.Mail.IsConfigured)
            throw ApiProblem.Conflict("no_mail", "The server sends no mail: without mail, the answer has the link");
        var ticket = await invitations.InviteAsync(user, cancellation);
        if (byMail)
            await mails.SendAsync(TicketPurpose.Invitation, address, ticket, Invitations.Life, sends: true, cancellation, user.Locale);
        return ApiAnswer.Of(new InvitationView(clock.GetUtcNow() + Invitations.Life, byMail ? null : mails.LinkOf(TicketPurpose.Invitation, ticket)));
    }
}
