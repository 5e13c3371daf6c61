using FunctionsAuth.Protocol.AuthorizationRequests;
using FunctionsAuth.Protocol.Browsers;
using FunctionsAuth.Protocol.Credentials;
using FunctionsAuth.Protocol.Interaction;
using FunctionsAuth.Protocol.Sessions;
using FunctionsAuth.Protocol.Users;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Endpoints.SecondFactor;

/// <summary>The user who must prove more, and the available factors.</summary>
/// <param name="Half">A login in which only the password is proven so far; null for a session whose level is too low.</param>
/// <param name="Session">The session whose level is too low; null for a login with only the password.</param>
/// <param name="MustSetUp">The user has no suitable factor yet.</param>
public sealed record FactorScene(User User, PersonCredentials Person, HalfLogin? Half, Session? Session, bool MustSetUp)
{
    /// <summary>The level that the page must reach.</summary>
    public required AuthenticationLevel Wanted { get; init; }

    /// <summary>A code by mail is possible; null if not.</summary>
    public string? EmailForCodes => Wanted <= AuthenticationLevel.MultiFactor ? Person.EmailForCodes : null;
}

/// <summary>Finds the factors for a parked request.</summary>
public sealed class FactorScenes(IUserStore users, ICredentialStore credentials, PersonFactors factors, SessionReader sessions, NextSteps steps, LoginLevels levels, TimeProvider clock)
{
    /// <returns>Null if nothing must be asked here and the request continues elsewhere.</returns>
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

    /// <summary>A user gave a right password for the request a moment ago. An expired login counts as none.</summary>
    public bool IsHalf(ParkedRequest parked) => parked.HalfLogin?.IsLive(clock.GetUtcNow()) == true;

    private async Task<FactorScene?> OfHalfAsync(HalfLogin half, CancellationToken cancellation)
    {
        var user = users.FindAsync(half.Subject, cancellation);
        var person = credentials.FindAsync(half.Subject, cancellation);
        await Task.WhenAll(user, person);
        // The password may have been changed in the meantime. A disabled account is reported only after the code.
        return await user is { DeletedAt: null } known && (known.Disabled || known.Trusts(half.Proof.At))
            ? new FactorScene(known, await person, half, null, MustSetUp: false) { Wanted = AuthenticationLevel.MultiFactor }
            : null;
    }
}
