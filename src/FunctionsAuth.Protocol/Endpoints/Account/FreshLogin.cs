using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Credentials;
using FunctionsAuth.Protocol.Interaction;
using FunctionsAuth.Protocol.Sessions;
using FunctionsAuth.Protocol.Users;

namespace FunctionsAuth.Protocol.Endpoints.Account;

/// <summary>Whether a login is new enough, and as sure as the person can make it, for a change that matters.</summary>
public sealed class FreshLogin(ICredentialStore credentials, LoginLevels levels, TimeProvider clock)
{
    /// <returns>The level at which the person must sign in again; null where the login is good.</returns>
    public async Task<AuthenticationLevel?> MissingOfAsync(Session session, CancellationToken cancellation)
    {
        var highest = levels.ReachableBy(await credentials.FindAsync(session.Subject, cancellation));
        return clock.GetUtcNow() - session.AuthTime > AccountOptions.FreshLogin || AuthenticationContexts.LevelOf(session.Amr) < highest ? highest : null;
    }
}
