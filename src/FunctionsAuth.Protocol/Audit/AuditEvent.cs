using System.Globalization;

namespace FunctionsAuth.Protocol.Audit;

/// <summary>An event that an operator may look up later, and the user whom it concerns.</summary>
public sealed record AuditEvent
{
    private const int IdLength = 24;
    private const int TimeLength = 16;

    /// <summary>Identifies the event. Later events have a smaller id. Empty for an event that is not stored yet.</summary>
    public string Id { get; init; } = "";

    public required AuditKind Kind { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>The user whom it concerns; null if there is none, or no known one.</summary>
    public string? Subject { get; init; }

    /// <summary>The client for which it happened.</summary>
    public string? ClientId { get; init; }

    /// <summary>Who did it.</summary>
    public required AuditActor Actor { get; init; }

    /// <summary>The manager: the subject of a user, or <c>client</c> and the id of a client. Null if there is none, or for a command on storage.</summary>
    public string? By { get; init; }

    /// <summary>More details, such as the reason of a failure, in English. It has no text that somebody typed.</summary>
    public string? Detail { get; init; }

    /// <summary>The network of the request, if known: see <see cref="Configuration.ClientAddressOptions"/>.</summary>
    public string? Network { get; init; }

    /// <summary>The browser and the system of the request, such as <c>Firefox on Windows</c>.</summary>
    public string? Browser { get; init; }

    /// <summary>The country of the request (ISO 3166-1, two letters), if known.</summary>
    public string? Country { get; init; }

    /// <summary>The time in the id of an event; null if the text is not an id.</summary>
    public static DateTimeOffset? TimeOf(string id) =>
        id.Length == IdLength && id.All(char.IsAsciiHexDigitLower) && long.TryParse(id.AsSpan(0, TimeLength), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var ticks)
        && ticks is >= 0 && ticks <= DateTimeOffset.MaxValue.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks
            ? new DateTimeOffset(DateTimeOffset.MaxValue.UtcTicks - ticks, TimeSpan.Zero)
            : null;

    /// <summary>An id that no event has. Events before that time come after it.</summary>
    public static string IdBehind(DateTimeOffset moment) => (DateTimeOffset.MaxValue.UtcTicks - moment.UtcTicks).ToString("x16", CultureInfo.InvariantCulture) + new string('f', IdLength - TimeLength);
}

/// <summary>Who caused an event.</summary>
public enum AuditActor
{
    /// <summary>The user, or somebody who tried to sign in as the user.</summary>
    Person,

    Client,

    Operator,

    /// <summary>The server itself: a timer, or a rule that a request broke.</summary>
    Server,
}

/// <summary>The kinds of events. The names are stored in rows, so they must not change.</summary>
public enum AuditKind
{
    SignIn,
    SignInFailed,
    AccountCreated,
    AccountDisabled,
    AccountEnabled,
    AccountDeleted,
    PasswordChanged,
    UsernameChanged,
    ProfileChanged,
    GroupsChanged,
    DataDownloaded,
    SessionEnded,
    SignedOutEverywhere,
    ConsentGiven,
    ConsentRevoked,
    NotAdmitted,
    GrantRevoked,
    CodeReused,
    RefreshTokenReused,
    TokensIssued,
    ClientNotAuthenticated,
    ClientRegistered,
    ClientChanged,
    ClientDeleted,
    KeyCreated,
    KeyDisabled,
    Imported,
    SecondFactorAdded,
    SecondFactorRemoved,
    RecoveryCodesMade,
    RecoveryCodeUsed,
    DeliveryGivenUp,
    PasskeyAdded,
    PasskeyRenamed,
    PasskeyRemoved,
    PasskeyCountedBack,
    PasswordReset,
    EmailChanged,
    EmailRestored,
    TermsAccepted,
    Invited,
    InvitationAccepted,
    ConfigurationChanged,
    AccountUnlocked,
    WebhookChanged,
}

/// <summary>The filter of a search. An event must match all given values.</summary>
/// <param name="From">The earliest time.</param>
/// <param name="To">The latest time.</param>
/// <param name="Most">The largest number of events, newest first.</param>
public sealed record AuditQuery(DateTimeOffset From, DateTimeOffset To, int Most)
{
    public string? Subject { get; init; }
    public string? ClientId { get; init; }
    public AuditKind? Kind { get; init; }

    /// <summary>Only events after the event with this id in the list, which happened before it.</summary>
    public string? After { get; init; }

    /// <summary>All kinds except this one.</summary>
    public AuditKind? Without { get; init; }
}

public interface IAuditStore
{
    Task WriteAsync(AuditEvent entry);

    /// <summary>The newest first. The cost depends on the number of events in the time range, or on the number of events of the given user.</summary>
    Task<IReadOnlyList<AuditEvent>> FindAsync(AuditQuery query, CancellationToken cancellation);

    /// <summary>Replaces a user in all events by a pseudonym, and removes network, browser and country. It can be stopped at any point and run again.</summary>
    Task ForgetAsync(string subject, string pseudonym, CancellationToken cancellation);
}
