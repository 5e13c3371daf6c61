using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.Sessions;

/// <summary>A browser in which a user signed in.</summary>
public sealed record Session
{
    /// <summary>Its end is the session's absolute end. As text it is the <c>sid</c> of ID tokens: no secret.</summary>
    public required RecordAddress Address { get; init; }

    /// <summary>SHA-256 of what the cookie holds.</summary>
    public required byte[] SecretHash { get; init; }

    public required string Subject { get; init; }
    public required string Username { get; init; }
    public required DateTimeOffset AuthTime { get; init; }
    public required IReadOnlyList<string> Amr { get; init; }

    /// <summary>"Keep me signed in": the cookie outlives the browser.</summary>
    public required bool Remembered { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }
    public required DateTimeOffset LastUsedAt { get; init; }
    public required TimeSpan IdleLifetime { get; init; }

    /// <summary>
    /// The sessions of the same user in the same browser that this one took over from, newest first: no cookie opens them any
    /// more, but refresh tokens of other clients live as long as they do. They end with this one.
    /// </summary>
    public IReadOnlyList<RecordAddress> Former { get; init; } = [];

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

    /// <summary>Moves <see cref="Session.LastUsedAt"/>. A session that ended meanwhile stays ended.</summary>
    Task TouchAsync(Session session, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Lets no cookie open the session any more; what depends on it lives on.</summary>
    Task CloseAsync(RecordAddress address, CancellationToken cancellation);

    /// <summary>Ends a session; one that is gone already is no error.</summary>
    Task DeleteAsync(RecordAddress address, CancellationToken cancellation);
}
