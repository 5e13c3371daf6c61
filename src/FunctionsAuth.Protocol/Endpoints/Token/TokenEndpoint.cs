using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.ClientAuthentication;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Dpop;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Features;
using FunctionsAuth.Protocol.GrantTypes;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Registry;
using FunctionsAuth.Protocol.Telemetry;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Endpoints.Token;

/// <summary>The token endpoint: RFC 6749 §3.2.</summary>
public sealed class TokenEndpoint(ClientAuthenticator clients, IEnumerable<GrantTypeHandler> handlers, DpopProofs proofs, DpopNonces nonces, ClientUse use, SecurityEvents events) : ServerEndpoint
{
    public static EndpointFeature Feature { get; } = new(typeof(TokenEndpoint))
    {
        Describe = (metadata, server) =>
        {
            metadata["token_endpoint"] = server.Urls.Of(Routes.Token);
            metadata["grant_types_supported"] = ServerDescription.Array(server.Features.GrantTypes.Where(grantType => grantType.IsOn(server.Options)).Select(grantType => grantType.Name));
            server.DescribeAuthentication(metadata, "token", _ => true);
            metadata["dpop_signing_alg_values_supported"] = ServerDescription.Array(DpopProofs.Algorithms);
        },
    };

    private readonly Dictionary<string, GrantTypeHandler> handlers = handlers.ToDictionary(handler => handler.Name);

    public override EndpointRules Rules { get; } = new(EndpointReader.Program, CorsPolicy.RegisteredOrigins, HttpMethods.Post);

    public override async Task<IResult> HandleAsync(HttpContext http, CancellationToken cancellation)
    {
        var form = (await Parameters.FromBodyAsync(http.Request)).RefuseRepeated();
        var client = await clients.AuthenticateAsync(http, form, cancellation);
        var handler = Find(client, form[Parameter.GrantType]);
        try
        {
            var proof = await proofs.ReadAsync(http.Request, Routes.Token, null, cancellation);
            // RFC 9449 §5.2.
            if (proof is null && client.DpopBoundAccessTokens)
                throw OAuthError.InvalidDpopProof("The client's access tokens are bound to a key: a DPoP proof is required");
            var response = await handler.HandleAsync(new TokenRequest(client, form, proof, proofs), cancellation);
            if (proof is not null)
                await nonces.TellAsync(http.Response, cancellation);
            ServerMetrics.TokenRequest(handler.Name, "ok");
            await events.TokensIssuedAsync(client.ClientId, handler.Name);
            await use.NoteAsync(client, cancellation);
            return JsonAnswer.Of(response.WriteTo);
        }
        catch (OAuthException e)
        {
            ServerMetrics.TokenRequest(handler.Name, e.Error);
            throw;
        }
        catch (TemporarilyUnavailableException)
        {
            ServerMetrics.TokenRequest(handler.Name, OAuthError.TemporarilyUnavailable);
            throw;
        }
    }

    /// <summary>RFC 6749 §5.2.</summary>
    private GrantTypeHandler Find(Client client, string? name)
    {
        if (name is null)
            throw OAuthError.InvalidRequest("The grant_type is required");
        if (!handlers.TryGetValue(name, out var handler))
            throw OAuthError.UnsupportedGrantType($"The grant_type must be one of {string.Join(", ", handlers.Keys)}");
        return client.MayUse(name) ? handler : throw OAuthError.UnauthorizedClient("The client is not registered for this grant_type");
    }
}
