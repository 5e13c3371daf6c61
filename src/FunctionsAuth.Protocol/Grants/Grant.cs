using FunctionsAuth.Protocol.Claims;
using FunctionsAuth.Protocol.Details;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.Grants;

/// <summary>
/// One authorization of a client by a user, from its code to its last refresh token: one record, so that redeeming,
/// rotating and revoking are each one compare-and-swap of it and can't race.
/// </summary>
public sealed record Grant
{
    /// <summary>Its end is the record's absolute end: no token of it lives longer, and rotation never moves it.</summary>
    public required RecordAddress Address { get; init; }

    /// <summary>SHA-256 of what every handle of this grant carries.</summary>
    public required byte[] FamilyHash { get; init; }

    public required string ClientId { get; init; }
    public required string Subject { get; init; }

    /// <summary>The login session that it came from; its end ends refresh tokens without offline_access.</summary>
    public required RecordAddress SessionId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>The resources that the authorization request named (RFC 8707); empty when it named none.</summary>
    public required IReadOnlyList<string> Resources { get; init; }

    /// <summary>What more was allowed, in detail: RFC 9396.</summary>
    public AuthorizationDetails Details { get; init; } = AuthorizationDetails.None;

    public required DateTimeOffset AuthTime { get; init; }

    /// <summary>Authentication methods (RFC 8176), for the ID token.</summary>
    public required IReadOnlyList<string> Amr { get; init; }

    /// <summary>What the client calls the level of the login, where that is not the server's own name for it.</summary>
    public string? Acr { get; init; }

    public string? Nonce { get; init; }

    /// <summary>What ID tokens say of the user, as it was when this was last written. Null where they say nothing, and in rows of earlier releases.</summary>
    public UserSnapshot? UserSnapshot { get; init; }

    /// <summary>The claims that the authorization request named one by one.</summary>
    public ClaimsRequest? Claims { get; init; }

    /// <summary>As the authorization request had it; null when it had none, and then the token request must have none.</summary>
    public string? RedirectUri { get; init; }

    /// <summary>RFC 7636, S256; null for a client that need not use it and did not.</summary>
    public string? CodeChallenge { get; init; }

    /// <summary>
    /// The thumbprint of the key to which the client bound its code (RFC 9449 §10), and after that, for a public client, its refresh tokens (§5); null for
    /// none.
    /// </summary>
    public string? DpopJkt { get; init; }

    /// <summary>SHA-256 of the certificate to which a public client's refresh tokens are bound (RFC 8705 §4), base64url; null for none.</summary>
    public string? CertificateThumbprint { get; init; }

    public required byte[] CodeHash { get; init; }
    public required DateTimeOffset CodeExpiresAt { get; init; }
    public DateTimeOffset? CodeRedeemedAt { get; init; }

    /// <summary>The end of the refresh token's family; null when the client gets no refresh token.</summary>
    public DateTimeOffset? RefreshUntil { get; init; }

    /// <summary>SHA-256 of the current refresh token's last part.</summary>
    public byte[]? RefreshHash { get; init; }

    /// <summary>SHA-256 of the one before it.</summary>
    public byte[]? PreviousRefreshHash { get; init; }

    /// <summary>With the token before, it makes the current one: see <see cref="RefreshTokenFamily"/>.</summary>
    public byte[]? RotationSalt { get; init; }

    /// <summary>When the current refresh token was issued.</summary>
    public DateTimeOffset? RotatedAt { get; init; }

    /// <summary>SHA-256 of the token before the previous one, for a client whose requests overlap; null where there was none.</summary>
    public byte[]? EarlierRefreshHash { get; init; }

    /// <summary>With that token, it makes the previous one.</summary>
    public byte[]? EarlierRotationSalt { get; init; }

    /// <summary>When that token was replaced by the previous one.</summary>
    public DateTimeOffset? EarlierRotatedAt { get; init; }

    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>What the store compares on a write; empty for a record that is not stored yet.</summary>
    public string Version { get; init; } = "";

    public bool Has(string scope) => Scopes.Contains(scope);

    /// <summary>True for who holds any handle that this grant ever gave out.</summary>
    public bool IsFamily(Handle handle) => SecretHash.Matches(handle.FamilySecret, FamilyHash);
}
