using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Http;

namespace FunctionsAuth.Protocol.GrantTypes;

/// <summary>Answers the token requests of one <c>grant_type</c>. The client is authenticated, and registered for it.</summary>
public abstract class GrantTypeHandler
{
    public abstract string Name { get; }

    public abstract Task<TokenResponse> HandleAsync(Client client, Parameters form, CancellationToken cancellation);
}
