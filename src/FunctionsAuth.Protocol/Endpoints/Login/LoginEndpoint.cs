using FunctionsAuth.Protocol.AuthorizationRequests;
using FunctionsAuth.Protocol.Browsers;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Features;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Interaction;
using FunctionsAuth.Protocol.Pages;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Endpoints.Login;

/// <summary>The login page of an authorization request.</summary>
public sealed class LoginEndpoint(
    RequestParking parking, SessionReader sessions, LoginAttempt attempt, NextSteps steps, AuthorizationFlow flow, IPages pages, ServerOptions options) : ServerEndpoint
{
    public static EndpointFeature Feature { get; } = new(typeof(LoginEndpoint))
    {
        Parts = [typeof(LoginAttempt)],
    };

    private const string Purpose = "login";

    public override EndpointRules Rules { get; } = new(EndpointReader.Person, CorsPolicy.None, HttpMethods.Get, HttpMethods.Post);

    public override Task<IResult> HandleAsync(HttpContext http, CancellationToken cancellation) =>
        HttpMethods.IsPost(http.Request.Method) ? SubmitAsync(http, cancellation) : ShowAsync(http, cancellation);

    private async Task<IResult> ShowAsync(HttpContext http, CancellationToken cancellation)
    {
        var query = Parameters.FromQuery(http.Request);
        var (parked, request, browser) = await parking.FindAsync(http, query[PageFields.Request], cancellation);
        var user = await sessions.FindAsync(http, request.Client.ClientId, cancellation);
        // Who was sent to make an account may have one.
        if (request.IsSilent || await steps.OfAsync(request, user, parked, cancellation) is NextStep.Consent or NextStep.NoAccess or NextStep.Issue)
            return await flow.ContinueAsync(http, request, user, parked, cancellation);
        return Show(http, Page(parked, request, browser));
    }

    private async Task<IResult> SubmitAsync(HttpContext http, CancellationToken cancellation)
    {
        var form = await Parameters.FromBodyAsync(http.Request);
        var (parked, request, browser) = await parking.FindAsync(http, form[PageFields.Request], cancellation);
        if (!FormToken.IsValid(form[PageFields.FormToken], browser, Purpose, parked.Address.ToString()))
            throw RequestParking.Gone();
        if (form[PageFields.Action] == PageFields.ActionCancel)
            throw await parking.RefuseAsync(parked, request, OAuthError.Denied("The user did not sign in"), cancellation);

        var username = form[PageFields.Username] ?? "";
        var remember = form[PageFields.Remember] == PageFields.True;
        var login = await attempt.TryAsync(http, request.Client.ClientId, username, form[PageFields.Password] ?? "", remember, cancellation);
        if (login is not { } session)
        {
            return Show(http, Page(parked, request, browser) with
            {
                Username = username,
                Remember = remember,
                // One text for a wrong name, a wrong password and a locked account: none of them is told apart.
                Problem = "That name and password do not match, or there were too many tries. Check both, or wait a few minutes.",
                Status = StatusCodes.Status422UnprocessableEntity,
            });
        }

        parked = await parking.SignInAsync(parked, session, cancellation);
        if (!await steps.IsExpectedAsync(request, session, cancellation))
            throw await parking.RefuseAsync(parked, request, OAuthError.LoginRequired("Another user signed in than the request names"), cancellation);
        var user = await sessions.WithConsentAsync(session, request.Client.ClientId, cancellation);
        return await flow.ContinueAsync(http, request, user, parked, cancellation);
    }

    private IResult Show(HttpContext http, LoginPage page)
    {
        SecurityHeaders.AllowScript(http.Response);
        return pages.Show(page);
    }

    private LoginPage Page(ParkedRequest parked, AuthorizationRequest request, byte[] browser)
    {
        var id = parked.Address.ToString();
        return new LoginPage(id, FormToken.For(browser, Purpose, id), request.Client.ForPage())
        {
            Username = request.LoginHint,
            RememberedFor = options.Lifetimes.RememberedSession,
            SignUpAddress = options.SelfRegistration ? $"{Routes.SignUp}?{PageAddress.Of(parked)}" : null,
        };
    }
}
