using FunctionsAuth.Protocol.Audit;

namespace FunctionsAuth.Protocol.Endpoints.Account;

/// <summary>Events as sentences for the user whom they concern.</summary>
internal static class EventText
{
    /// <summary>Events that may have been caused by somebody else.</summary>
    public static bool IsWarning(AuditKind kind) => kind is AuditKind.SignInFailed or AuditKind.RecoveryCodeUsed or AuditKind.PasswordReset or AuditKind.PasskeyCountedBack or AuditKind.CodeReused or AuditKind.RefreshTokenReused;

    /// <param name="client">The name of the app; null if the event concerns no app.</param>
    public static Phrase Of(AuditEvent entry, Phrase? client) => entry.Kind switch
    {
        AuditKind.SignIn => client is null ? Phrase.Of($"You signed in.") : Phrase.Of($"You signed in to {client}."),
        AuditKind.SignInFailed => entry.Detail switch
        {
            nameof(SignInFailure.Throttled) => Phrase.Of($"Somebody tried to sign in after too many wrong passwords, and was refused."),
            nameof(SignInFailure.WrongCode) => Phrase.Of($"Somebody who knows your password tried to sign in with a wrong code."),
            nameof(SignInFailure.ThrottledCode) => Phrase.Of($"Somebody who knows your password tried to sign in after too many wrong codes, and was refused."),
            nameof(SignInFailure.Disabled) => Phrase.Of($"Somebody tried to sign in while the account was disabled."),
            nameof(SignInFailure.WrongPasskey) => Phrase.Of($"Somebody tried to sign in with a passkey of yours, and was refused."),
            _ => Phrase.Of($"Somebody tried to sign in with a wrong password."),
        },
        AuditKind.AccountCreated => ByWhom(entry, Phrase.Of($"You made this account."), Phrase.Of($"An administrator made this account.")),
        AuditKind.AccountUnlocked => Phrase.Of($"An administrator let you try to sign in again."),
        AuditKind.AccountDisabled => Phrase.Of($"The account was disabled by an administrator."),
        AuditKind.AccountEnabled => Phrase.Of($"The account was enabled by an administrator."),
        AuditKind.PasswordChanged => ByWhom(entry, Phrase.Of($"You changed your password."), Phrase.Of($"An administrator changed your password.")),
        AuditKind.PasswordReset => Phrase.Of($"Your password was changed by a link in a mail."),
        AuditKind.EmailChanged => Phrase.Of($"Your email address was changed and verified."),
        AuditKind.EmailRestored => Phrase.Of($"A change of your email address was taken back by a link in a mail."),
        AuditKind.TermsAccepted => Phrase.Of($"You accepted the terms of service, version {entry.Detail}."),
        AuditKind.Invited => Phrase.Of($"An administrator invited you."),
        AuditKind.InvitationAccepted => Phrase.Of($"You accepted the invitation and chose a password."),
        AuditKind.UsernameChanged => ByWhom(entry, Phrase.Of($"You changed your username."), Phrase.Of($"An administrator changed your username.")),
        AuditKind.ProfileChanged => ByWhom(entry, Phrase.Of($"You changed your profile."), Phrase.Of($"An administrator changed your profile.")),
        AuditKind.GroupsChanged => Phrase.Of($"An administrator changed your groups."),
        AuditKind.SecondFactorAdded => Phrase.Of($"You set up an app for codes."),
        AuditKind.SecondFactorRemoved => ByWhom(entry, Phrase.Of($"You removed the app for codes."), Phrase.Of($"An administrator removed your app for codes.")),
        AuditKind.RecoveryCodesMade => Phrase.Of($"You made new recovery codes."),
        AuditKind.RecoveryCodeUsed => Phrase.Of($"A recovery code was used. What was left: {entry.Detail?.Split(' ')[0]}."),
        AuditKind.PasskeyAdded => Phrase.Of($"You added a passkey."),
        AuditKind.PasskeyRenamed => Phrase.Of($"You renamed a passkey."),
        AuditKind.PasskeyRemoved => ByWhom(entry, Phrase.Of($"You removed a passkey."), Phrase.Of($"An administrator removed a passkey of yours.")),
        AuditKind.PasskeyCountedBack => Phrase.Of($"A passkey of yours was refused, because there may be a copy of it. Remove it and add a new one."),
        AuditKind.DataDownloaded => Phrase.Of($"You downloaded a copy of your data."),
        AuditKind.SessionEnded => Phrase.Of($"A session of yours was ended."),
        AuditKind.SignedOutEverywhere => ByWhom(entry, Phrase.Of($"You signed out everywhere."), Phrase.Of($"An administrator signed you out everywhere.")),
        AuditKind.ConsentGiven => Phrase.Of($"{client} was given access to your account."),
        AuditKind.ConsentRevoked => ByWhom(entry, Phrase.Of($"You took the access of {client} back."), Phrase.Of($"An administrator took the access of {client} back.")),
        AuditKind.NotAdmitted => Phrase.Of($"You tried to use {client} and have no access to it."),
        AuditKind.GrantRevoked => Phrase.Of($"{client} gave its access back."),
        AuditKind.CodeReused or AuditKind.RefreshTokenReused => Phrase.Of($"A code or token of {client} was used twice, so its access was ended."),
        var kind => Phrase.Named(kind.ToString()),
    };

    private static Phrase ByWhom(AuditEvent entry, Phrase byPerson, Phrase byOperator) => entry.Actor == AuditActor.Operator ? byOperator : byPerson;
}
