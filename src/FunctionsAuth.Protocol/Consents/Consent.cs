using FunctionsAuth.Protocol.Details;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.Consents;

/// <summary>The scopes, resources and claims that a user allowed a client. There is one record for each pair of user and client.</summary>
public sealed record Consent
{
    public required string Subject { get; init; }
    public required string ClientId { get; init; }
    public required IReadOnlyList<string> Scopes { get; init; }
    public required IReadOnlyList<string> Resources { get; init; }

    /// <summary>Claims that the client asked for one by one, in addition to the claims of its scopes.</summary>
    public IReadOnlyList<string> Claims { get; init; } = [];

    /// <summary>Of the authorization details of each type that were allowed last: see <see cref="AuthorizationDetail.Mark"/>.</summary>
    public IReadOnlyList<string> Details { get; init; } = [];

    public required DateTimeOffset GrantedAt { get; init; }

    /// <summary>Grants that were created before this time are invalid. One write of this value revokes all grants of the client, however many there are.</summary>
    public DateTimeOffset? RevokedBefore { get; init; }

    /// <summary>The day on which the client last got tokens with this consent; null if it got none after <see cref="GrantedAt"/>.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>What the store compares on a write; empty for a record that is not stored yet.</summary>
    public string Version { get; init; } = "";

    /// <summary>The time of last use is written at most once a day, so that issuing tokens needs no extra write each time.</summary>
    public bool IsWorthTouching(DateTimeOffset now) => now >= (LastUsedAt ?? GrantedAt).AddDays(1);

    /// <summary>True when the user revoked the consent and has not given it again: the client is then allowed nothing.</summary>
    public bool IsRevoked => GrantedAt <= RevokedBefore;

    public bool Covers(ConsentWish wish) => !IsRevoked && wish.Scopes.All(Scopes.Contains) && wish.Resources.All(Resources.Contains) && wish.Claims.All(Claims.Contains) && wish.Details.All(Details.Contains);

    public bool HasAnyOf(ConsentWish declined) =>
        Scopes.Intersect(declined.Scopes).Any() || Resources.Intersect(declined.Resources).Any() || Claims.Intersect(declined.Claims).Any();

    /// <summary>False when the user revoked the consent after <paramref name="bornAt"/>, or has not given it again since.</summary>
    public bool Allows(DateTimeOffset bornAt) => RevokedBefore is null || (!IsRevoked && bornAt >= RevokedBefore);
}

/// <summary>What a client wants to be allowed.</summary>
/// <param name="Claims">Beyond those of the scopes.</param>
public sealed record ConsentWish(IReadOnlyList<string> Scopes, IReadOnlyList<string> Resources, IReadOnlyList<string> Claims)
{
    public static ConsentWish Nothing { get; } = new([], [], []);

    /// <summary>The marks of authorization details.</summary>
    public IReadOnlyList<string> Details { get; init; } = [];
}

public interface IConsentStore
{
    Task<Consent?> FindAsync(string subject, string clientId, CancellationToken cancellation);

    /// <summary>All consents of a user, including revoked ones, in no particular order.</summary>
    Task<IReadOnlyList<Consent>> ListAsync(string subject, CancellationToken cancellation);

    /// <summary>Moves <see cref="Consent.LastUsedAt"/>, whatever else is written at the same time.</summary>
    Task TouchAsync(Consent consent, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Deletes all consents of a user who is deleted.</summary>
    Task DeleteAllAsync(string subject, CancellationToken cancellation);

    /// <summary>Inserts the consent if its version is empty. Otherwise replaces it if it has not changed since it was read.</summary>
    Task<WriteResult<Consent>> TrySaveAsync(Consent consent, CancellationToken cancellation);
}
