using System.Buffers.Text;
using System.Security.Cryptography;
using FunctionsAuth.Protocol.Claims;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Users;

namespace FunctionsAuth.Protocol.Sessions;

/// <summary>A browser in which a user signed in.</summary>
public sealed record Session
{
    /// <summary>Its end is the session's absolute end. As text it is the <c>sid</c> of ID tokens: no secret.</summary>
    public required RecordAddress Address { get; init; }

    /// <summary>SHA-256 of what the cookie holds.</summary>
    public required byte[] SecretHash { get; init; }

    public required string Subject { get; init; }

    /// <summary>As it was at the login, or, where the user was read beside the session, as it is.</summary>
    public required string Username { get; init; }

    public required DateTimeOffset AuthTime { get; init; }

    /// <summary>What ID tokens say of the user, as it was when the session was confirmed. It is not stored.</summary>
    public UserSnapshot? UserSnapshot { get; init; }

    /// <summary>The groups of the user when the session was confirmed. They are not stored.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>The methods by which the user signed in (RFC 8176).</summary>
    public required IReadOnlyList<string> Amr { get; init; }

    /// <summary>What the user proved in this session, each with its time.</summary>
    public IReadOnlyList<Proof> Proofs { get; init; } = [];

    /// <summary>"Keep me signed in": the cookie outlives the browser.</summary>
    public required bool Remembered { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }
    public required DateTimeOffset LastUsedAt { get; init; }
    public required TimeSpan IdleLifetime { get; init; }

    /// <summary>The browser and the system in which it began, such as <c>Firefox on Windows</c>; null where they are not known.</summary>
    public string? Browser { get; init; }

    /// <summary>The country in which it began (ISO 3166-1, two letters); null where it is not known.</summary>
    public string? Country { get; init; }

    /// <summary>The client that brought the password itself (RFC 6749 §4.3): no browser has this session. Null for all others.</summary>
    public string? PasswordClient { get; init; }

    /// <summary>
    /// The sessions of the same user in the same browser that this one took over from, newest first: no cookie opens them any
    /// more, but refresh tokens of other clients live as long as they do. They end with this one.
    /// </summary>
    public IReadOnlyList<RecordAddress> Former { get; init; } = [];

    /// <summary>
    /// Stands for the session in a cookie that scripts of this server may read (OpenID Connect Session Management §3.2). It
    /// changes with the session, and neither the session's secret nor its address can be had from it.
    /// </summary>
    public string BrowserState() => Base64Url.EncodeToString(SHA256.HashData([.. "browser state"u8, .. SecretHash]));

    /// <summary>Another session took over from it, and its cookie opens it no more.</summary>
    public bool IsClosed => SecretHash.Length == 0 && PasswordClient is null;

    public bool IsLive(DateTimeOffset now) => now < ExpiresAt && now < LastUsedAt + IdleLifetime;

    /// <summary>
    /// A use is written down only once a quarter of the idle lifetime has passed, so that a session in use costs a write
    /// now and then and not one a request.
    /// </summary>
    public bool IsWorthTouching(DateTimeOffset now) => now >= LastUsedAt + (IdleLifetime / 4);
}

public interface ISessionStore
{
    Task InsertAsync(Session session, CancellationToken cancellation);
    Task<Session?> FindAsync(RecordAddress address, CancellationToken cancellation);

    /// <summary>The live sessions of a person, the newest first. Those that instances of earlier releases began are not among them.</summary>
    /// <param name="until">No session ends later.</param>
    /// <param name="most">So many at most.</param>
    Task<IReadOnlyList<Session>> ListAsync(string subject, DateTimeOffset now, DateTimeOffset until, int most, CancellationToken cancellation);

    /// <summary>Moves <see cref="Session.LastUsedAt"/>. A session that ended meanwhile stays ended.</summary>
    Task TouchAsync(Session session, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Lets no cookie open the session any more; what depends on it lives on.</summary>
    Task CloseAsync(RecordAddress address, CancellationToken cancellation);

    /// <summary>Ends a session; one that is gone already is no error. Its clients are still known then, until its last hour is over.</summary>
    Task DeleteAsync(RecordAddress address, CancellationToken cancellation);

    /// <summary>Notes that the client took part in the session. Noted again, or by many at once, it is there once.</summary>
    Task AddClientAsync(RecordAddress address, string clientId, CancellationToken cancellation);

    /// <summary>The ids of the clients that took part in the session, in no order. It may have ended.</summary>
    Task<IReadOnlyList<string>> ClientsOfAsync(RecordAddress address, CancellationToken cancellation);
}
