namespace FunctionsAuth.Protocol.Audit;

/// <summary>One thing that happened, as an operator looks it up later, and the person whom it concerns.</summary>
public sealed record AuditEvent
{
    private const int IdLength = 24;

    /// <summary>Tells it from all other events. Those that happened later have a smaller one. Empty for one that is not stored yet.</summary>
    public string Id { get; init; } = "";

    public required AuditKind Kind { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>The person whom it concerns; null where that is nobody, or nobody whom the server knows.</summary>
    public string? Subject { get; init; }

    /// <summary>The client for which it happened.</summary>
    public string? ClientId { get; init; }

    /// <summary>Who did it.</summary>
    public required AuditActor Actor { get; init; }

    /// <summary>Whoever managed the server: the subject of a person, or <c>client</c> and the id of a client. Null where nobody did, or by a command on storage.</summary>
    public string? By { get; init; }

    /// <summary>What else there is to say, such as the reason of a failure, in English. It has nothing that somebody typed.</summary>
    public string? Detail { get; init; }

    /// <summary>The network of the request, where the server knows it: see <see cref="Configuration.ClientAddressOptions"/>.</summary>
    public string? Network { get; init; }

    /// <summary>The browser and the system of the request, such as <c>Firefox on Windows</c>.</summary>
    public string? Browser { get; init; }

    /// <summary>The country of the request (ISO 3166-1, two letters), where the server knows it.</summary>
    public string? Country { get; init; }

    /// <summary>Whether a text looks like an <see cref="Id"/>.</summary>
    public static bool IsId(string text) => text.Length == IdLength && text.All(char.IsAsciiHexDigitLower);
}

/// <summary>Who did what an event tells.</summary>
public enum AuditActor
{
    /// <summary>The person, or somebody who tried to be that person.</summary>
    Person,

    Client,

    Operator,

    /// <summary>The server itself: a timer, or a rule that a request broke.</summary>
    Server,
}

/// <summary>What happened. The names stand in rows, so they never change.</summary>
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

/// <summary>Which events somebody looks for. All that is given must fit.</summary>
/// <param name="From">The earliest moment.</param>
/// <param name="To">The latest moment.</param>
/// <param name="Most">How many events are returned at most: the newest.</param>
public sealed record AuditQuery(DateTimeOffset From, DateTimeOffset To, int Most)
{
    public string? Subject { get; init; }
    public string? ClientId { get; init; }
    public AuditKind? Kind { get; init; }

    /// <summary>Only what comes behind the event with this id, so what happened before it.</summary>
    public string? After { get; init; }

    /// <summary>All kinds but this one.</summary>
    public AuditKind? Without { get; init; }
}

public interface IAuditStore
{
    Task WriteAsync(AuditEvent entry);

    /// <summary>The newest first. The cost grows with the events of the time that is asked for; of one person, with those of that person.</summary>
    Task<IReadOnlyList<AuditEvent>> FindAsync(AuditQuery query, CancellationToken cancellation);

    /// <summary>
    /// Puts a pseudonym in place of a person in all events, and leaves out their network, browser and country. It can be stopped at any point
    /// and run again.
    /// </summary>
    Task ForgetAsync(string subject, string pseudonym, CancellationToken cancellation);
}
