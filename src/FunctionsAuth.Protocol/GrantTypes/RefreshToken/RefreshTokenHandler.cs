using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Grants;
using FunctionsAuth.Protocol.Groups;
using FunctionsAuth.Protocol.Scopes;
using FunctionsAuth.Protocol.Sessions;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Tokens;
using FunctionsAuth.Protocol.Users;

namespace FunctionsAuth.Protocol.GrantTypes.RefreshToken;

/// <summary>
/// A client refreshes its tokens: RFC 6749 §6, RFC 9700 §4.14. All checks and signatures come before the token is rotated by one compare-and-swap. If
/// another request with the same token was first, this request gets the same new refresh token.
/// </summary>
public sealed class RefreshTokenHandler(
    RefreshGuard guard, GrantBasis basis, IGrantStore grants, ScopeRegistry scopes, AccessPolicy policy, TokenIssuer tokens, SessionToucher toucher, TimeProvider clock) : GrantTypeHandler
{
    public override string Name => GrantTypeNames.RefreshToken;

    public override async Task<TokenResponse> HandleAsync(TokenRequest request, CancellationToken cancellation)
    {
        var (client, form) = (request.Client, request.Form);
        var text = form[Parameter.RefreshToken] ?? throw OAuthError.InvalidRequest("The refresh_token is required");
        if (!Handle.TryParse(text, HandleKind.RefreshToken, out var token))
            throw RefreshGuard.NotValid();
        var (grant, state) = await guard.AcceptAsync(await grants.FindAsync(token.Address, cancellation), token, request, cancellation);
        var catalog = await scopes.LoadAsync(cancellation);
        var access = policy.Narrow(client, catalog, grant, request.Wish);
        var withIdToken = grant.Has(StandardScopes.OpenId) && Catalog.Parse(form[Parameter.Scope] ?? StandardScopes.OpenId).Contains(StandardScopes.OpenId);

        var living = basis.RequireAsync(grant, client, cancellation);
        if (client.HasScopeMaps())
            (client, access) = policy.NarrowFor((await living).User.Groups, client, catalog, grant, request.Wish);
        var signing = tokens.ForGrantAsync(grant, client, catalog, access, withIdToken ? IdTokenIs.Refreshed : IdTokenIs.Absent, UserOf(living), request.Binding, cancellation);
        await Task.WhenAll(living, signing, request.UseProofAsync(cancellation));
        var (accessToken, idToken) = await signing;

        var successor = await RotateAsync(grant, token, state, request, (await living).User, cancellation);
        // A refresh counts as a use of the session that it depends on.
        if ((await living).Session is { } session)
            await toucher.TouchAsync(session, cancellation);
        return new TokenResponse(accessToken, access) { IdToken = idToken, RefreshToken = successor.Encode(), Binding = request.Binding };
    }

    private static async Task<User> UserOf(Task<(User User, Session? Session)> living) => (await living).User;

    /// <summary>The refresh token that the client must use from now on.</summary>
    private async Task<Handle> RotateAsync(Grant grant, Handle token, RefreshTokenState state, TokenRequest request, User user, CancellationToken cancellation)
    {
        var (held, isWritten) = (token, true);
        await CompareAndSwap.ChangeAsync(grant, RotatedAsync, grants.TryReplaceAsync, cancellation);
        if (!isWritten)
            await guard.RequireStillLiveAsync(grant, cancellation);
        return held;

        async ValueTask<Grant?> RotatedAsync(Grant? current)
        {
            // Another request may have written first: a request with the same token, or a revocation.
            if (!ReferenceEquals(current, grant))
                (current, state) = await guard.AcceptAsync(current, token, request, cancellation);
            var now = clock.GetUtcNow();
            (Grant? Changed, Handle Held) next = state switch
            {
                RefreshTokenState.Recent => (null, RefreshTokenFamily.CurrentOf(current, token)),
                RefreshTokenState.Unanswered => RefreshTokenFamily.Replace(current, token, now),
                _ when request.Client.RefreshTokenReuse => (null, token),
                _ => RefreshTokenFamily.Rotate(current, token, now),
            };
            (held, isWritten) = (next.Held, next.Changed is not null);
            return next.Changed is { } changed ? changed with { UserSnapshot = changed.UserSnapshot?.Renewed(user) } : null;
        }
    }
}
