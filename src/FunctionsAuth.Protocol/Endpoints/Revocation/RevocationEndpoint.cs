using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.ClientAuthentication;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Features;
using FunctionsAuth.Protocol.Grants;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Tokens;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Endpoints.Revocation;

/// <summary>
/// Token revocation: RFC 7009. Revoking a refresh token revokes its whole grant, and so does revoking an access token (§2.1). After the answer, no
/// token of the grant is valid any more.
/// </summary>
public sealed class RevocationEndpoint(ClientAuthenticator authenticator, AccessTokenReader tokens, IReferenceTokenStore references, IGrantStore grants, SecurityEvents events, TimeProvider clock) : ServerEndpoint
{
    public static EndpointFeature Feature { get; } = new(typeof(RevocationEndpoint))
    {
        Describe = (metadata, server) =>
        {
            server.DescribeEndpoint(metadata, "revocation_endpoint", Routes.Revoke);
            server.DescribeAuthentication(metadata, "revocation", _ => true);
        },
    };

    public override EndpointRules Rules { get; } = new(EndpointReader.Program, CorsPolicy.RegisteredOrigins, HttpMethods.Post);

    public override async Task<IResult> HandleAsync(HttpContext http, CancellationToken cancellation)
    {
        var form = (await Parameters.FromBodyAsync(http.Request)).RefuseRepeated();
        var client = await authenticator.AuthenticateAsync(http, form, cancellation);
        var token = form[Parameter.Token] ?? throw OAuthError.InvalidRequest("The token is required");
        if (Handle.TryParse(token, HandleKind.RefreshToken, out var handle))
            await RevokeAsync(handle, client, cancellation);
        else if (await tokens.ReadAsync(token, cancellation) is { } accessToken)
            await RevokeAsync(accessToken, client, cancellation);
        // §2.2: a token that is invalid or no longer valid needs no revocation. The body has no meaning, but some libraries parse it.
        return JsonAnswer.Of(new JsonObject());
    }

    private async Task RevokeAsync(Handle handle, Client client, CancellationToken cancellation)
    {
        // Only a holder of a token of this grant can end it, because an address alone is not a secret.
        if (await grants.FindAsync(handle.Address, cancellation) is { RevokedAt: null } grant && grant.IsFamily(handle))
            await RevokeAsync(grant, client, cancellation);
    }

    private async Task RevokeAsync(AccessToken token, Client client, CancellationToken cancellation)
    {
        if (token.ClientId != client.ClientId)
            throw NotYours();
        if (token.Reference is { } record)
            await references.DeleteAsync(record, cancellation);
        if (token.Grant is not { } address)
        {
            // There is no record of a JWT that a client got for itself. It is valid until it expires, so the answer must not say that it was revoked.
            if (token.Reference is null)
                throw OAuthError.UnsupportedTokenType("An access token of the client_credentials grant cannot be revoked: it is valid until it expires");
            return;
        }
        if (await grants.FindAsync(address, cancellation) is { RevokedAt: null } grant)
            await RevokeAsync(grant, client, cancellation);
    }

    private async Task RevokeAsync(Grant grant, Client client, CancellationToken cancellation)
    {
        if (grant.ClientId != client.ClientId)
            throw NotYours();
        await Task.WhenAll(
            grants.RevokeAsync(grant.Address, clock.GetUtcNow(), cancellation),
            events.GrantRevokedAsync(grant.Subject, client.ClientId, grant.Address.ToString()));
    }

    /// <summary>RFC 7009 §2.1: the token was issued to another client.</summary>
    private static OAuthException NotYours() => OAuthError.InvalidGrant("The token was not issued to this client");
}
