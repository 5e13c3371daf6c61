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
/// Logout at the request of a client: OpenID Connect RP-Initiated Logout §2. Without an ID token of the very session that
/// is to end, the person is asked first: any site can send a browser here.
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

    // The host takes query strings of up to 4,096 characters.
    private const int MaxQueryLength = 4000;

    public override EndpointRules Rules { get; } = new(EndpointReader.Person, CorsPolicy.None, HttpMethods.Get, HttpMethods.Post);

    public override async Task<IResult> HandleAsync(HttpContext http, CancellationToken cancellation)
    {
        var isPost = HttpMethods.IsPost(http.Request.Method);
        var parameters = isPost ? await Parameters.FromBodyAsync(http.Request) : Parameters.FromQuery(http.Request);
        var request = await reader.ReadAsync(parameters, cancellation);
        // A form posted by another site comes without our SameSite=Lax cookies; as a GET it has them.
        if (isPost && cookies.Session(http) is null)
            return AskAgain(http, parameters);

        var session = await sessions.FindAsync(http, cancellation);
        if (session is null)
            return Done(http, request, []);
        if (isPost && parameters[PageFields.FormToken] is not null)
            return await AnswerAsync(http, request, parameters, session, cancellation);
        return await reader.ProvesWishAsync(request, session, cancellation)
            ? await EndAsync(http, request, session, cancellation)
            : pages.Show(Page(http, request, session));
    }

    private IResult AskAgain(HttpContext http, Parameters parameters) => parameters.ToQuery() is { Length: <= MaxQueryLength } query
        ? Redirect.To(http, $"{urls.Of(Routes.Logout)}?{query}")
        : throw OAuthError.InvalidRequest("The request is too long for a form of another site; send it by GET");

    private async Task<IResult> AnswerAsync(HttpContext http, LogoutRequest request, Parameters form, Session session, CancellationToken cancellation)
    {
        var browser = cookies.Browser(http);
        if (browser is null || !FormToken.IsValid(form[PageFields.FormToken], browser, Purpose, session.Address.ToString()))
            throw OAuthError.InvalidRequest("The form is not from this browser, or another user has signed in since");
        return form[PageFields.Action] == PageFields.ActionLogout
            ? await EndAsync(http, request, session, cancellation)
            : pages.Show(new LoggedOutPage(false, request.Client?.ForPage()));
    }

    private async Task<IResult> EndAsync(HttpContext http, LogoutRequest request, Session session, CancellationToken cancellation)
    {
        var recipients = await ender.EndAsync(session, cancellation);
        return Done(http, request, FrontchannelLogout.FramesOf(recipients, urls.Issuer));
    }

    /// <param name="frames">What the browser loads before it goes on.</param>
    private IResult Done(HttpContext http, LogoutRequest request, IReadOnlyList<Uri> frames)
    {
        // Never in answer to a request without it, which any site can make a browser send.
        if (cookies.HasSession(http))
            cookies.DeleteSession(http);
        var next = request is { PostLogoutRedirectUri: { } uri, State: { } state }
            ? Redirect.Append(uri, '?', [new(Parameter.State, state)])
            : request.PostLogoutRedirectUri;
        if (next is not null && frames.Count == 0)
            return Redirect.To(http, next);
        if (frames.Count > 0)
            SecurityHeaders.AllowFrames(http.Response, frames);
        return pages.Show(new LoggedOutPage(true, request.Client?.ForPage()) { Frames = frames, ContinueTo = next });
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
