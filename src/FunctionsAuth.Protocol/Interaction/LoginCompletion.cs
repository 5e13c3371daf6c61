using FunctionsAuth.Protocol.AuthorizationRequests;
using FunctionsAuth.Protocol.Browsers;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Sessions;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Interaction;

/// <summary>Continues a request for which a user has just signed in, by any method.</summary>
public sealed class LoginCompletion(RequestParking parking, SessionReader sessions, NextSteps steps, AuthorizationFlow flow)
{
    /// <exception cref="OAuthException">The user who signed in is not the user that the client asked for.</exception>
    public async Task<IResult> GoOnAsync(HttpContext http, AuthorizationRequest request, ParkedRequest parked, Session session, CancellationToken cancellation)
    {
        parked = await parking.SignInAsync(parked, session, cancellation);
        if (!await steps.IsExpectedAsync(request, session, cancellation))
            throw await parking.RefuseAsync(parked, request, OAuthError.LoginRequired("The user who signed in is not the user that the request names"), cancellation, isSignedIn: true);
        var user = await sessions.WithConsentAsync(session, request.Client.ClientId, cancellation);
        return await flow.ContinueAsync(http, request, user, parked, cancellation);
    }
}
