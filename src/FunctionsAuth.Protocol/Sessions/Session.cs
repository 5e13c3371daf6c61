using System.Buffers.Text;
using System.Security.Cryptography;
using FunctionsAuth.Protocol.Claims;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Users;

namespace FunctionsAuth.Protocol.Sessions;

/// <summary>A browser in which a user signed in.</summary>
public sealed record Session
{
    /// <summary>It ends at the absolute end of the session. Its text is the <c>sid</c> of ID tokens, which is not a secret.</summary>
    public required RecordAddress Address { get; init; }

    /// <summary>SHA-256 of the secret in the cookie.</summary>
    public required byte[] SecretHash { get; init; }

    public required string Subject { get; init; }

    /// <summary>The user record at the time of the login, or the current one if it was read together with the session.</summary>
    public required string Username { get; init; }

    public required DateTimeOffset AuthTime { get; init; }

    /// <summary>The claims of the user for ID tokens, as they were when the session was confirmed. They are not stored.</summary>
    public UserSnapshot? UserSnapshot { get; init; }

    /// <summary>The groups of the user when the session was confirmed. They are not stored.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>The methods by which the user signed in (RFC 8176).</summary>
    public required IReadOnlyList<string> Amr { get; init; }

    /// <summary>The proofs that the user gave in this session, each with its time.</summary>
    public IReadOnlyList<Proof> Proofs { get; init; } = [];

    /// <summary>"Keep me signed in": the cookie stays when the browser is closed.</summary>
    public required bool Remembered { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }
    public required DateTimeOffset LastUsedAt { get; init; }
    public required TimeSpan IdleLifetime { get; init; }

    /// <summary>The browser and the operating system in which the session began, such as <c>Firefox on Windows</c>; null if unknown.</summary>
    public string? Browser { get; init; }

    /// <summary>The country in which the session began (ISO 3166-1, two letters); null if unknown.</summary>
    public string? Country { get; init; }

    /// <summary>The client that sent the password itself (RFC 6749 §4.3). Such a session belongs to no browser. Null for all other sessions.</summary>
    public string? PasswordClient { get; init; }

    /// <summary>
    /// The earlier sessions of the same user in the same browser that this session replaced, newest first. No cookie opens them any more, but refresh
    /// tokens of other clients still depend on them. They end together with this session.
    /// </summary>
    public IReadOnlyList<RecordAddress> Former { get; init; } = [];

    /// <summary>
    /// Identifies the session in a cookie that scripts of this server can read (OpenID Connect Session Management §3.2). It changes with the session.
    /// Neither the secret nor the address of the session can be derived from it.
    /// </summary>
    public string BrowserState() => Base64Url.EncodeToString(SHA256.HashData([.. "browser state"u8, .. SecretHash]));

    /// <summary>Another session replaced this one, so its cookie no longer opens it.</summary>
    public bool IsClosed => SecretHash.Length == 0 && PasswordClient is null;

    public bool IsLive(DateTimeOffset now) => now < ExpiresAt && now < LastUsedAt + IdleLifetime;

    /// <summary>
    /// The time of last use is written only after a quarter of the idle lifetime, so that an active session does not need a write for each request.
    /// </summary>
    public bool IsWorthTouching(DateTimeOffset now) => now >= LastUsedAt + (IdleLifetime / 4);
}

public interface ISessionStore
{
    Task InsertAsync(Session session, CancellationToken cancellation);
    Task<Session?> FindAsync(RecordAddress address, CancellationToken cancellation);

    /// <summary>The active sessions of a user, newest first. Sessions that were started by earlier releases are not included.</summary>
    /// <param name="until">No session ends later than this.</param>
    /// <param name="most">So many at most.</param>
    Task<IReadOnlyList<Session>> ListAsync(string subject, DateTimeOffset now, DateTimeOffset until, int most, CancellationToken cancellation);

    /// <summary>Updates <see cref="Session.LastUsedAt"/>. A session that ended in the meantime stays ended.</summary>
    Task TouchAsync(Session session, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Makes the cookie of the session invalid. Tokens that depend on the session stay valid.</summary>
    Task CloseAsync(RecordAddress address, CancellationToken cancellation);

    /// <summary>
    /// Ends a session. It is no error if the session has ended already. The list of its clients is kept until the last hour of the session is over.
    /// </summary>
    Task DeleteAsync(RecordAddress address, CancellationToken cancellation);

    /// <summary>Stores that the client took part in the session. Several calls for one client, even at the same time, store it once.</summary>
    Task AddClientAsync(RecordAddress address, string clientId, CancellationToken cancellation);

    /// <summary>The ids of the clients that took part in the session, in no particular order. The session may have ended.</summary>
    Task<IReadOnlyList<string>> ClientsOfAsync(RecordAddress address, CancellationToken cancellation);
}
