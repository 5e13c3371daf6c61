using FunctionsAuth.Protocol.AuthorizationRequests;
using FunctionsAuth.Protocol.Browsers;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Issuing;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Interaction;

/// <summary>Continues an authorization request: to the login page, to the consent page, or back to the client with a code.</summary>
public sealed class AuthorizationFlow(
    RequestParking parking, GroupAccess groups, NextSteps steps, AuthorizationIssuer issuer, SessionStates states, AuthorizationResponder responder, ServerUrls urls)
{
    /// <param name="parked">The stored request; null if it comes directly from the client.</param>
    public async Task<IResult> ContinueAsync(
        HttpContext http, AuthorizationRequest request, CurrentUser user, ParkedRequest? parked, CancellationToken cancellation)
    {
        var next = await steps.OfAsync(request, user, parked, cancellation);
        if (next is NextStep.Issue or NextStep.NoAccess)
            return await IssueAsync(http, request, user, parked, cancellation);
        if (request.IsSilent)
            throw ErrorOf(next).To(request.Target with { IsForSignedIn = user.Session is not null });
        return Ask(http, parked ?? await parking.ParkAsync(http, request, cancellation), next);
    }

    /// <summary>
    /// A request that was sent without our SameSite=Lax cookies, such as a form posted by another site. The login page is requested by GET and gets
    /// the cookies, and continues at once if the user is signed in.
    /// </summary>
    public async Task<IResult> StartOverAsync(HttpContext http, AuthorizationRequest request, CancellationToken cancellation) =>
        Ask(http, await parking.ParkUnclaimedAsync(request, cancellation), request.Prompts.Contains(PromptNames.Create) ? NextStep.SignUp : NextStep.Login);

    /// <summary>Sends the browser to one of our pages. The request is stored until then.</summary>
    private IResult Ask(HttpContext http, ParkedRequest parked, NextStep page) =>
        Redirect.To(http, $"{urls.Of(RouteOf(page))}?{PageAddress.Of(parked)}");

    /// <summary>Sends the browser to the login page, even if a user is signed in.</summary>
    /// <inheritdoc cref="PageAddress.Of(ParkedRequest, string)"/>
    public IResult AskToSignIn(HttpContext http, ParkedRequest parked, string account) =>
        Redirect.To(http, $"{urls.Of(Routes.Login)}?{PageAddress.Of(parked, account)}");

    /// <summary>Sends the browser to the page that asks for a second factor.</summary>
    public IResult AskForSecondFactor(HttpContext http, ParkedRequest parked) => Ask(http, parked, NextStep.SecondFactor);

    /// <summary>Sends the browser to the page that lists the accounts of the browser.</summary>
    public IResult AskForAccount(HttpContext http, ParkedRequest parked) => Ask(http, parked, NextStep.SelectAccount);

    /// <summary>OpenID Connect Core §3.1.2.6: the error for a request with <c>prompt=none</c> that cannot be answered.</summary>
    private static OAuthException ErrorOf(NextStep next) => next switch
    {
        NextStep.Consent => OAuthError.ConsentRequired(),
        NextStep.Terms => OAuthError.InteractionRequired("The user has not accepted the terms of service, and prompt is none"),
        NextStep.SecondFactor or NextStep.SetUpFactor => OAuthError.LoginRequired("The user must sign in with a stronger method for this request, and prompt is none"),
        _ => OAuthError.LoginRequired(),
    };

    private static string RouteOf(NextStep page) => page switch
    {
        NextStep.Login => Routes.Login,
        NextStep.SignUp => Routes.SignUp,
        NextStep.SelectAccount => Routes.SelectAccount,
        NextStep.Terms => Routes.Terms,
        NextStep.SecondFactor or NextStep.SetUpFactor => Routes.SecondFactor,
        _ => Routes.Consent,
    };

    /// <summary>The answer to the client. A user who may not use the client gets a page that says so.</summary>
    private async Task<IResult> IssueAsync(
        HttpContext http, AuthorizationRequest request, CurrentUser user, ParkedRequest? parked, CancellationToken cancellation)
    {
        if (await groups.NarrowAsync(request, user.Session!, cancellation) is { } allowed)
            return await AnswerAsync(http, allowed, user, parked, cancellation);
        var refusal = await groups.RefuseAsync(request, user.Session!, cancellation);
        await parking.CompleteAsync(parked, request, cancellation);
        return refusal;
    }

    /// <summary>The answer to the client: a code or other tokens.</summary>
    /// <param name="allowed">The part of the request that the groups and the consent of the user allow.</param>
    public async Task<IResult> AnswerAsync(
        HttpContext http, AuthorizationRequest allowed, CurrentUser user, ParkedRequest? parked, CancellationToken cancellation)
    {
        var fields = await issuer.IssueAsync(allowed, user, cancellation);
        if (states.Of(http, allowed.Target, user.Session!) is { } state)
            fields = [.. fields, new(Parameter.SessionState, state)];
        // Tokens are signed and the grant is stored before the request is marked as answered. A failure here leaves an unused code, but the login is not
        // lost.
        var address = await responder.AddressOfAsync(allowed.Target, fields, cancellation);
        await parking.CompleteAsync(parked, allowed, cancellation);
        return responder.Write(http, address);
    }
}
