using System.Globalization;
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

namespace FunctionsAuth.Protocol.Endpoints.SelectAccount;

/// <summary>
/// The page on which a user chooses an account: <c>prompt=select_account</c> of OpenID Connect Core §3.1.2.1. It offers the accounts that signed in
/// with this browser. Only an account with an active session continues without a password.
/// </summary>
public sealed class SelectAccountEndpoint(
    RequestParking parking, SessionReader sessions, NextSteps steps, AuthorizationFlow flow, BrowserCookies cookies, IPages pages) : ServerEndpoint
{
    public static EndpointFeature Feature { get; } = new(typeof(SelectAccountEndpoint));

    private const string Purpose = "select_account";

    public override EndpointRules Rules { get; } = new(EndpointReader.Person, CorsPolicy.None, HttpMethods.Get, HttpMethods.Post);

    public override Task<IResult> HandleAsync(HttpContext http, CancellationToken cancellation) =>
        HttpMethods.IsPost(http.Request.Method) ? SubmitAsync(http, cancellation) : ShowAsync(http, cancellation);

    private async Task<IResult> ShowAsync(HttpContext http, CancellationToken cancellation)
    {
        var query = Parameters.FromQuery(http.Request);
        var (parked, request, browser) = await parking.FindAsync(http, query[PageFields.Request], cancellation);
        var user = await sessions.FindAsync(http, request.Client.ClientId, cancellation);
        if (await steps.OfAsync(request, user, parked, cancellation) != NextStep.SelectAccount)
            return await flow.ContinueAsync(http, request, user, parked, cancellation);
        var names = cookies.Accounts(http).NamesWith(user.Session);
        // There is nothing to choose from.
        if (names.Count == 0)
            return flow.AskToSignIn(http, parked, PageFields.AnotherAccount);
        var id = parked.Address.ToString();
        return pages.Show(new SelectAccountPage(id, FormToken.For(browser, Purpose, id), request.Client.ForPage())
        {
            Accounts = [.. names.Select(name => new PageAccount(name, name == user.Session?.Username))],
            AnotherAddress = $"{Routes.Login}?{PageAddress.Of(parked, PageFields.AnotherAccount)}",
        });
    }

    private async Task<IResult> SubmitAsync(HttpContext http, CancellationToken cancellation)
    {
        var (form, parked, request, _) = await parking.FindPostedAsync(http, Purpose, cancellation);
        if (form[PageFields.Action] == PageFields.ActionCancel)
            throw await parking.RefuseAsync(parked, request, OAuthError.Denied("The user chose no account"), cancellation);
        if (form[PageFields.Choose] is { } chosen)
            return await ChooseAsync(http, request, parked, chosen, cancellation);
        if (form[PageFields.Forget] is { } forgotten)
            cookies.ForgetAccount(http, forgotten);
        return flow.AskForAccount(http, parked);
    }

    private async Task<IResult> ChooseAsync(HttpContext http, AuthorizationRequest request, ParkedRequest parked, string chosen, CancellationToken cancellation)
    {
        var user = await sessions.FindAsync(http, request.Client.ClientId, cancellation);
        var place = cookies.Accounts(http).NamesWith(user.Session).ToList().IndexOf(chosen);
        // The browser has forgotten the account in the meantime.
        if (place < 0)
            return flow.AskForAccount(http, parked);
        var login = place.ToString(CultureInfo.InvariantCulture);
        if (user.Session is not { } session || chosen != session.Username)
            return flow.AskToSignIn(http, parked, login);
        parked = await parking.ChooseAsync(parked, session, cancellation);
        // prompt=login and max_age still require a password.
        return await steps.OfAsync(request, user, parked, cancellation) == NextStep.Login
            ? flow.AskToSignIn(http, parked, login)
            : await flow.ContinueAsync(http, request, user, parked, cancellation);
    }
}
