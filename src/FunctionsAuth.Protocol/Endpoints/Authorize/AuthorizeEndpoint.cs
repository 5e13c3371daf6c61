using FunctionsAuth.Protocol.Browsers;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Interaction;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Endpoints.Authorize;

/// <summary>The authorization endpoint: RFC 6749 §4.1.1, OpenID Connect Core §3.1.2.</summary>
public sealed class AuthorizeEndpoint(RequestResolver resolver, SessionReader sessions, AuthorizationFlow flow, BrowserCookies cookies) : ServerEndpoint
{
    public override EndpointRules Rules { get; } = new(EndpointAudience.Person, CorsPolicy.None, HttpMethods.Get, HttpMethods.Post);

    public override async Task<IResult> HandleAsync(HttpContext http, CancellationToken cancellation)
    {
        var isPost = HttpMethods.IsPost(http.Request.Method);
        var parameters = isPost ? await Parameters.FromBodyAsync(http.Request) : Parameters.FromQuery(http.Request);
        var request = await resolver.ReadAsync(parameters, cancellation);
        try
        {
            if (isPost && cookies.Session(http) is null)
                return await flow.StartOverAsync(http, request, cancellation);
            var user = await sessions.FindAsync(http, request.Client.ClientId, cancellation);
            return await flow.ContinueAsync(http, request, user, null, cancellation);
        }
        catch (TemporarilyUnavailableException e)
        {
            e.ReturnTo = request.Target;
            throw;
        }
    }
}
