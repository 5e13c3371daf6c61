using FunctionsAuth.Protocol.Audit;

namespace FunctionsAuth.Protocol.Webhooks;

/// <summary>The public names of events. Other systems depend on the names, so they must not change.</summary>
public static class EventTypes
{
    /// <summary>The test event, which an operator sends to try a webhook. No webhook subscribes to it.</summary>
    public const string Ping = "test.ping";

    /// <summary>All types that a webhook can subscribe to.</summary>
    public static IReadOnlySet<string> Names { get; } = Enum.GetValues<AuditKind>().Select(Of).OfType<string>().ToHashSet();

    /// <summary>The type of an event; null for events that are not sent to webhooks.</summary>
    public static string? Of(AuditKind kind) => kind switch
    {
        AuditKind.SignIn => "sign_in.succeeded",
        AuditKind.SignInFailed => "sign_in.failed",
        AuditKind.NotAdmitted => "sign_in.not_admitted",
        AuditKind.AccountCreated => "user.created",
        AuditKind.AccountDisabled => "user.disabled",
        AuditKind.AccountEnabled => "user.enabled",
        AuditKind.AccountUnlocked => "user.unlocked",
        AuditKind.AccountDeleted => "user.deleted",
        AuditKind.PasswordChanged => "user.password_changed",
        AuditKind.PasswordReset => "user.password_reset",
        AuditKind.UsernameChanged => "user.username_changed",
        AuditKind.ProfileChanged => "user.profile_changed",
        AuditKind.GroupsChanged => "user.groups_changed",
        AuditKind.EmailChanged => "user.email_changed",
        AuditKind.EmailRestored => "user.email_restored",
        AuditKind.DataDownloaded => "user.data_downloaded",
        AuditKind.TermsAccepted => "user.terms_accepted",
        AuditKind.Invited => "user.invited",
        AuditKind.InvitationAccepted => "user.invitation_accepted",
        AuditKind.SessionEnded => "session.ended",
        AuditKind.SignedOutEverywhere => "session.all_ended",
        AuditKind.ConsentGiven => "consent.given",
        AuditKind.ConsentRevoked => "consent.revoked",
        AuditKind.GrantRevoked => "grant.revoked",
        AuditKind.CodeReused => "grant.code_reused",
        AuditKind.RefreshTokenReused => "grant.refresh_token_reused",
        AuditKind.TokensIssued => "tokens.issued",
        AuditKind.ClientNotAuthenticated => "client.not_authenticated",
        AuditKind.ClientRegistered => "client.registered",
        AuditKind.ClientChanged => "client.changed",
        AuditKind.ClientDeleted => "client.deleted",
        AuditKind.KeyCreated => "key.created",
        AuditKind.KeyDisabled => "key.disabled",
        AuditKind.Imported => "import.finished",
        AuditKind.SecondFactorAdded => "second_factor.added",
        AuditKind.SecondFactorRemoved => "second_factor.removed",
        AuditKind.RecoveryCodesMade => "recovery_codes.made",
        AuditKind.RecoveryCodeUsed => "recovery_codes.used",
        AuditKind.PasskeyAdded => "passkey.added",
        AuditKind.PasskeyRenamed => "passkey.renamed",
        AuditKind.PasskeyRemoved => "passkey.removed",
        AuditKind.PasskeyCountedBack => "passkey.counted_back",
        AuditKind.DeliveryGivenUp => "delivery.given_up",
        AuditKind.WebhookChanged => "webhook.changed",
        AuditKind.ConfigurationChanged => "configuration.changed",
        _ => null,
    };
}
