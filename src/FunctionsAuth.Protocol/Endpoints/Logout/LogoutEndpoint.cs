using FunctionsAuth.Protocol.Browsers;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Features;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Pages;
using FunctionsAuth.Protocol.SessionEnd;
using FunctionsAuth.Protocol.Sessions;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Endpoints.Logout;

/// <summary>
/// Logout at the request of a client: OpenID Connect RP-Initiated Logout §2. Any site can send a browser here. So the user is asked first, unless the request
/// contains an ID token of the session that is to end.
/// </summary>
public sealed class LogoutEndpoint(
    LogoutRequestReader reader, SessionReader sessions, SessionEnder ender, BrowserCookies cookies, IPages pages, ServerUrls urls) : ServerEndpoint
{
    public static EndpointFeature Feature { get; } = new(typeof(LogoutEndpoint))
    {
        Describe = (metadata, server) =>
        {
            metadata["end_session_endpoint"] = server.Urls.Of(Routes.Logout);
            metadata["backchannel_logout_supported"] = true;
            metadata["backchannel_logout_session_supported"] = true;
            metadata["frontchannel_logout_supported"] = true;
            metadata["frontchannel_logout_session_supported"] = true;
        },
        Parts = [typeof(LogoutRequestReader)],
    };

    private const string Purpose = "logout";

    /// <summary>
    /// A parameter of this server: the request was repeated with all cookies of the browser. If it still has no session cookie, there is none.
    /// </summary>
    private const string Again = "again";

    // The host accepts query strings of up to 4,096 characters.
    private const int MaxQueryLength = 4000;

    public override EndpointRules Rules { get; } = new(EndpointReader.Person, CorsPolicy.None, HttpMethods.Get, HttpMethods.Post);

    public override async Task<IResult> HandleAsync(HttpContext http, CancellationToken cancellation)
    {
        var isPost = HttpMethods.IsPost(http.Request.Method);
        var parameters = isPost ? await Parameters.FromBodyAsync(http.Request) : Parameters.FromQuery(http.Request);
        var request = await reader.ReadAsync(parameters, cancellation);
        if (LacksCookies(http) && parameters[Again] is null)
            return AskAgain(http, parameters);

        var session = await sessions.FindAsync(http, cancellation);
        if (session is null)
            return Done(http, request, []);
        if (isPost && parameters[PageFields.FormToken] is not null)
            return await AnswerAsync(http, request, parameters, session, cancellation);
        return await reader.ProvesWishAsync(request, session, cancellation)
            ? await EndAsync(http, request, session, pressed: false, cancellation)
            : pages.Show(Page(http, request, session));
    }

    /// <summary>
    /// The browser may have cookies that it did not send, because another site sent the form or the request used another host name of the server.
    /// </summary>
    private bool LacksCookies(HttpContext http) =>
        cookies.Session(http) is null && (HttpMethods.IsPost(http.Request.Method) || !urls.IsPublicHost(http.Request));

    /// <summary>Repeats the request so that the browser sends its cookies: as a GET or, if the query would be too long, as a form of this server.</summary>
    private IResult AskAgain(HttpContext http, Parameters parameters)
    {
        parameters = parameters.With(Again, PageFields.True);
        if (parameters.ToQuery() is { Length: <= MaxQueryLength } query)
            return Redirect.To(http, $"{urls.Of(Routes.Logout)}?{query}");
        SecurityHeaders.AllowFormPostScript(http.Response);
        return pages.Show(new PostAgainPage(urls.Of(Routes.Logout), parameters.ToList()));
    }

    private async Task<IResult> AnswerAsync(HttpContext http, LogoutRequest request, Parameters form, Session session, CancellationToken cancellation)
    {
        var browser = cookies.Browser(http);
        if (browser is null || !FormToken.IsValid(form[PageFields.FormToken], browser, Purpose, session.Address.ToString()))
            throw OAuthError.InvalidRequest("The form was opened in another browser, or another user has signed in since: open the page again");
        return form[PageFields.Action] == PageFields.ActionLogout
            ? await EndAsync(http, request, session, pressed: true, cancellation)
            : pages.Show(new LoggedOutPage(false, request.Client?.ForPage()));
    }

    private async Task<IResult> EndAsync(HttpContext http, LogoutRequest request, Session session, bool pressed, CancellationToken cancellation)
    {
        var recipients = await ender.EndAsync(session, cancellation);
        return Done(http, request, FrontchannelLogout.FramesOf(recipients, urls.Issuer), pressed);
    }

    /// <param name="frames">The pages that the browser loads before it continues.</param>
    /// <param name="pressed">The user pressed the button on the page of this server.</param>
    private IResult Done(HttpContext http, LogoutRequest request, IReadOnlyList<Uri> frames, bool pressed = false)
    {
        // Without the cookie, nothing is deleted, because any site can make a browser send a request without it.
        if (cookies.HasSession(http))
            cookies.DeleteSession(http);
        var next = request is { PostLogoutRedirectUri: { } uri, State: { } state }
            ? Redirect.Append(uri, '?', [new(Parameter.State, state)])
            : request.PostLogoutRedirectUri;
        var asksFirst = !pressed && request.Client?.IsStranger() == true;
        if (next is not null && frames.Count == 0 && !asksFirst)
            return Redirect.To(http, next);
        if (frames.Count > 0)
            SecurityHeaders.AllowFrames(http.Response, frames);
        return pages.Show(new LoggedOutPage(true, request.Client?.ForPage()) { Frames = frames, ContinueTo = next, AsksFirst = asksFirst });
    }

    private LogoutPage Page(HttpContext http, LogoutRequest request, Session session)
    {
        var token = FormToken.For(cookies.EnsureBrowser(http), Purpose, session.Address.ToString());
        List<KeyValuePair<string, string>> fields = [];
        if (request.Client is not null)
            fields.Add(new(Parameter.ClientId, request.Client.ClientId));
        if (request.PostLogoutRedirectUri is not null)
            fields.Add(new(Parameter.PostLogoutRedirectUri, request.PostLogoutRedirectUri));
        if (request.State is not null)
            fields.Add(new(Parameter.State, request.State));
        return new LogoutPage(token, fields) { Username = session.Username, Client = request.Client?.ForPage() };
    }
}
