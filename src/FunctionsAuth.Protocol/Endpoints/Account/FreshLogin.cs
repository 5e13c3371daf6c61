using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Credentials;
using FunctionsAuth.Protocol.Interaction;
using FunctionsAuth.Protocol.Sessions;
using FunctionsAuth.Protocol.Users;

namespace FunctionsAuth.Protocol.Endpoints.Account;

/// <param name="Person">The sign-in methods of the user.</param>
/// <param name="Missing">The level at which the user must sign in again; null if the login is sufficient.</param>
public sealed record Freshness(PersonCredentials Person, AuthenticationLevel? Missing);

/// <summary>Whether a login is recent enough, and at the highest level that the user can reach, for an important change.</summary>
public sealed class FreshLogin(PersonFactors factors, TimeProvider clock)
{
    public async Task<Freshness> LookAsync(Session session, User user, CancellationToken cancellation)
    {
        var person = await factors.FindAsync(session.Subject, user, cancellation);
        var highest = factors.ReachableBy(person);
        var isGood = clock.GetUtcNow() - session.AuthTime <= AccountOptions.FreshLogin && AuthenticationContexts.LevelOf(session.Amr) >= highest;
        return new Freshness(person, isGood ? null : highest);
    }
}
