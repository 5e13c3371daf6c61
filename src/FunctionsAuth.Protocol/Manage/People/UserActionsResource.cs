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

/// <summary>Actions of an operator on the account of a user. Each is one conditional write, which every grant type and every token check reads.</summary>
public sealed class UserActionsResource(
    ManagedUsers managed, Accounts accounts, SessionEnder sessions, UserFactors factors, Invitations invitations, LinkMails mails, ServerOptions options, TimeProvider clock) : ManageResource
{
    private const int PasswordLength = 20;

    // Without letters and digits that look alike.
    private const string PasswordAlphabet = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    public override string Tag => "users";

    public override IReadOnlyList<Operation> Operations =>
    [
        Action("disable", "Disables an account: nobody can sign in to it, and all its sessions, codes and tokens stop working.", DisableAsync, 6),
        Action("enable", "Enables a disabled account. The user can sign in again. Sessions, codes and tokens from before stay invalid.", (call, stop) => ChangeAsync(call, accounts.EnableAsync, stop), 4),
        Action("unlock", "Unlocks an account after too many wrong passwords or codes, so that the user can try again at once.", UnlockAsync, 6),
        Action("sign_out", "Signs a user out everywhere: all sessions, codes and tokens stop working, and the clients are told.", SignOutAsync, 6) with { Scope = ManageScopes.UsersWrite },
        Action("reset_factors", "Removes the authenticator app, the recovery codes and the passkeys of a user who lost them. After that the password alone is enough to sign in.", ResetFactorsAsync, 12),
        Action("reset_password", "Sets a new password. If the body has none, the server creates one, which is only in this answer.", ResetPasswordAsync, 6) with
        {
            Body = typeof(PasswordInput), IsBodyOptional = true, Result = typeof(NewPasswordView),
        },
        Action("invite", "Creates a link with which a user without a password chooses one. The link is for the address in the claim email.", InviteAsync, 4) with
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
            throw ApiProblem.Invalid("The password is not valid", new ApiFault("password", $"must have at least {PasswordRules.MinLength} characters"));
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
            throw ApiProblem.Conflict("has_password", "The user has a password already or is disabled: an invitation is only for an enabled user without a password");
        if ((user.Claims["email"] as System.Text.Json.Nodes.JsonValue)?.ToString() is not { } address || !MailMessage.IsAddress(address))
            throw ApiProblem.Conflict("no_address", "The user has no email claim, so there is no address for the invitation");
        if (byMail && !options.Mail.IsConfigured)
            throw ApiProblem.Conflict("no_mail", "The server has no mail settings: send the request without mail, and the answer contains the link");
        var ticket = await invitations.InviteAsync(user, cancellation);
        if (byMail)
            await mails.SendAsync(TicketPurpose.Invitation, address, ticket, Invitations.Life, sends: true, cancellation, user.Locale);
        return ApiAnswer.Of(new InvitationView(clock.GetUtcNow() + Invitations.Life, byMail ? null : mails.LinkOf(TicketPurpose.Invitation, ticket)));
    }
}
