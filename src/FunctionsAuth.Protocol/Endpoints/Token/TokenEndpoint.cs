using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.Certificates;
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
using FunctionsAuth.Protocol.Tokens;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Endpoints.Token;

/// <summary>The token endpoint: RFC 6749 §3.2.</summary>
public sealed class TokenEndpoint(ClientAuthenticator clients, IEnumerable<GrantTypeHandler> handlers, ClientCertificates certificates, DpopProofs proofs, DpopNonces nonces, ClientUse use, SecurityEvents events) : ServerEndpoint
{
    public static EndpointFeature Feature { get; } = new(typeof(TokenEndpoint))
    {
        Describe = (metadata, server) =>
        {
            server.DescribeEndpoint(metadata, "token_endpoint", Routes.Token);
            metadata["grant_types_supported"] = ServerDescription.Array(server.Features.GrantTypes.Where(grantType => grantType.IsOn(server.Options)).Select(grantType => grantType.Name));
            server.DescribeAuthentication(metadata, "token", _ => true);
            metadata["dpop_signing_alg_values_supported"] = ServerDescription.Array(DpopProofs.Algorithms);
            if (server.Options.ClientCertificates.IsOn)
                metadata["tls_client_certificate_bound_access_tokens"] = true;
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
            var binding = BindingOf(client, proof, http);
            var response = await handler.HandleAsync(new TokenRequest(client, form, binding, proof, proofs), cancellation);
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
            events.TokensNotIssued();
            throw;
        }
        catch (TemporarilyUnavailableException)
        {
            ServerMetrics.TokenRequest(handler.Name, OAuthError.TemporarilyUnavailable);
            events.TokensNotIssued();
            throw;
        }
    }

    /// <summary>
    /// The key or certificate to which the access token is bound, according to the client's registration and the request: RFC 9449 §5.2, RFC 8705
    /// §3.4.
    /// </summary>
    private TokenBinding BindingOf(Client client, DpopProof? proof, HttpContext http)
    {
        if (client.TlsClientCertificateBoundAccessTokens)
        {
            // RFC 7800 §3.1: a token is bound to one key.
            if (proof is not null)
                throw OAuthError.InvalidRequest("The access tokens of this client are bound to its certificate: send no DPoP proof");
            return certificates.Read(http) is { } certificate
                ? TokenBinding.ToCertificate(certificate.Thumbprint)
                : throw OAuthError.InvalidRequest("The access tokens of this client are bound to its certificate: send the client certificate in the TLS connection");
        }
        if (proof is not null)
            return TokenBinding.ToKey(proof.Thumbprint);
        return client.DpopBoundAccessTokens ? throw OAuthError.InvalidDpopProof("This client must use DPoP: send a DPoP proof in the DPoP header") : TokenBinding.None;
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
