using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Scopes;
using FunctionsAuth.Protocol.Tokens;

namespace FunctionsAuth.Protocol.GrantTypes.ClientCredentials;

/// <summary>A client gets a token for itself: RFC 6749 §4.4. It uses storage only for a DPoP proof, and there is no refresh token (§4.4.3).</summary>
public sealed class ClientCredentialsHandler(ScopeRegistry scopes, AccessPolicy policy, AccessTokenIssuer tokens) : GrantTypeHandler
{
    public override string Name => GrantTypeNames.ClientCredentials;

    public override async Task<TokenResponse> HandleAsync(TokenRequest request, CancellationToken cancellation)
    {
        var client = request.Client;
        if (client.IsPublic)
            throw OAuthError.UnauthorizedClient("A public client cannot use the client_credentials grant");
        var catalog = await scopes.LoadAsync(cancellation);
        var access = policy.ForClient(client, catalog, request.Wish);
        await request.UseProofAsync(cancellation);
        return new TokenResponse(await tokens.ForClientAsync(client, catalog, access, request.Binding, cancellation), access) { Binding = request.Binding };
    }
}
