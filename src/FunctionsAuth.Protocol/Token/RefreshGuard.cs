using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Consents;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Grants;
using FunctionsAuth.Protocol.Scopes;
using FunctionsAuth.Protocol.Sessions;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Users;
using Microsoft.Extensions.Logging;

namespace FunctionsAuth.Protocol.Token;

/// <summary>Says whether a refresh token is good, and ends its family when it shows that somebody has a copy.</summary>
public sealed partial class RefreshGuard(
    IGrantStore grants, IUserStore users, IConsentStore consents, ISessionStore sessions, RefreshTimes times, ILogger<RefreshGuard> log)
{
    /// <returns>
    /// The grant, and whether the token is its current one or, within the grace window, the one before. That is judged once:
    /// the window may close while tokens are being signed.
    /// </returns>
    /// <exception cref="OAuthException"><c>invalid_grant</c>, whatever the reason.</exception>
    public async Task<(Grant Grant, bool IsCurrent)> CheckAsync(Grant? grant, Handle token, Client client, CancellationToken cancellation)
    {
        if (grant is null || grant.ClientId != client.ClientId || grant.RefreshHash is null || grant.RevokedAt is not null)
            throw NotValid();
        var state = StateOf(grant, token);
        switch (state)
        {
            case RefreshTokenState.Forged:
                throw NotValid();
            case RefreshTokenState.Reused:
                await grants.RevokeAsync(grant.Address, times.Now, cancellation);
                LogReused(grant.ClientId, grant.Address.ToString());
                throw NotValid();
        }
        return times.HasExpired(grant, client) ? throw NotValid() : (grant, state == RefreshTokenState.Current);
    }

    public RefreshTokenState StateOf(Grant grant, Handle token) => RefreshTokenFamily.Judge(grant, token, times.Now, times.Grace);

    /// <summary>The grant after the rotation of its current token, and the token that follows it.</summary>
    public (Grant Grant, Handle Successor) Rotate(Grant grant, Handle current) => RefreshTokenFamily.Rotate(grant, current, times.Now);

    /// <summary>The user is active, has not taken the consent back and, without offline_access, is still signed in.</summary>
    /// <returns>The user, and the session where the grant depends on it.</returns>
    public async Task<(User User, Session? Session)> CheckUserAsync(Grant grant, CancellationToken cancellation)
    {
        var user = users.FindAsync(grant.Subject, cancellation);
        var consent = consents.FindAsync(grant.Subject, grant.ClientId, cancellation);
        var session = grant.Has(StandardScopes.OfflineAccess) ? Task.FromResult<Session?>(null) : sessions.FindAsync(grant.SessionId, cancellation);
        await Task.WhenAll(user, consent, session);
        if (await user is not { } active || !active.Trusts(grant.AuthTime))
            throw OAuthError.InvalidGrant("The user is not active any more, or must sign in again");
        if (await consent is not { } given || !given.Allows(grant.CreatedAt))
            throw OAuthError.InvalidGrant("The user took the consent back");
        if (!grant.Has(StandardScopes.OfflineAccess) && (await session)?.IsLive(times.Now) != true)
            throw OAuthError.InvalidGrant("The session has ended, and there is no offline_access");
        return (active, await session);
    }

    public static OAuthException NotValid() => OAuthError.InvalidGrant("The refresh token is not valid: it is unknown, expired, revoked, used already or another client's");

    [LoggerMessage(3002, LogLevel.Warning, "A refresh token of client {ClientId} was used again; its grant {Grant} is revoked")]
    private partial void LogReused(string clientId, string grant);
}
