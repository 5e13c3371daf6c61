using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Grants;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Tokens;

namespace FunctionsAuth.Protocol.GrantTypes.RefreshToken;

/// <summary>Says whether a refresh token is good, and ends its family when it shows that somebody has a copy.</summary>
public sealed class RefreshGuard(IGrantStore grants, RefreshTokenRules rules, SecurityEvents events)
{
    /// <summary>Takes the refresh token if it is good. One whose successor was used ends its whole family.</summary>
    /// <returns>
    /// The grant, and what the token is to it: never forged or reused. That is judged once, as the grace window may close while
    /// tokens are being signed.
    /// </returns>
    /// <exception cref="OAuthException"><c>invalid_grant</c>, whatever the reason.</exception>
    public async Task<(Grant Grant, RefreshTokenState State)> AcceptAsync(Grant? grant, Handle token, TokenRequest request, CancellationToken cancellation)
    {
        var client = request.Client;
        if (grant is null || grant.ClientId != client.ClientId || grant.RefreshHash is null || grant.RevokedAt is not null)
            throw NotValid();
        // RFC 9449 §5, before anything else is said of it: who has a stolen token and not the key must not be able to end the grant.
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

    /// <summary>
    /// Where nothing is written, nothing would tell of a revocation that was answered while the tokens were signed: the grant is read again.
    /// </summary>
    /// <exception cref="OAuthException"><c>invalid_grant</c>: it was revoked meanwhile.</exception>
    public async Task RequireStillLiveAsync(Grant grant, CancellationToken cancellation)
    {
        if (await grants.FindAsync(grant.Address, cancellation) is not { RevokedAt: null })
            throw NotValid();
    }

    public static OAuthException NotValid() => OAuthError.InvalidGrant("The refresh token is not valid: it is unknown, expired, revoked, already used, or was issued to another client");
}
