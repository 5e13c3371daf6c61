using FunctionsAuth.Protocol.Audit;

namespace FunctionsAuth.Protocol.Endpoints.Account;

/// <summary>Events as sentences for the person whom they concern.</summary>
internal static class EventText
{
    /// <summary>Somebody else may be behind it.</summary>
    public static bool IsWarning(AuditKind kind) => kind is AuditKind.SignInFailed or AuditKind.RecoveryCodeUsed or AuditKind.PasswordReset or AuditKind.PasskeyCountedBack or AuditKind.CodeReused or AuditKind.RefreshTokenReused;

    /// <param name="client">The name of the app; null where none is concerned.</param>
    public static string Of(AuditEvent entry, string? client) => entry.Kind switch
    {
        AuditKind.SignIn => client is null ? "You signed in." : $"You signed in to {client}.",
        AuditKind.SignInFailed => entry.Detail switch
        {
            nameof(SignInFailure.Throttled) => "Somebody tried to sign in after too many wrong passwords, and was refused.",
            nameof(SignInFailure.WrongCode) => "Somebody who knows your password tried to sign in with a wrong code.",
            nameof(SignInFailure.ThrottledCode) => "Somebody who knows your password tried to sign in after too many wrong codes, and was refused.",
            nameof(SignInFailure.Disabled) => "Somebody tried to sign in while the account was disabled.",
            nameof(SignInFailure.WrongPasskey) => "Somebody tried to sign in with a passkey of yours, and was refused.",
            _ => "Somebody tried to sign in with a wrong password.",
        },
        AuditKind.AccountCreated => "You made this account.",
        AuditKind.AccountDisabled => "The account was disabled by an administrator.",
        AuditKind.AccountEnabled => "The account was enabled by an administrator.",
        AuditKind.PasswordChanged => ByWhom(entry, "Your password was changed"),
        AuditKind.PasswordReset => "Your password was changed by a link in a mail.",
        AuditKind.EmailChanged => "Your email address was changed and verified.",
        AuditKind.EmailRestored => "A change of your email address was taken back by a link in a mail.",
        AuditKind.TermsAccepted => $"You accepted the terms of service, version {entry.Detail}.",
        AuditKind.Invited => "An administrator invited you.",
        AuditKind.InvitationAccepted => "You accepted the invitation and chose a password.",
        AuditKind.UsernameChanged => ByWhom(entry, "Your username was changed"),
        AuditKind.ProfileChanged => ByWhom(entry, "Your profile was changed"),
        AuditKind.GroupsChanged => ByWhom(entry, "Your groups were changed"),
        AuditKind.SecondFactorAdded => "You set up an app for codes.",
        AuditKind.SecondFactorRemoved => ByWhom(entry, "The app for codes was taken away"),
        AuditKind.RecoveryCodesMade => "You made new recovery codes.",
        AuditKind.RecoveryCodeUsed => $"A recovery code was used: {entry.Detail}.",
        AuditKind.PasskeyAdded => "You added a passkey.",
        AuditKind.PasskeyRenamed => "You renamed a passkey.",
        AuditKind.PasskeyRemoved => ByWhom(entry, "A passkey was removed"),
        AuditKind.PasskeyCountedBack => "A passkey of yours was refused, as there may be a second copy of it. Remove it and add a new one.",
        AuditKind.DataDownloaded => "You downloaded a copy of your data.",
        AuditKind.SessionEnded => "A session of yours was ended.",
        AuditKind.SignedOutEverywhere => ByWhom(entry, "You were signed out everywhere"),
        AuditKind.ConsentGiven => $"{client} was given access to your account.",
        AuditKind.ConsentRevoked => ByWhom(entry, $"The access of {client} was taken back"),
        AuditKind.NotAdmitted => $"You tried to use {client} and have no access to it.",
        AuditKind.GrantRevoked => $"{client} gave its access back.",
        AuditKind.CodeReused or AuditKind.RefreshTokenReused => $"Something that only {client} should have was used twice, so its access was ended.",
        var kind => kind.ToString(),
    };

    private static string ByWhom(AuditEvent entry, string what) => entry.Actor == AuditActor.Operator ? $"{what} by an administrator." : $"{what} by you.";
}
