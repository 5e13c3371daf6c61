namespace FunctionsAuth.Protocol.GrantTypes;

/// <summary>Answers the token requests of one <c>grant_type</c>. The client is authenticated, and registered for it. Where the request has a proof, the handler uses it up.</summary>
public abstract class GrantTypeHandler
{
    public abstract string Name { get; }

    public abstract Task<TokenResponse> HandleAsync(TokenRequest request, CancellationToken cancellation);
}
