using FunctionsAuth.Protocol.AuthorizationRequests;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Credentials;
using FunctionsAuth.Protocol.Groups;
using FunctionsAuth.Protocol.Sessions;
using FunctionsAuth.Protocol.Users;

namespace FunctionsAuth.Protocol.Interaction;

/// <summary>
/// How surely a person must have signed in: what the client asks for (RFC 9470 §5), what the operator demands for the client, and for the groups of
/// the person. What a person has beside the password is read only where the login is not sure enough: most requests cost nothing here.
/// </summary>
public sealed class LoginLevels(PersonFactors factors, ServerOptions options)
{
    /// <summary>What the operator demands, whatever the request says.</summary>
    public AuthenticationLevel DemandedOf(Client client, IReadOnlyList<string> groups)
    {
        var ofClient = client.RequiredAcr is { } acr ? AuthenticationContexts.LevelOf(acr) ?? AuthenticationLevel.Passkey : AuthenticationLevel.Password;
        // Second factors are set up on the server's own pages.
        return OwnClients.IsOwn(client) ? AuthenticationLevel.Password : Higher(ofClient, OfGroups(groups));
    }

    /// <summary>What the operator demands of the members of these groups, whichever client they use.</summary>
    public AuthenticationLevel OfGroups(IReadOnlyList<string> groups)
    {
        var policy = options.SecondFactors;
        return Names(policy.PasskeyRequiredForList, groups) ? AuthenticationLevel.Passkey
            : Names(policy.RequiredForList, groups) || (options.Manage.RequireSecondFactor && ManageRoles.AreOfManagers(groups, options.Manage)) ? AuthenticationLevel.MultiFactor
            : AuthenticationLevel.Password;
    }

    /// <param name="user">Whose session it is; null where that is not read yet.</param>
    /// <returns>What must be shown yet: <see cref="NextStep.SecondFactor"/>, <see cref="NextStep.SetUpFactor"/>, or null where the login is sure enough.</returns>
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

    /// <summary>The level that the login must reach for the request: what is demanded, or more if the client wishes it and the person can.</summary>
    public AuthenticationLevel WantedOf(AuthorizationRequest request, Session session, PersonCredentials person)
    {
        var (level, demanded) = (AuthenticationContexts.LevelOf(session.Amr), DemandedOf(request.Client, session.Groups));
        var reachable = Higher(level, factors.ReachableBy(person));
        // STE1: the first of the client's wishes that the person can fulfil.
        if (request.Acr.Levels.Cast<AuthenticationLevel?>().FirstOrDefault(wished => wished <= reachable) is { } wish)
            return Higher(demanded, wish);
        // What is demanded comes first. Only then the person sets up what the client can't do without.
        return request.Acr.IsEssential && level >= demanded ? request.Acr.Levels.Min() : demanded;
    }

    private static AuthenticationLevel Higher(AuthenticationLevel one, AuthenticationLevel other) => one > other ? one : other;

    private static bool Names(IReadOnlyList<string> demanded, IReadOnlyList<string> groups) => demanded.Count > 0 && (demanded.Contains(SecondFactorOptions.Everybody) || demanded.Intersect(groups).Any());
}
