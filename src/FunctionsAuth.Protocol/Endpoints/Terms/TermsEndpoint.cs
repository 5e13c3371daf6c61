using FunctionsAuth.Protocol.Browsers;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Features;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Interaction;
using FunctionsAuth.Protocol.Pages;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Endpoints.Terms;

/// <summary>Asks a signed-in user to accept the terms of service during an authorization request.</summary>
public sealed class TermsEndpoint(
    RequestParking parking, SessionReader sessions, NextSteps steps, TermsOfService terms, AuthorizationFlow flow, IPages pages, ServerOptions options) : ServerEndpoint
{
    public static EndpointFeature Feature { get; } = new(typeof(TermsEndpoint));

    private const string Purpose = "terms";

    public override EndpointRules Rules { get; } = new(EndpointReader.Person, CorsPolicy.None, HttpMethods.Get, HttpMethods.Post);

    public override async Task<IResult> HandleAsync(HttpContext http, CancellationToken cancellation)
    {
        var form = HttpMethods.IsPost(http.Request.Method) ? await Parameters.FromBodyAsync(http.Request) : null;
        var (parked, request, browser) = await parking.FindAsync(http, (form ?? Parameters.FromQuery(http.Request))[PageFields.Request], cancellation);
        var user = await sessions.FindAsync(http, request.Client.ClientId, cancellation);
        if (request.IsSilent || await steps.OfAsync(request, user, parked, cancellation) != NextStep.Terms || user is not { Session: { } session, User: { } person })
            return await flow.ContinueAsync(http, request, user, parked, cancellation);
        var id = parked.Address.ToString();
        // The acceptance counts only for the user and the version that were shown, not for another user who signed in meanwhile.
        string[] whatWasShown = [Purpose, id, session.Address.ToString(), options.Terms.Version!];
        if (form is null || !FormToken.IsValid(form[PageFields.FormToken], browser, whatWasShown))
        {
            return pages.Show(new TermsPage(id, FormToken.For(browser, whatWasShown), request.Client.ForPage())
            {
                Username = person.Username,
                Terms = terms.Address!,
                IsUpdate = person.AcceptedTerms is not null,
            });
        }
        if (form[PageFields.Action] != PageFields.ActionAccept)
            throw await parking.RefuseAsync(parked, request, OAuthError.Denied("The user did not accept the terms of service"), cancellation, isSignedIn: true);
        await terms.AcceptAsync(person, session.AuthTime, cancellation);
        return await flow.ContinueAsync(http, request, await sessions.FindAsync(http, request.Client.ClientId, cancellation), parked, cancellation);
    }
}
