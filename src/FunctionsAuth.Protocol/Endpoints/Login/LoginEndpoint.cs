using FunctionsAuth.Protocol.AuthorizationRequests;
using FunctionsAuth.Protocol.Browsers;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Features;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Interaction;
using FunctionsAuth.Protocol.Pages;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Endpoints.Login;

/// <summary>The login page of an authorization request.</summary>
public sealed class LoginEndpoint(
    RequestParking parking, SessionReader sessions, LoginAttempt attempt, PasskeyAttempt passkeys, NextSteps steps, AuthorizationFlow flow, LoginCompletion completion, LoginForm form) : ServerEndpoint
{
    public static EndpointFeature Feature { get; } = new(typeof(LoginEndpoint))
    {
        Parts = [typeof(LoginAttempt), typeof(LoginForm)],
    };

    public override EndpointRules Rules { get; } = new(EndpointReader.Person, CorsPolicy.None, HttpMethods.Get, HttpMethods.Post);

    public override Task<IResult> HandleAsync(HttpContext http, CancellationToken cancellation) =>
        HttpMethods.IsPost(http.Request.Method) ? SubmitAsync(http, cancellation) : ShowAsync(http, cancellation);

    private async Task<IResult> ShowAsync(HttpContext http, CancellationToken cancellation)
    {
        var query = Parameters.FromQuery(http.Request);
        var (parked, request, browser) = await parking.FindAsync(http, query[PageFields.Request], cancellation);
        var user = await sessions.FindAsync(http, request.Client.ClientId, cancellation);
        var page = form.For(parked, request, browser);
        // A user who wants to sign in with another account stays signed in until the new login has succeeded.
        if (!request.IsSilent && query[PageFields.Account] is { } account)
            return form.Show(http, form.Ask(page, form.NameOf(account, http, user.Session)));
        // A user who was sent to create an account may already have one.
        if (request.IsSilent || await steps.OfAsync(request, user, parked, cancellation) is not (NextStep.Login or NextStep.SignUp))
            return await flow.ContinueAsync(http, request, user, parked, cancellation);
        return form.Show(http, page);
    }

    private async Task<IResult> SubmitAsync(HttpContext http, CancellationToken cancellation)
    {
        var (posted, parked, request, browser) = await parking.FindPostedAsync(http, LoginForm.Purpose, cancellation);
        if (posted[PageFields.Action] == PageFields.ActionCancel)
            throw await parking.RefuseAsync(parked, request, OAuthError.Denied("The user did not sign in"), cancellation);

        var remember = posted[PageFields.Remember] == PageFields.True;
        if (posted[PageFields.Action] == PageFields.ActionPasskey)
            return await SubmitPasskeyAsync(http, posted, parked, request, browser, remember, cancellation);
        var username = posted[PageFields.Username] ?? "";
        if (posted[PageFields.Action] == PageFields.ActionNext)
            return form.Show(http, form.Ask(form.For(parked, request, browser), username) with { Remember = remember });
        var outcome = await attempt.TryAsync(http, request.Client.ClientId, username, posted[PageFields.Password] ?? "", remember, cancellation);
        if (outcome.Half is { } half)
            return flow.AskForSecondFactor(http, await parking.SignInHalfAsync(parked, half, cancellation));
        if (outcome.Session is not { } session)
        {
            return form.Show(http, form.Ask(form.For(parked, request, browser), username) with
            {
                Remember = remember,
                // The text is the same for a wrong name, a wrong password and a locked account, so that nobody can tell them apart.
                Problem = outcome.IsDisabled ? DisabledAccount.Text : Phrase.Of($"That name and password do not match, or there were too many tries. Check both, or wait a few minutes."),
                Status = StatusCodes.Status422UnprocessableEntity,
            });
        }

        return await completion.GoOnAsync(http, request, parked, session, cancellation);
    }

    private async Task<IResult> SubmitPasskeyAsync(
        HttpContext http, Parameters posted, ParkedRequest parked, AuthorizationRequest request, byte[] browser, bool remember, CancellationToken cancellation)
    {
        var answered = await passkeys.TakeAsync(parked, posted, request.Client.ClientId, cancellation);
        if (answered.Outcome.Login is not { } login)
            return form.Show(http, form.For(answered.Parked, request, browser) with { Remember = remember, Problem = answered.Problem, Status = StatusCodes.Status422UnprocessableEntity });
        var session = await attempt.BeginAsync(http, login, request.Client.ClientId, remember, cancellation);
        return await completion.GoOnAsync(http, request, answered.Parked, session, cancellation);
    }
}
