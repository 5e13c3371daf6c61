namespace FunctionsAuth.Protocol.GrantTypes;

/// <summary>
/// Answers the token requests of one <c>grant_type</c>. The client is already authenticated and registered for the grant type. If the request has a
/// DPoP proof, the handler must use it.
/// </summary>
public abstract class GrantTypeHandler
{
    public abstract string Name { get; }

    public abstract Task<TokenResponse> HandleAsync(TokenRequest request, CancellationToken cancellation);
}
