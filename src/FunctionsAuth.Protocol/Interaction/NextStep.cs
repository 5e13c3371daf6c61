using FunctionsAuth.Protocol.Authorize;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Consents;
using FunctionsAuth.Protocol.Sessions;

namespace FunctionsAuth.Protocol.Interaction;

/// <summary>What an authorization request still needs from a person.</summary>
public enum NextStep
{
    Login,
    Consent,
    Issue,
}

/// <summary>Decides that: a pure function of the request, the session and the consent (OpenID Connect Core §3.1.2.3 and §3.1.2.4).</summary>
public static class NextSteps
{
    /// <param name="signedInHere">The session began by signing in for this very request.</param>
    public static NextStep Of(AuthorizationRequest request, Session? session, Consent? consent, bool signedInHere, DateTimeOffset now)
    {
        if (session is null || (!signedInHere && MustSignInAgain(request, session, now)))
            return NextStep.Login;
        if (request.ExpectedSubject is { } expected && expected != session.Subject)
            return NextStep.Login;
        return MustAsk(request, consent, signedInHere) ? NextStep.Consent : NextStep.Issue;
    }

    private static bool MustSignInAgain(AuthorizationRequest request, Session session, DateTimeOffset now) =>
        request.Prompts.Contains(Prompts.Login)
        || request.Prompts.Contains(Prompts.SelectAccount)
        || now - session.AuthTime > request.MaxAge
        || request.MaxAge == TimeSpan.Zero;

    private static bool MustAsk(AuthorizationRequest request, Consent? consent, bool signedInHere)
    {
        if (request.Prompts.Contains(Prompts.Consent))
            return true;
        // RFC 8252 §8.6: another app on the device can pose as a public client whose redirect URI is a loopback port or a
        // private-use scheme, so a consent given before does not speak for this request, nor that the operator trusts the
        // client. Signing in for this very request, on a page that names the client, does.
        if (request.Client.IsPublic && !RedirectUri.AssuresClient(request.Target.RedirectUri))
            return !(request.Client.FirstParty && signedInHere);
        return !request.Client.FirstParty && (consent is null || !consent.Covers(request.Scopes, request.Resources));
    }
}
