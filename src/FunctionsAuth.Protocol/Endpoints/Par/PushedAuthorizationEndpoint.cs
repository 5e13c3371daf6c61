using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.AuthorizationRequests;
using FunctionsAuth.Protocol.ClientAuthentication;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Dpop;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Features;
using FunctionsAuth.Protocol.Http;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Endpoints.Par;

/// <summary>The pushed authorization request endpoint: RFC 9126 §2. A request is checked here in the same way as when the user comes with it.</summary>
public sealed class PushedAuthorizationEndpoint(
    ClientAuthenticator authenticator, RequestObjects objects, AuthorizationRequestReader reader, PushedRequests pushed, DpopProofs proofs, DpopNonces nonces) : ServerEndpoint
{
    public static EndpointFeature Feature { get; } = new(typeof(PushedAuthorizationEndpoint))
    {
        Describe = (metadata, server) =>
        {
            server.DescribeEndpoint(metadata, "pushed_authorization_request_endpoint", Routes.Par);
            metadata["require_pushed_authorization_requests"] = server.Options.RequirePushedAuthorizationRequests || server.Options.Profile is not null;
        },
    };

    /// <summary>The credentials of the client must not be stored with the request.</summary>
    private static readonly string[] Credentials = [Parameter.ClientSecret, Parameter.ClientAssertion, Parameter.ClientAssertionType];

    public override EndpointRules Rules { get; } = new(EndpointReader.Program, CorsPolicy.RegisteredOrigins, HttpMethods.Post);

    public override async Task<IResult> HandleAsync(HttpContext http, CancellationToken cancellation)
    {
        var form = await Parameters.FromBodyAsync(http.Request);
        var client = await authenticator.AuthenticateAsync(http, form, cancellation);
        // §2.1: a request_uri can't be pushed.
        if (form[Parameter.RequestUri] is not null)
            throw OAuthError.InvalidRequest("A pushed authorization request must not have a request_uri");
        var proof = await proofs.ReadAsync(http.Request, Routes.Par, null, cancellation);
        var request = await ReadAsync(client, form, proof?.Thumbprint, cancellation);
        if (proof is not null)
        {
            await proofs.UseAsync(proof, cancellation);
            await nonces.TellAsync(http.Response, cancellation);
        }
        var (requestUri, lifetime) = await pushed.PushAsync(request, cancellation);
        return JsonAnswer.Of(
            new JsonObject { [Parameter.RequestUri] = requestUri, [Parameter.ExpiresIn] = (long)lifetime.TotalSeconds },
            StatusCodes.Status201Created);
    }

    private async Task<AuthorizationRequest> ReadAsync(Client client, Parameters form, string? thumbprint, CancellationToken cancellation)
    {
        try
        {
            if (form[Parameter.Request] is { } requestObject)
                return await reader.ReadAsync(Bound(await objects.ReadAsync(client, requestObject, cancellation), thumbprint), cancellation);
            if (client.RequireSignedRequestObject)
                throw OAuthError.InvalidRequest("This client must sign its authorization requests: send a request object in the request parameter");
            return await reader.ReadAsync(Bound(form.Without(Credentials).With(Parameter.ClientId, client.ClientId), thumbprint), cancellation);
        }
        catch (OAuthException e)
        {
            // §2.3: all errors are returned here, not to the redirect URI.
            throw new OAuthException(e.Error, e.Description);
        }
    }

    /// <summary>RFC 9449 §10.1: a proof binds the code to its key, as dpop_jkt does.</summary>
    private static Parameters Bound(Parameters parameters, string? thumbprint)
    {
        if (thumbprint is null)
            return parameters;
        if (parameters[Parameter.DpopJkt] is { } named && named != thumbprint)
            throw OAuthError.InvalidRequest("The dpop_jkt is not the thumbprint of the key that signed the DPoP proof");
        return parameters.With(Parameter.DpopJkt, thumbprint);
    }
}
