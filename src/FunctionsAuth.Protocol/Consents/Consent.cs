using FunctionsAuth.Protocol.Details;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.Consents;

/// <summary>What a user allowed a client: one record a pair.</summary>
public sealed record Consent
{
    public required string Subject { get; init; }
    public required string ClientId { get; init; }
    public required IReadOnlyList<string> Scopes { get; init; }
    public required IReadOnlyList<string> Resources { get; init; }

    /// <summary>Claims beyond those of the scopes.</summary>
    public IReadOnlyList<string> Claims { get; init; } = [];

    /// <summary>Of the authorization details of each type that were allowed last: see <see cref="AuthorizationDetail.Mark"/>.</summary>
    public IReadOnlyList<string> Details { get; init; } = [];

    public required DateTimeOffset GrantedAt { get; init; }

    /// <summary>Grants born before this moment are dead: that is how one write revokes a client's access, however many grants it has.</summary>
    public DateTimeOffset? RevokedBefore { get; init; }

    /// <summary>When the client last got tokens by it, to the day; null for never after <see cref="GrantedAt"/>.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>What the store compares on a write; empty for a record that is not stored yet.</summary>
    public string Version { get; init; } = "";

    /// <summary>A use is written down once a day at most, so that tokens cost no write more.</summary>
    public bool IsWorthTouching(DateTimeOffset now) => now >= (LastUsedAt ?? GrantedAt).AddDays(1);

    /// <summary>True when the user took the access back and has not given it again: then nothing is allowed.</summary>
    public bool IsRevoked => GrantedAt <= RevokedBefore;

    public bool Covers(ConsentWish wish) => !IsRevoked && wish.Scopes.All(Scopes.Contains) && wish.Resources.All(Resources.Contains) && wish.Claims.All(Claims.Contains) && wish.Details.All(Details.Contains);

    public bool HasAnyOf(ConsentWish declined) =>
        Scopes.Intersect(declined.Scopes).Any() || Resources.Intersect(declined.Resources).Any() || Claims.Intersect(declined.Claims).Any();

    /// <summary>False when the client's access was taken back after <paramref name="bornAt"/>, or has not been given again since.</summary>
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

    /// <summary>All consents of a user, also those that were taken back, in no particular order.</summary>
    Task<IReadOnlyList<Consent>> ListAsync(string subject, CancellationToken cancellation);

    /// <summary>Moves <see cref="Consent.LastUsedAt"/>, whatever else is written at the same time.</summary>
    Task TouchAsync(Consent consent, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Deletes all consents of a user who is deleted.</summary>
    Task DeleteAllAsync(string subject, CancellationToken cancellation);

    /// <summary>Inserts the consent if its version is empty, else writes it if it still is as it was read.</summary>
    Task<WriteResult<Consent>> TrySaveAsync(Consent consent, CancellationToken cancellation);
}
