using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Register;
using FunctionsAuth.Protocol.Telemetry;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Token;

/// <summary>The token endpoint: RFC 6749 §3.2.</summary>
public sealed class TokenEndpoint(ClientAuthenticator clients, IEnumerable<GrantType> grantTypes, ClientUse use) : ServerEndpoint
{
    private readonly Dictionary<string, GrantType> grantTypes = grantTypes.ToDictionary(type => type.Name);

    public override EndpointRules Rules { get; } = new(EndpointAudience.Client, CorsPolicy.RegisteredOrigins, HttpMethods.Post);

    public override async Task<IResult> HandleAsync(HttpContext http, CancellationToken cancellation)
    {
        var form = (await Parameters.FromBodyAsync(http.Request)).WithoutRepeated();
        var client = await clients.AuthenticateAsync(http, form, cancellation);
        var grantType = Find(client, form[Parameter.GrantType]);
        try
        {
            var response = await grantType.IssueAsync(client, form, cancellation);
            ServerMetrics.TokenRequest(grantType.Name, "ok");
            await use.NoteAsync(client, cancellation);
            return JsonAnswer.Of(response.WriteTo);
        }
        catch (OAuthException e)
        {
            ServerMetrics.TokenRequest(grantType.Name, e.Error);
            throw;
        }
        catch (TemporarilyUnavailableException)
        {
            ServerMetrics.TokenRequest(grantType.Name, OAuthError.TemporarilyUnavailable);
            throw;
        }
    }

    /// <summary>RFC 6749 §5.2.</summary>
    private GrantType Find(Client client, string? name)
    {
        if (name is null)
            throw OAuthError.InvalidRequest("The grant_type is required");
        if (!grantTypes.TryGetValue(name, out var grantType))
            throw OAuthError.UnsupportedGrantType($"The grant_type must be one of {string.Join(", ", grantTypes.Keys)}");
        return client.MayUse(name) ? grantType : throw OAuthError.UnauthorizedClient("The client is not registered for this grant_type");
    }
}

/// <summary>One value of <c>grant_type</c>. The client is authenticated, and registered for it.</summary>
public abstract class GrantType
{
    public abstract string Name { get; }

    public abstract Task<TokenResponse> IssueAsync(Client client, Parameters form, CancellationToken cancellation);
}
