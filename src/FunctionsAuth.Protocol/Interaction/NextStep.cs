using FunctionsAuth.Protocol.AuthorizationRequests;
using FunctionsAuth.Protocol.Browsers;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Consents;
using FunctionsAuth.Protocol.Sessions;
using FunctionsAuth.Protocol.Users;

namespace FunctionsAuth.Protocol.Interaction;

/// <summary>What an authorization request still needs from a person.</summary>
public enum NextStep
{
    Login,
    SignUp,
    SelectAccount,

    /// <summary>The person is signed in and must prove more.</summary>
    SecondFactor,

    /// <summary>The person must prove more, and has nothing for it yet.</summary>
    SetUpFactor,

    /// <summary>The person has not accepted the terms of service of today.</summary>
    Terms,
    Consent,

    /// <summary>Nothing more helps: the groups of the person give no access to the client.</summary>
    NoAccess,
    Issue,
}

/// <summary>Decides that from the request, the session and the consent (OpenID Connect Core §3.1.2.3 and §3.1.2.4).</summary>
public sealed class NextSteps(SubjectIdentifiers subjects, GroupAccess groups, LoginLevels levels, TermsOfService terms, TimeProvider clock)
{
    /// <param name="parked">The stored request, null while it comes straight from the client.</param>
    public async ValueTask<NextStep> OfAsync(AuthorizationRequest request, CurrentUser user, ParkedRequest? parked, CancellationToken cancellation)
    {
        // The session began by signing in for this very request.
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

    /// <summary>OpenID Connect Core §3.1.2.1: whoever is signed in is whom the client asked for, if it did.</summary>
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
        // RFC 8252 §8.6: another app on the device can pose as a public client whose redirect URI is a loopback port or a
        // private-use scheme, so a consent given before does not speak for this request, nor that the operator trusts the
        // client. Signing in for this very request, on a page that names the client, does.
        if (request.Client.IsPublic && !RedirectUriRules.AssuresClient(request.Target.RedirectUri))
            return !(request.Client.FirstParty && signedInHere);
        return !request.Client.FirstParty && consent?.Covers(request.Wish) != true;
    }
}
