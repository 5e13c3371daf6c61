using FunctionsAuth.Protocol.AuthorizationRequests;
using FunctionsAuth.Protocol.Browsers;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Features;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Interaction;
using FunctionsAuth.Protocol.Limits;
using FunctionsAuth.Protocol.Pages;
using FunctionsAuth.Protocol.Users;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Endpoints.SignUp;

/// <summary>
/// The page on which a person creates an account: OpenID Connect Prompt Create 1.0, and a link on the login page. It exists only with <see
/// cref="ServerOptions.SelfRegistration"/>.
/// </summary>
public sealed class SignUpEndpoint(
    RequestParking parking, SessionReader sessions, AccountCreator accounts, MailedSignUp mailed, MailLimit mailLimit, TermsOfService terms, NextSteps steps, AuthorizationFlow flow, LoginCompletion completion,
    IPages pages, ServerOptions options) : ServerEndpoint
{
    public static EndpointFeature Feature { get; } = new(typeof(SignUpEndpoint));

    private const string Purpose = "signup";

    public override EndpointRules Rules { get; } = new(EndpointReader.Person, CorsPolicy.None, HttpMethods.Get, HttpMethods.Post);

    public override async Task<IResult> HandleAsync(HttpContext http, CancellationToken cancellation)
    {
        if (!options.SelfRegistration)
            throw new OAuthException("invalid_request", "SelfRegistration is off", StatusCodes.Status404NotFound) { ForPerson = Phrase.Of($"People cannot create accounts here. Ask whoever runs this service for one.") };
        return HttpMethods.IsPost(http.Request.Method) ? await SubmitAsync(http, cancellation) : await ShowAsync(http, cancellation);
    }

    private async Task<IResult> ShowAsync(HttpContext http, CancellationToken cancellation)
    {
        var query = Parameters.FromQuery(http.Request);
        var (parked, request, browser) = await parking.FindAsync(http, query[PageFields.Request], cancellation);
        var user = await sessions.FindAsync(http, request.Client.ClientId, cancellation);
        // A user who is signed in for this request, or can continue without a page, does not need this page.
        if (request.IsSilent || await steps.OfAsync(request, user, parked, cancellation) is not (NextStep.Login or NextStep.SignUp or NextStep.SelectAccount))
            return await flow.ContinueAsync(http, request, user, parked, cancellation);
        return Show(http, Page(parked, request, browser));
    }

    private async Task<IResult> SubmitAsync(HttpContext http, CancellationToken cancellation)
    {
        var (form, parked, request, browser) = await parking.FindPostedAsync(http, Purpose, cancellation);
        if (form[PageFields.Action] == PageFields.ActionCancel)
            throw await parking.RefuseAsync(parked, request, OAuthError.Denied("The user did not create an account"), cancellation);
        return options.SignUp.Email
            ? await SendLinkAsync(http, form[PageFields.Email]?.Trim() ?? "", parked, request, browser, cancellation)
            : await CreateAsync(http, form, parked, request, browser, cancellation);
    }

    /// <summary>The answer is the same whether or not the address belongs to an account.</summary>
    private async Task<IResult> SendLinkAsync(HttpContext http, string address, ParkedRequest parked, AuthorizationRequest request, byte[] browser, CancellationToken cancellation)
    {
        var page = Page(parked, request, browser) with { Username = address };
        if (EmailRules.ProblemOf(address) is { } problem)
            return Show(http, page with { Problem = problem, Status = StatusCodes.Status422UnprocessableEntity });
        mailLimit.Take();
        await mailed.SendAsync(address, parked.Address.ToString(), cancellation);
        return Show(http, page with { SentTo = address });
    }

    private async Task<IResult> CreateAsync(HttpContext http, Parameters form, ParkedRequest parked, AuthorizationRequest request, byte[] browser, CancellationToken cancellation)
    {
        var wish = NewAccount.Read(form);
        var (user, problem) = await accounts.CreateAsync(wish, cancellation);
        if (user is null)
        {
            return Show(http, Page(parked, request, browser) with
            {
                Username = wish.Username,
                Name = wish.Name,
                Problem = problem,
                Status = StatusCodes.Status422UnprocessableEntity,
            });
        }
        var session = await accounts.BeginAsync(http, user, request.Client.ClientId, cancellation);
        return await completion.GoOnAsync(http, request, parked, session, cancellation);
    }

    private IResult Show(HttpContext http, SignUpPage page)
    {
        SecurityHeaders.AllowScript(http.Response);
        return pages.Show(page);
    }

    private SignUpPage Page(ParkedRequest parked, AuthorizationRequest request, byte[] browser)
    {
        var id = parked.Address.ToString();
        return new SignUpPage(id, FormToken.For(browser, Purpose, id), request.Client.ForPage())
        {
            Username = request.LoginHint,
            AsksEmail = options.SignUp.Email,
            Terms = terms.Address,
            LoginAddress = $"{Routes.Login}?{PageAddress.Of(parked)}",
        };
    }
}
