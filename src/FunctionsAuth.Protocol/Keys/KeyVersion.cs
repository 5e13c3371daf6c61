namespace FunctionsAuth.Protocol.Keys;

/// <summary>One enabled version of a signing key, as its store describes it.</summary>
public sealed record KeyVersion
{
    /// <summary>The store's id of this version.</summary>
    public required string Id { get; init; }

    /// <summary>
    /// The <see cref="IKeyStore.Name"/> of its store. Within one store, a version replaces the one before it. Versions in different
    /// stores do not replace each other: the stores sign side by side.
    /// </summary>
    public required string Store { get; init; }

    /// <summary>See <see cref="IKeyStore.IsReserve"/>.</summary>
    public bool IsReserve { get; init; }

    public required PublicKey PublicKey { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the version was last changed, such as when it was enabled again. Null when it was not changed since <see cref="CreatedAt"/>.</summary>
    public DateTimeOffset? UpdatedAt { get; init; }

    public DateTimeOffset? NotBefore { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>
    /// The moment from which clients can have read this version from the JWKS: its last change, or else its creation. A version that was
    /// disabled and enabled again is announced again from that moment, because clients may have dropped it in between.
    /// </summary>
    public DateTimeOffset KnownFrom => UpdatedAt > CreatedAt ? UpdatedAt.Value : CreatedAt;
}
