using FunctionsAuth.Protocol.Browsers;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Features;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Interaction;
using FunctionsAuth.Protocol.Pages;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Endpoints.Consents;

/// <summary>The consent page of an authorization request.</summary>
public sealed class ConsentEndpoint(
    RequestParking parking, SessionReader sessions, ConsentQuestions questions, NextSteps steps, AuthorizationFlow flow, IPages pages) : ServerEndpoint
{
    public static EndpointFeature Feature { get; } = new(typeof(ConsentEndpoint));

    public override EndpointRules Rules { get; } = new(EndpointReader.Person, CorsPolicy.None, HttpMethods.Get, HttpMethods.Post);

    public override Task<IResult> HandleAsync(HttpContext http, CancellationToken cancellation) =>
        HttpMethods.IsPost(http.Request.Method) ? SubmitAsync(http, cancellation) : ShowAsync(http, cancellation);

    private async Task<IResult> ShowAsync(HttpContext http, CancellationToken cancellation)
    {
        var query = Parameters.FromQuery(http.Request);
        var (parked, request, browser) = await parking.FindAsync(http, query[PageFields.Request], cancellation);
        var user = await sessions.FindAsync(http, request.Client.ClientId, cancellation);
        if (await steps.OfAsync(request, user, parked, cancellation) != NextStep.Consent || await questions.OfAsync(request, user.Session!, cancellation) is not { } question)
            return await flow.ContinueAsync(http, request, user, parked, cancellation);
        return pages.Show(new ConsentForm(question, parked, user.Session!).For(user, browser));
    }

    private async Task<IResult> SubmitAsync(HttpContext http, CancellationToken cancellation)
    {
        var posted = await Parameters.FromBodyAsync(http.Request);
        var (parked, request, browser) = await parking.FindAsync(http, posted[PageFields.Request], cancellation);
        var user = await sessions.FindAsync(http, request.Client.ClientId, cancellation);
        if (await steps.OfAsync(request, user, parked, cancellation) is not (NextStep.Consent or NextStep.Issue)
            || await questions.OfAsync(request, user.Session!, cancellation) is not { } question)
            return await flow.ContinueAsync(http, request, user, parked, cancellation);
        var form = new ConsentForm(question, parked, user.Session!);
        if (!form.IsOwn(posted[PageFields.FormToken], browser))
            throw RequestParking.Gone();
        if (posted[PageFields.Action] == PageFields.ActionAllow && form.Answer(posted, browser) is { } allowed)
            return await flow.AnswerAsync(http, allowed, user, parked, cancellation);
        throw await parking.RefuseAsync(parked, request, OAuthError.Denied("The user did not give consent"), cancellation, isSignedIn: true);
    }
}
