using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Manage.Api;
using FunctionsAuth.Protocol.Manage.People;
using FunctionsAuth.Protocol.Pages;

namespace FunctionsAuth.Protocol.Manage.Pages;

/// <summary>The actions of the buttons on the page of a user.</summary>
internal static class PersonActions
{
    public const string Disable = "disable";
    public const string Enable = "enable";
    public const string Unlock = "unlock";
    public const string SignOut = "sign_out";
    public const string ResetPassword = "reset_password";
    public const string ResetFactors = "reset_factors";
    public const string Invite = "invite";
    public const string InviteByMail = "invite_by_mail";
    public const string EndSession = "end_session";
    public const string RevokeConsent = "revoke_consent";
    public const string AddGroup = "add_group";
    public const string RemoveGroup = "remove_group";

    public static async Task<ManageResult> RunAsync(ManageVisit visit, Parameters form, CancellationToken cancellation)
    {
        var target = form[PageFields.Target];
        switch (form[PageFields.Action])
        {
            case Disable:
                await visit.CallAsync("disable_user", cancellation);
                return new(null, Phrase.Of($"The account is disabled, and signed out everywhere."));
            case Enable:
                await visit.CallAsync("enable_user", cancellation);
                return new(null, Phrase.Of($"The account is enabled."));
            case Unlock:
                await visit.CallAsync("unlock_user", cancellation);
                return new(null, Phrase.Of($"The person may try to sign in again at once."));
            case SignOut:
                await visit.CallAsync("sign_out_user", cancellation);
                return new(null, Phrase.Of($"The person is signed out everywhere."));
            case ResetFactors:
                await visit.CallAsync("reset_factors_user", cancellation);
                return new(null, Phrase.Of($"The password alone is now enough to sign in."));
            case ResetPassword:
                return await NewPasswordAsync(visit, visit.Route["subject"], cancellation);
            case Invite or InviteByMail:
                return await InviteAsync(visit, visit.Route["subject"], form[PageFields.Action] == InviteByMail, cancellation);
            case EndSession:
                await visit.CallAsync("end_user_session", cancellation, values: [("session", target)]);
                return new(null, Phrase.Of($"The session is ended. Apps that can be told of it were told."));
            case RevokeConsent:
                await visit.CallAsync("revoke_user_consent", cancellation, values: [("client_id", ResourceKey.Of(target ?? ""))]);
                return new(null, Phrase.Of($"The app has no access any more."));
            case AddGroup:
                await visit.CallAsync("add_group_member", cancellation, new JsonObject { ["subject"] = ResourceKey.NameOf(visit.Route["subject"]) }, values: [("group", ResourceKey.Of((form["group"] ?? "").Trim()))]);
                return new(null, Phrase.Of($"Done."));
            case RemoveGroup:
                await visit.CallAsync("remove_group_member", cancellation, values: [("group", ResourceKey.Of(target ?? ""))]);
                return new(null, Phrase.Of($"Done."));
            default:
                return new(null);
        }
    }

    /// <param name="key">The key of the user.</param>
    public static async Task<ManageResult> NewPasswordAsync(ManageVisit visit, string key, CancellationToken cancellation)
    {
        var made = (NewPasswordView)(await visit.CallAsync("reset_password_user", cancellation, values: [("subject", key)])).Value!;
        return new(null, Phrase.Of($"The account has a new password, and is signed out everywhere."), new ManageSnippet(made.Password, Phrase.Of($"The new password, which is shown this once"), IsSecret: true));
    }

    public static async Task<ManageResult> InviteAsync(ManageVisit visit, string key, bool byMail, CancellationToken cancellation)
    {
        var made = (InvitationView)(await visit.CallAsync("invite_user", cancellation, new JsonObject { ["mail"] = byMail }, values: [("subject", key)])).Value!;
        return made.Link is null
            ? new(null, Phrase.Of($"A mail with a link is on its way. The link works once, until {made.ExpiresAt}."))
            : new(null, Phrase.Of($"Give this link to the person. It works once, until {made.ExpiresAt}."), new ManageSnippet(made.Link, Phrase.Of($"The link, which is shown this once"), IsSecret: true));
    }
}
