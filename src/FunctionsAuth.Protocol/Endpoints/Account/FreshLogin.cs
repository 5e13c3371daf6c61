using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Credentials;
using FunctionsAuth.Protocol.Interaction;
using FunctionsAuth.Protocol.Sessions;
using FunctionsAuth.Protocol.Users;

namespace FunctionsAuth.Protocol.Endpoints.Account;

/// <param name="Person">What the person signs in with.</param>
/// <param name="Missing">The level at which the person must sign in again; null where the login is good.</param>
public sealed record Freshness(PersonCredentials Person, AuthenticationLevel? Missing);

/// <summary>Whether a login is new enough, and as sure as the person can make it, for a change that matters.</summary>
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
