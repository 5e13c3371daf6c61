using FunctionsAuth.Protocol.Browsers;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Features;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Pages;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Endpoints.CheckSession;

/// <summary>The page of <c>check_session_iframe</c>: OpenID Connect Session Management §3.2. Its script does the work.</summary>
public sealed class CheckSessionEndpoint(BrowserCookies cookies, IPages pages, ServerOptions options) : ServerEndpoint
{
    public static EndpointFeature Feature { get; } = new(typeof(CheckSessionEndpoint))
    {
        Describe = (metadata, server) =>
        {
            if (server.Options.SessionManagement)
                metadata["check_session_iframe"] = server.Urls.Of(Routes.CheckSession);
        },
    };

    public override EndpointRules Rules { get; } = new(EndpointReader.Person, CorsPolicy.None, HttpMethods.Get);

    public override Task<IResult> HandleAsync(HttpContext http, CancellationToken cancellation)
    {
        if (!options.SessionManagement)
            return Task.FromResult(Results.NotFound());
        SecurityHeaders.AllowFraming(http.Response);
        return Task.FromResult(pages.Show(new CheckSessionPage(cookies.BrowserStateName)));
    }
}
