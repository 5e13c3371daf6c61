using FunctionsAuth.Protocol.AuthorizationRequests;
using FunctionsAuth.Protocol.Browsers;
using FunctionsAuth.Protocol.Credentials;
using FunctionsAuth.Protocol.Interaction;
using FunctionsAuth.Protocol.Sessions;
using FunctionsAuth.Protocol.Users;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Endpoints.SecondFactor;

/// <summary>Who has to prove more, and with what.</summary>
/// <param name="Half">The password is proven, and there is no session yet; null for a session that is not sure enough.</param>
/// <param name="Session">That session; null for a half login.</param>
/// <param name="MustSetUp">The person has nothing yet that would do.</param>
public sealed record FactorScene(User User, PersonCredentials Person, HalfLogin? Half, Session? Session, bool MustSetUp)
{
    /// <summary>What the page must reach.</summary>
    public required AuthenticationLevel Wanted { get; init; }

    /// <summary>A code by mail helps; null where none does.</summary>
    public string? EmailForCodes => Wanted <= AuthenticationLevel.MultiFactor ? Person.EmailForCodes : null;
}

/// <summary>Finds that out for a parked request.</summary>
public sealed class FactorScenes(IUserStore users, ICredentialStore credentials, PersonFactors factors, SessionReader sessions, NextSteps steps, LoginLevels levels, TimeProvider clock)
{
    /// <returns>Null where nothing is to be asked here: the request goes on elsewhere.</returns>
    public async Task<FactorScene?> FindAsync(HttpContext http, ParkedRequest parked, AuthorizationRequest request, CancellationToken cancellation)
    {
        if (IsHalf(parked))
            return await OfHalfAsync(parked.HalfLogin!, cancellation);
        var user = await sessions.FindAsync(http, request.Client.ClientId, cancellation);
        var step = await steps.OfAsync(request, user, parked, cancellation);
        if (step is not (NextStep.SecondFactor or NextStep.SetUpFactor) || user is not { Session: { } session, User: { } known })
            return null;
        var person = await factors.FindAsync(known.Subject, known, cancellation);
        return new FactorScene(known, person, null, session, step == NextStep.SetUpFactor) { Wanted = levels.WantedOf(request, session, person) };
    }

    /// <summary>Somebody gave a right password for the request a moment ago. A half login that is over counts for nothing.</summary>
    public bool IsHalf(ParkedRequest parked) => parked.HalfLogin?.IsLive(clock.GetUtcNow()) == true;

    private async Task<FactorScene?> OfHalfAsync(HalfLogin half, CancellationToken cancellation)
    {
        var user = users.FindAsync(half.Subject, cancellation);
        var person = credentials.FindAsync(half.Subject, cancellation);
        await Task.WhenAll(user, person);
        // Somebody else may have changed the password meanwhile. That the account is disabled is said after the code.
        return await user is { DeletedAt: null } known && (known.Disabled || known.Trusts(half.Proof.At))
            ? new FactorScene(known, await person, half, null, MustSetUp: false) { Wanted = AuthenticationLevel.MultiFactor }
            : null;
    }
}
