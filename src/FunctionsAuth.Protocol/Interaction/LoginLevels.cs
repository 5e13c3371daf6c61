using FunctionsAuth.Protocol.AuthorizationRequests;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Credentials;
using FunctionsAuth.Protocol.Groups;
using FunctionsAuth.Protocol.Sessions;
using FunctionsAuth.Protocol.Users;

namespace FunctionsAuth.Protocol.Interaction;

/// <summary>
/// The authentication level that a login must reach. It depends on the request of the client (RFC 9470 §5), and on the settings of the operator for
/// the client and for the groups of the user. The factors of the user are read only if the level is not reached, so most requests need no extra read.
/// </summary>
public sealed class LoginLevels(PersonFactors factors, ServerOptions options)
{
    /// <summary>The level that the operator requires, for every request.</summary>
    public AuthenticationLevel DemandedOf(Client client, IReadOnlyList<string> groups)
    {
        var ofClient = client.RequiredAcr is { } acr ? AuthenticationContexts.LevelOf(acr) ?? AuthenticationLevel.Passkey : AuthenticationLevel.Password;
        // Second factors are set up on the server's own pages.
        return OwnClients.IsOwn(client) ? AuthenticationLevel.Password : Higher(ofClient, OfGroups(groups));
    }

    /// <summary>The level that the operator requires from the members of these groups, for every client.</summary>
    public AuthenticationLevel OfGroups(IReadOnlyList<string> groups)
    {
        var policy = options.SecondFactors;
        return Names(policy.PasskeyRequiredForList, groups) ? AuthenticationLevel.Passkey
            : Names(policy.RequiredForList, groups) || (options.Manage.RequireSecondFactor && ManageRoles.AreOfManagers(groups, options.Manage)) ? AuthenticationLevel.MultiFactor
            : AuthenticationLevel.Password;
    }

    /// <param name="user">The user of the session; null if not read yet.</param>
    /// <returns>The missing step: <see cref="NextStep.SecondFactor"/>, <see cref="NextStep.SetUpFactor"/>, or null if the level is reached.</returns>
    public async ValueTask<NextStep?> StepOfAsync(AuthorizationRequest request, Session session, User? user, CancellationToken cancellation)
    {
        var level = AuthenticationContexts.LevelOf(session.Amr);
        var demanded = DemandedOf(request.Client, session.Groups);
        if (level >= demanded && request.Acr.IsFulfilledBy(level))
            return null;
        var person = await factors.FindAsync(session.Subject, user, cancellation);
        var wanted = WantedOf(request, session, person);
        if (level >= wanted)
            return null;
        return factors.ReachableBy(person) >= wanted ? NextStep.SecondFactor : NextStep.SetUpFactor;
    }

    /// <summary>
    /// The level that the login must reach for the request: the required level, or a higher one if the client asks for it and the user can reach it.
    /// </summary>
    public AuthenticationLevel WantedOf(AuthorizationRequest request, Session session, PersonCredentials person)
    {
        var (level, demanded) = (AuthenticationContexts.LevelOf(session.Amr), DemandedOf(request.Client, session.Groups));
        var reachable = Higher(level, factors.ReachableBy(person));
        // STE1: the first of the requested values that the user can reach.
        if (request.Acr.Levels.Cast<AuthenticationLevel?>().FirstOrDefault(wished => wished <= reachable) is { } wish)
            return Higher(demanded, wish);
        // The required level comes first. Only then the user sets up a factor for the essential request of the client.
        return request.Acr.IsEssential && level >= demanded ? request.Acr.Levels.Min() : demanded;
    }

    private static AuthenticationLevel Higher(AuthenticationLevel one, AuthenticationLevel other) => one > other ? one : other;

    private static bool Names(IReadOnlyList<string> demanded, IReadOnlyList<string> groups) => demanded.Count > 0 && (demanded.Contains(SecondFactorOptions.Everybody) || demanded.Intersect(groups).Any());
}
