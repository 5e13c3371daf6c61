namespace FunctionsAuth.Protocol.Clients;

/// <summary>The registration of a client that registered itself (RFC 7591): who may change it, and whether it is in use.</summary>
public sealed record ClientRegistration
{
    public required DateTimeOffset RegisteredAt { get; init; }

    /// <summary>It had an initial access token, which the operator gave to somebody. False for a client that anybody may have registered.</summary>
    public bool HadInitialAccess { get; init; }

    /// <summary>The last use that was written down: see <see cref="IsWorthTouching"/>.</summary>
    public required DateTimeOffset LastUsedAt { get; init; }

    /// <summary>SHA-256 of the registration access token (RFC 7592 §1.2).</summary>
    public required byte[] TokenHash { get; init; }

    /// <summary>SHA-256 of the token that follows it. Both are good until this one is used: the answer that had it may have got lost.</summary>
    public byte[]? NextTokenHash { get; init; }

    /// <summary>What the next token was derived with.</summary>
    public byte[]? RotationSalt { get; init; }

    public DateTimeOffset EndsAt(TimeSpan unusedFor) => LastUsedAt + unusedFor;

    /// <summary>A use is written down only once a quarter of that time has passed, so that it costs a write now and then.</summary>
    public bool IsWorthTouching(DateTimeOffset now, TimeSpan unusedFor) => now >= LastUsedAt + (unusedFor / 4);
}
