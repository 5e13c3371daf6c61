using FunctionsAuth.Protocol.Claims;
using FunctionsAuth.Protocol.Details;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.Grants;

/// <summary>
/// One authorization of a client by a user, from its code to its last refresh token. It is one record, so that redeeming, rotating and revoking are
/// each one compare-and-swap and cannot race.
/// </summary>
public sealed record Grant
{
    /// <summary>The end of the record. No token of the grant lives longer, and rotation does not change it.</summary>
    public required RecordAddress Address { get; init; }

    /// <summary>SHA-256 of the secret that every handle of this grant contains.</summary>
    public required byte[] FamilyHash { get; init; }

    public required string ClientId { get; init; }
    public required string Subject { get; init; }

    /// <summary>The login session from which the grant came. When it ends, refresh tokens without offline_access end too.</summary>
    public required RecordAddress SessionId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>The resources that the authorization request named (RFC 8707); empty when it named none.</summary>
    public required IReadOnlyList<string> Resources { get; init; }

    /// <summary>The allowed authorization details: RFC 9396.</summary>
    public AuthorizationDetails Details { get; init; } = AuthorizationDetails.None;

    public required DateTimeOffset AuthTime { get; init; }

    /// <summary>Authentication methods (RFC 8176), for the ID token.</summary>
    public required IReadOnlyList<string> Amr { get; init; }

    /// <summary>The client's name for the authentication level, if it is not the server's own name.</summary>
    public string? Acr { get; init; }

    public string? Nonce { get; init; }

    /// <summary>
    /// The claims of the user for ID tokens, as they were when the grant was last written. Null if there are none, and in rows of earlier releases.
    /// </summary>
    public UserSnapshot? UserSnapshot { get; init; }

    /// <summary>The claims that the authorization request named one by one.</summary>
    public ClaimsRequest? Claims { get; init; }

    /// <summary>The redirect_uri parameter of the authorization request; null if it had none, in which case the token request must have none.</summary>
    public string? RedirectUri { get; init; }

    /// <summary>RFC 7636, S256; null for a client that does not need PKCE and did not use it.</summary>
    public string? CodeChallenge { get; init; }

    /// <summary>
    /// The thumbprint of the key to which the client bound its code (RFC 9449 §10). For a public client, the refresh tokens are bound to it too (§5).
    /// Null for none.
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

    /// <summary>SHA-256 of the refresh token before the current one.</summary>
    public byte[]? PreviousRefreshHash { get; init; }

    /// <summary>The salt that makes the current token from the token before: see <see cref="RefreshTokenFamily"/>.</summary>
    public byte[]? RotationSalt { get; init; }

    /// <summary>The time at which the current refresh token was issued.</summary>
    public DateTimeOffset? RotatedAt { get; init; }

    /// <summary>SHA-256 of the token before the previous one, for a client that sends overlapping requests; null if there was none.</summary>
    public byte[]? EarlierRefreshHash { get; init; }

    /// <summary>The salt that makes the previous token from that token.</summary>
    public byte[]? EarlierRotationSalt { get; init; }

    /// <summary>The time at which the previous token replaced that token.</summary>
    public DateTimeOffset? EarlierRotatedAt { get; init; }

    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>What the store compares on a write; empty for a record that is not stored yet.</summary>
    public string Version { get; init; } = "";

    public bool Has(string scope) => Scopes.Contains(scope);

    /// <summary>True for the secret of any handle that this grant ever issued.</summary>
    public bool IsFamily(Handle handle) => SecretHash.Matches(handle.FamilySecret, FamilyHash);
}
