using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Grants;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Tokens;

namespace FunctionsAuth.Protocol.GrantTypes.RefreshToken;

/// <summary>Checks whether a refresh token is valid, and revokes its grant when an old token is used again.</summary>
public sealed class RefreshGuard(IGrantStore grants, RefreshTokenRules rules, SecurityEvents events)
{
    /// <summary>Returns the grant if the refresh token is valid. If its successor was already used, the grant with all its tokens is revoked.</summary>
    /// <returns>
    /// The grant, and the position of the token in it, which is never forged or reused. It is determined once, because the grace period may end while
    /// tokens are being signed.
    /// </returns>
    /// <exception cref="OAuthException"><c>invalid_grant</c>, for every reason.</exception>
    public async Task<(Grant Grant, RefreshTokenState State)> AcceptAsync(Grant? grant, Handle token, TokenRequest request, CancellationToken cancellation)
    {
        var client = request.Client;
        if (grant is null || grant.ClientId != client.ClientId || grant.RefreshHash is null || grant.RevokedAt is not null)
            throw NotValid();
        // RFC 9449 §5: this check comes first. A thief who has the token but not the key must not be able to revoke the grant.
        if (grant.DpopJkt is { } key && key != request.Binding.Jkt)
            throw OAuthError.InvalidGrant("The refresh token is bound to another key than the one that signed the DPoP proof");
        // RFC 8705 §4, for the same reason.
        if (grant.CertificateThumbprint is { } certificate && certificate != request.Binding.CertificateThumbprint)
            throw OAuthError.InvalidGrant("The refresh token is bound to another client certificate than the one of this connection");
        var state = rules.StateOf(grant, token);
        switch (state)
        {
            case RefreshTokenState.Forged:
                throw NotValid();
            case RefreshTokenState.Reused:
                await Task.WhenAll(
                    grants.RevokeAsync(grant.Address, rules.Now, cancellation),
                    events.RefreshTokenReusedAsync(grant.Subject, grant.ClientId, grant.Address.ToString()));
                throw NotValid();
        }
        return rules.HasExpired(grant, client) ? throw NotValid() : (grant, state);
    }

    /// <summary>If nothing is written, a revocation during signing would not be noticed. So the grant is read again.</summary>
    /// <exception cref="OAuthException"><c>invalid_grant</c>: the grant was revoked in the meantime.</exception>
    public async Task RequireStillLiveAsync(Grant grant, CancellationToken cancellation)
    {
        if (await grants.FindAsync(grant.Address, cancellation) is not { RevokedAt: null })
            throw NotValid();
    }

    public static OAuthException NotValid() => OAuthError.InvalidGrant("The refresh token is not valid: it is unknown, expired, revoked, already used, or was issued to another client");
}
