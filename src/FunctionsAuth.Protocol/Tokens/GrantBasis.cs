using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Consents;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Grants;
using FunctionsAuth.Protocol.Groups;
using FunctionsAuth.Protocol.Scopes;
using FunctionsAuth.Protocol.Sessions;
using FunctionsAuth.Protocol.Users;

namespace FunctionsAuth.Protocol.Tokens;

/// <summary>
/// The conditions of a grant: its user, the consent and, for a refresh without offline_access, the session. Every grant type and every endpoint that
/// reads tokens checks them here, so that a disabled user is refused everywhere.
/// </summary>
public sealed class GrantBasis(IUserStore users, IConsentStore consents, ISessionStore sessions, ConsentKeeper keeper, TimeProvider clock)
{
    /// <returns>The reason why the grant is no longer valid; null if it is valid.</returns>
    public static string? ProblemOf(Grant grant, Client client, User? user, Consent? consent)
    {
        if (user?.Trusts(grant.AuthTime) != true)
            return "The user account is disabled or deleted, or the user must sign in again";
        if (!client.Admits(user.Groups, grant.Scopes))
            return "The user is no longer in a group that may use this client";
        return consent?.Allows(grant.CreatedAt) == true ? null : "The user withdrew the consent for this client";
    }

    /// <summary>
    /// Checks that the user is active, is in a group that may use the client, and has not revoked the consent. Both are read at the same time. The
    /// time of last use of the consent is stored once a day.
    /// </summary>
    /// <exception cref="OAuthException"><c>invalid_grant</c>, with the reason.</exception>
    public async Task<User> RequireUserAsync(Grant grant, Client client, CancellationToken cancellation)
    {
        var user = users.FindAsync(grant.Subject, cancellation);
        var consent = consents.FindAsync(grant.Subject, grant.ClientId, cancellation);
        await Task.WhenAll(user, consent);
        if (ProblemOf(grant, client, await user, await consent) is { } problem)
            throw OAuthError.InvalidGrant(problem);
        await keeper.TouchAsync((await consent)!, cancellation);
        return (await user)!;
    }

    /// <summary>
    /// Checks that the user is active, is in a group that may use the client, has not revoked the consent and, without offline_access, is still
    /// signed in.
    /// </summary>
    /// <returns>The user, and the session if the grant depends on it.</returns>
    /// <exception cref="OAuthException"><c>invalid_grant</c>, with the reason.</exception>
    public async Task<(User User, Session? Session)> RequireAsync(Grant grant, Client client, CancellationToken cancellation)
    {
        var user = RequireUserAsync(grant, client, cancellation);
        var session = grant.Has(StandardScopes.OfflineAccess) ? Task.FromResult<Session?>(null) : sessions.FindAsync(grant.SessionId, cancellation);
        await Task.WhenAll(user, session);
        if (!grant.Has(StandardScopes.OfflineAccess) && (await session)?.IsLive(clock.GetUtcNow()) != true)
            throw OAuthError.InvalidGrant("The session of the user has ended, and the grant does not include offline_access");
        return (await user, await session);
    }
}
