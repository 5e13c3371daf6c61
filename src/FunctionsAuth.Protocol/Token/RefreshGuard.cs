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
    IGrantStore grants, IUserStore users, IConsentStore consents, ISessionStore sessions, SessionToucher toucher, RefreshTimes times, ILogger<RefreshGuard> log)
{
    /// <returns>The grant, whose current token, or the one before it, this is.</returns>
    /// <exception cref="OAuthException"><c>invalid_grant</c>, whatever the reason.</exception>
    public async Task<Grant> CheckAsync(Grant? grant, Handle token, Client client, CancellationToken cancellation)
    {
        if (grant is null || grant.ClientId != client.ClientId || grant.RefreshHash is null || grant.RevokedAt is not null)
            throw NotValid();
        switch (StateOf(grant, token))
        {
            case RefreshTokenState.Forged:
                throw NotValid();
            case RefreshTokenState.Reused:
                await grants.RevokeAsync(grant.Address, times.Now, cancellation);
                LogReused(grant.ClientId, grant.Address.ToString());
                throw NotValid();
        }
        return times.HasExpired(grant, client) ? throw NotValid() : grant;
    }

    public RefreshTokenState StateOf(Grant grant, Handle token) => RefreshTokenFamily.Judge(grant, token, times.Now, times.Grace);

    /// <summary>The user is active, has not taken the consent back and, without offline_access, is still signed in.</summary>
    /// <returns>The session, where the grant depends on it.</returns>
    public async Task<Session?> CheckUserAsync(Grant grant, CancellationToken cancellation)
    {
        var user = users.FindAsync(grant.Subject, cancellation);
        var consent = consents.FindAsync(grant.Subject, grant.ClientId, cancellation);
        var session = grant.Has(StandardScopes.OfflineAccess) ? Task.FromResult<Session?>(null) : sessions.FindAsync(grant.SessionId, cancellation);
        await Task.WhenAll(user, consent, session);
        if ((await user)?.Trusts(grant.AuthTime) != true)
            throw OAuthError.InvalidGrant("The user is not active any more, or must sign in again");
        if (await consent is not { } given || !given.Allows(grant.CreatedAt))
            throw OAuthError.InvalidGrant("The user took the consent back");
        if (!grant.Has(StandardScopes.OfflineAccess) && (await session)?.IsLive(times.Now) != true)
            throw OAuthError.InvalidGrant("The session has ended, and there is no offline_access");
        return await session;
    }

    /// <summary>A refresh is a use of the session that it depends on.</summary>
    public Task TouchAsync(Session? session, CancellationToken cancellation) =>
        session is null ? Task.CompletedTask : toucher.TouchAsync(session, cancellation);

    public static OAuthException NotValid() => OAuthError.InvalidGrant("The refresh token is not valid: it is unknown, expired, revoked, used already or another client's");

    [LoggerMessage(3002, LogLevel.Warning, "A refresh token of client {ClientId} was used again; its grant {Grant} is revoked")]
    private partial void LogReused(string clientId, string grant);
}
