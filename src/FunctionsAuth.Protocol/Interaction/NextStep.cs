using FunctionsAuth.Protocol.AuthorizationRequests;
using FunctionsAuth.Protocol.Browsers;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Consents;
using FunctionsAuth.Protocol.Sessions;
using FunctionsAuth.Protocol.Users;

namespace FunctionsAuth.Protocol.Interaction;

/// <summary>The next step that an authorization request needs from the user.</summary>
public enum NextStep
{
    Login,
    SignUp,
    SelectAccount,

    /// <summary>The user is signed in but must reach a higher authentication level.</summary>
    SecondFactor,

    /// <summary>The user must reach a higher authentication level and has no factor for it yet.</summary>
    SetUpFactor,

    /// <summary>The user has not accepted the current terms of service.</summary>
    Terms,
    Consent,

    /// <summary>No step helps: the groups of the user give no access to the client.</summary>
    NoAccess,
    Issue,
}

/// <summary>Decides the next step from the request, the session and the consent (OpenID Connect Core §3.1.2.3 and §3.1.2.4).</summary>
public sealed class NextSteps(SubjectIdentifiers subjects, GroupAccess groups, LoginLevels levels, TermsOfService terms, TimeProvider clock)
{
    /// <param name="parked">The stored request; null if it comes directly from the client.</param>
    public async ValueTask<NextStep> OfAsync(AuthorizationRequest request, CurrentUser user, ParkedRequest? parked, CancellationToken cancellation)
    {
        // The session began with a login for this request.
        var signedInHere = parked?.SignedInAs is { } address && address == user.Session?.Address;
        if (!signedInHere && request.Prompts.Contains(PromptNames.Create))
            return NextStep.SignUp;
        var chosenHere = signedInHere || (parked?.ChosenAs is { } chosen && chosen == user.Session?.Address);
        if (!chosenHere && request.Prompts.Contains(PromptNames.SelectAccount))
            return NextStep.SelectAccount;
        if (user.Session is not { } session || (!signedInHere && MustSignInAgain(request, session, clock.GetUtcNow())))
            return NextStep.Login;
        if (!await IsExpectedAsync(request, session, cancellation))
            return NextStep.Login;
        if (await levels.StepOfAsync(request, session, user.User, cancellation) is { } step)
            return step;
        if (await terms.MustBeAcceptedAsync(request, user, cancellation))
            return NextStep.Terms;
        if (await groups.NarrowAsync(request, session, cancellation) is not { } allowed)
            return NextStep.NoAccess;
        return MustAsk(allowed, user.Consent, signedInHere) ? NextStep.Consent : NextStep.Issue;
    }

    /// <summary>OpenID Connect Core §3.1.2.1: the signed-in user must be the user that the client asked for, if it named one.</summary>
    public async ValueTask<bool> IsExpectedAsync(AuthorizationRequest request, Session session, CancellationToken cancellation) =>
        request.ExpectedSubject is null || request.ExpectedSubject == await subjects.OfAsync(request.Client, session.Subject, cancellation);

    private static bool MustSignInAgain(AuthorizationRequest request, Session session, DateTimeOffset now) =>
        request.Prompts.Contains(PromptNames.Login)
        || now - session.AuthTime > request.MaxAge
        || request.MaxAge == TimeSpan.Zero;

    private static bool MustAsk(AuthorizationRequest request, Consent? consent, bool signedInHere)
    {
        if (request.Prompts.Contains(PromptNames.Consent) || request.AlwaysAsks)
            return true;
        // RFC 8252 §8.6: another app on the device can pose as a public client whose redirect URI is a loopback port or a private-use scheme. So an
        // earlier consent, or the first_party setting, does not count for this request. A login for this request, on a page that names the client, does
        // count.
        if (request.Client.IsPublic && !RedirectUriRules.AssuresClient(request.Target.RedirectUri))
            return !(request.Client.FirstParty && signedInHere);
        return !request.Client.FirstParty && consent?.Covers(request.Wish) != true;
    }
}
