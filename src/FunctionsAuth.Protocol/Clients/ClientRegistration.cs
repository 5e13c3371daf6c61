namespace FunctionsAuth.Protocol.Clients;

/// <summary>The registration of a client that registered itself (RFC 7591): the tokens that may change it, and its last use.</summary>
public sealed record ClientRegistration
{
    public required DateTimeOffset RegisteredAt { get; init; }

    /// <summary>It was registered with an initial access token from the operator. False for a client that anybody may have registered.</summary>
    public bool HadInitialAccess { get; init; }

    /// <summary>The last use that was stored: see <see cref="IsWorthTouching"/>.</summary>
    public required DateTimeOffset LastUsedAt { get; init; }

    /// <summary>SHA-256 of the registration access token (RFC 7592 §1.2).</summary>
    public required byte[] TokenHash { get; init; }

    /// <summary>SHA-256 of the next registration access token. Both are valid until the next one is used, because the answer with it may have been lost.</summary>
    public byte[]? NextTokenHash { get; init; }

    /// <summary>The salt of the next token.</summary>
    public byte[]? RotationSalt { get; init; }

    public DateTimeOffset EndsAt(TimeSpan unusedFor) => LastUsedAt + unusedFor;

    /// <summary>The last use is stored only after a quarter of this time, to save writes.</summary>
    public bool IsWorthTouching(DateTimeOffset now, TimeSpan unusedFor) => now >= LastUsedAt + (unusedFor / 4);
}
