using FunctionsAuth.Protocol.AuthorizationRequests;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Http;

namespace FunctionsAuth.Protocol.Endpoints.Authorize;

/// <summary>Finds the form of the request: plain parameters, a JWT that contains them, the address of such a JWT, or the reference of a pushed request.</summary>
public sealed class RequestResolver(AuthorizationRequestReader reader, RequestObjects objects, PushedRequests pushed, ServerOptions options)
{
    public async Task<AuthorizationRequest> ReadAsync(Parameters parameters, CancellationToken cancellation)
    {
        var client = await reader.FindClientAsync(parameters, cancellation);
        if (parameters[Parameter.RequestUri] is { } name && name.StartsWith(PushedRequests.Prefix, StringComparison.Ordinal))
        {
            var (stored, address) = await pushed.FindAsync(client, name, cancellation);
            return await reader.ReadAsync(stored, cancellation) with { Pushed = address };
        }
        return await reader.ReadAsync(await ResolveAsync(client, parameters, cancellation), cancellation);
    }

    private async Task<Parameters> ResolveAsync(Client client, Parameters parameters, CancellationToken cancellation)
    {
        try
        {
            // RFC 9126 §5 and §6.
            if (client.RequirePushedAuthorizationRequests || (options.RequirePushedAuthorizationRequests && !OwnClients.IsOwn(client)))
                throw OAuthError.InvalidRequest("Pushed authorization requests are required: send the parameters to the PAR endpoint first");
            var (requestObject, requestUri) = (parameters.All(Parameter.Request), parameters.All(Parameter.RequestUri));
            // RFC 9101 §5: one of them at most.
            if (requestObject.Count + requestUri.Count > 1)
                throw OAuthError.InvalidRequest("Send either one request or one request_uri, not both");
            if (requestObject.Count == 1)
                return await objects.ReadAsync(client, requestObject[0], cancellation);
            if (requestUri.Count == 1)
                return await objects.FetchAsync(client, requestUri[0], cancellation);
            return client.RequireSignedRequestObject ? throw OAuthError.InvalidRequest("This client must sign its authorization requests: send a request object in the request parameter") : parameters;
        }
        // Parameters outside the JWT are not signed, but the redirect URI is checked against the registration anyway.
        catch (OAuthException e) when (AuthorizationTarget.TryRead(client, parameters) is { } target)
        {
            throw e.To(target);
        }
    }
}
