using FunctionsAuth.Protocol.Browsers;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Features;
using FunctionsAuth.Protocol.Grants;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Interaction;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Endpoints.Authorize;

/// <summary>The authorization endpoint: RFC 6749 §4.1.1, OpenID Connect Core §3.1.2.</summary>
public sealed class AuthorizeEndpoint(RequestResolver resolver, SessionReader sessions, AuthorizationFlow flow, BrowserCookies cookies, ServerUrls urls) : ServerEndpoint
{
    public static EndpointFeature Feature { get; } = new(typeof(AuthorizeEndpoint))
    {
        Describe = (metadata, server) =>
        {
            var signsMessages = server.Options.Profile == ProfileNames.Fapi2MessageSigning;
            metadata["authorization_endpoint"] = server.Urls.Of(Routes.Authorize);
            metadata["response_types_supported"] = ServerDescription.Array(server.Features.FindGrantType(GrantTypeNames.Implicit)?.IsOn(server.Options) == true ? ResponseTypeNames.All : [ResponseTypeNames.Code]);
            metadata["response_modes_supported"] = ServerDescription.Array(signsMessages ? ResponseModes.All.Where(ResponseModes.IsSigned) : ResponseModes.All);
            metadata["code_challenge_methods_supported"] = ServerDescription.Array([Pkce.S256]);
            metadata["prompt_values_supported"] = ServerDescription.Array(PromptNames.For(server.Options.SelfRegistration));
            metadata["authorization_response_iss_parameter_supported"] = true;
            metadata["claims_parameter_supported"] = true;
            metadata["display_values_supported"] = ServerDescription.Array(["page"]);
            metadata["ui_locales_supported"] = ServerDescription.Array(LanguageSet.TagsOf(server.Options));
            metadata["authorization_signing_alg_values_supported"] = ServerDescription.Array(server.Features.TokenAlgorithms);
            metadata["request_object_signing_alg_values_supported"] = ServerDescription.Array(server.Features.ClientAlgorithms);
            if (signsMessages)
                metadata["require_signed_request_object"] = true;
            metadata["request_parameter_supported"] = true;
            metadata["request_uri_parameter_supported"] = true;
            metadata["require_request_uri_registration"] = true;
        },
        Parts = [typeof(RequestResolver)],
    };

    public override EndpointRules Rules { get; } = new(EndpointReader.Person, CorsPolicy.None, HttpMethods.Get, HttpMethods.Post);

    public override async Task<IResult> HandleAsync(HttpContext http, CancellationToken cancellation)
    {
        var isPost = HttpMethods.IsPost(http.Request.Method);
        var parameters = isPost ? await Parameters.FromBodyAsync(http.Request) : Parameters.FromQuery(http.Request);
        var request = await resolver.ReadAsync(parameters, cancellation);
        try
        {
            if (LacksCookies(http))
                return await flow.StartOverAsync(http, request, cancellation);
            var user = await sessions.FindAsync(http, request.Client.ClientId, cancellation);
            return await flow.ContinueAsync(http, request, user, null, cancellation);
        }
        catch (TemporarilyUnavailableException e)
        {
            throw e.To(request.Target);
        }
    }

    /// <summary>
    /// The browser may have cookies that it did not send: it sends none with a form that another site posts, and none to another host name of the
    /// server. The login page, reached by GET at the public address, gets them.
    /// </summary>
    private bool LacksCookies(HttpContext http)
    {
        if (HttpMethods.IsPost(http.Request.Method))
            return cookies.Session(http) is null;
        // Behind a proxy, the host header may be wrong. A browser that has our cookies is at the right address.
        return cookies.Session(http) is null && cookies.Browser(http) is null && !urls.IsPublicHost(http.Request);
    }
}
