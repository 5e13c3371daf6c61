using FunctionsAuth.Protocol.Grants;
using FunctionsAuth.Protocol.Groups;
using FunctionsAuth.Protocol.Scopes;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Tokens;

namespace FunctionsAuth.Protocol.GrantTypes.AuthorizationCode;

/// <summary>
/// A client redeems its code: RFC 6749 §4.1.3. All checks and all signatures come before the code is consumed by one compare-and-swap, and the signed
/// tokens are returned only if this write succeeds. So a failure before that does not waste the code, and of any number of requests at the same time
/// exactly one gets tokens.
/// </summary>
public sealed class AuthorizationCodeHandler(
    CodeGuard guard, GrantBasis basis, IGrantStore grants, ScopeRegistry scopes, AccessPolicy policy, TokenIssuer tokens, TimeProvider clock) : GrantTypeHandler
{
    public override string Name => GrantTypeNames.AuthorizationCode;

    public override async Task<TokenResponse> HandleAsync(TokenRequest request, CancellationToken cancellation)
    {
        var client = request.Client;
        // RFC 6749 §4.1.3: the scope is that of the authorization request.
        var wish = request.Wish with { Scope = null };
        var (code, grant) = await guard.FindAsync(request.Form, cancellation);
        await guard.AcceptAsync(grant, code, request, cancellation);
        var catalog = await scopes.LoadAsync(cancellation);
        var access = policy.Narrow(client, catalog, grant, wish);

        var living = basis.RequireUserAsync(grant, client, cancellation);
        if (client.HasScopeMaps())
            (client, access) = policy.NarrowFor((await living).Groups, client, catalog, grant, wish);
        var signing = tokens.ForGrantAsync(grant, client, catalog, access, grant.Has(StandardScopes.OpenId) ? IdTokenIs.New : IdTokenIs.Absent, living, request.Binding, cancellation);
        await Task.WhenAll(living, signing, request.UseProofAsync(cancellation));
        var (accessToken, idToken) = await signing;

        var refreshToken = await RedeemAsync(grant, code, request, cancellation);
        return new TokenResponse(accessToken, access) { IdToken = idToken, RefreshToken = refreshToken?.Encode(), Binding = request.Binding };
    }

    /// <returns>The refresh token, if the client gets one.</returns>
    private async Task<Handle?> RedeemAsync(Grant grant, Handle code, TokenRequest request, CancellationToken cancellation)
    {
        Handle? refreshToken = null;
        await CompareAndSwap.ChangeAsync(grant, RedeemedAsync, grants.TryReplaceAsync, cancellation);
        return refreshToken;

        async ValueTask<Grant?> RedeemedAsync(Grant? current)
        {
            // Another request may have written first: the grant was revoked, or the same code was redeemed.
            if (current is not { RevokedAt: null })
                throw CodeGuard.NotValid();
            if (current.CodeRedeemedAt is not null)
                throw await guard.ReusedAsync(current, code, cancellation);
            var now = clock.GetUtcNow();
            if (current.RefreshUntil is not null)
                (current, refreshToken) = RefreshTokenFamily.Begin(current, code, now);
            return request.Bind(current with { CodeRedeemedAt = now });
        }
    }
}
