using FunctionsAuth.Protocol.Consents;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Grants;
using FunctionsAuth.Protocol.Scopes;
using FunctionsAuth.Protocol.Sessions;
using FunctionsAuth.Protocol.Users;

namespace FunctionsAuth.Protocol.Tokens;

/// <summary>What a grant rests on for as long as it is refreshed: its user, the consent and, without offline_access, the session.</summary>
public sealed class GrantBasis(IUserStore users, IConsentStore consents, ISessionStore sessions, TimeProvider clock)
{
    /// <summary>The user is active, has not taken the consent back and, without offline_access, is still signed in.</summary>
    /// <returns>The user, and the session where the grant depends on it.</returns>
    /// <exception cref="OAuthException"><c>invalid_grant</c>, with what is gone.</exception>
    public async Task<(User User, Session? Session)> RequireAsync(Grant grant, CancellationToken cancellation)
    {
        var user = users.FindAsync(grant.Subject, cancellation);
        var consent = consents.FindAsync(grant.Subject, grant.ClientId, cancellation);
        var session = grant.Has(StandardScopes.OfflineAccess) ? Task.FromResult<Session?>(null) : sessions.FindAsync(grant.SessionId, cancellation);
        await Task.WhenAll(user, consent, session);
        if (await user is not { } active || !active.Trusts(grant.AuthTime))
            throw OAuthError.InvalidGrant("The user is not active any more, or must sign in again");
        if (await consent is not { } given || !given.Allows(grant.CreatedAt))
            throw OAuthError.InvalidGrant("The user took the consent back");
        if (!grant.Has(StandardScopes.OfflineAccess) && (await session)?.IsLive(clock.GetUtcNow()) != true)
            throw OAuthError.InvalidGrant("The session has ended, and there is no offline_access");
        return (active, await session);
    }
}
