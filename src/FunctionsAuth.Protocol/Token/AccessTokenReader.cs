using FunctionsAuth.Protocol.Consents;
using FunctionsAuth.Protocol.Grants;
using FunctionsAuth.Protocol.Jwt;
using FunctionsAuth.Protocol.Scopes;
using FunctionsAuth.Protocol.Storage;
using Microsoft.IdentityModel.JsonWebTokens;

namespace FunctionsAuth.Protocol.Token;

/// <summary>An access token of this server whose signature and lifetime are good. Whether it was revoked, only its grant can tell.</summary>
public sealed record AccessToken(JsonWebToken Jwt)
{
    public string Subject => Jwt.Subject;
    /// <summary>When the user signed in; the beginning of time for a token without a user.</summary>
    public DateTimeOffset AuthTime =>
        Jwt.TryGetPayloadValue<long>("auth_time", out var seconds) ? DateTimeOffset.FromUnixTimeSeconds(seconds) : DateTimeOffset.UnixEpoch;

    public string ClientId => Jwt.GetPayloadValue<string>("client_id");
    public IReadOnlyList<string> Scopes => Jwt.TryGetPayloadValue<string>("scope", out var scope) ? Catalog.Parse(scope) : [];
    public IReadOnlyList<string> Audience => [.. Jwt.Audiences];

    /// <summary>Null for a token that a client got for itself.</summary>
    public RecordAddress? Grant => TokenId.GrantOf(Jwt.Id);
}

/// <summary>Reads access tokens, and asks their grant and consent whether they are still good.</summary>
public sealed class AccessTokenReader(JwtVerifier verifier, IGrantStore grants, IConsentStore consents)
{
    public async ValueTask<AccessToken?> ReadAsync(string? token, CancellationToken cancellation) =>
        await verifier.VerifyAsync(token, JwtTypes.AccessToken, allowExpired: false, cancellation) is { } jwt ? new AccessToken(jwt) : null;

    /// <summary>Grant and consent are read at the same time. A token without a grant lives until it expires.</summary>
    public async Task<bool> IsLiveAsync(AccessToken token, CancellationToken cancellation)
    {
        if (token.Grant is not { } address)
            return true;
        var grant = grants.FindAsync(address, cancellation);
        var consent = consents.FindAsync(token.Subject, token.ClientId, cancellation);
        await Task.WhenAll(grant, consent);
        return await grant is { RevokedAt: null } live && await consent is { } given && given.Allows(live.CreatedAt);
    }
}
