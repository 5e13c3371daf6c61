using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Features;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Registry;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.ClientAuthentication;

/// <summary>Client authentication: RFC 6749 §2.3, by a method that goes with the one that the client registered.</summary>
public sealed class ClientAuthenticator(
    ClientRegistry clients, FeatureSet features, IEnumerable<ClientAuthenticationMethod> methods, SecurityEvents events)
{
    private readonly ClientAuthenticationMethod[] methods = [.. methods.Where(method => !method.IsOfConnection)];
    private readonly ClientAuthenticationMethod[] ofConnection = [.. methods.Where(method => method.IsOfConnection)];

    /// <param name="form">The body of the request.</param>
    /// <returns>The client; a public one has only named itself.</returns>
    public async ValueTask<Client> AuthenticateAsync(HttpContext http, Parameters form, CancellationToken cancellation)
    {
        var candidates = Read(http.Request, form);
        var (client, wasRead) = await clients.LookUpAsync(candidates[0].ClientId, cancellation);
        if (client is not null)
            Cors.Concerns(http, client);
        var registered = client is null ? null : features.FindClientAuthentication(client.TokenEndpointAuthMethod);
        var accepted = registered is null ? null : Accepted(candidates, registered);
        if (accepted is not null && await accepted.Prove(client!, cancellation))
            return client!;
        var presented = accepted ?? candidates[0];
        // Neither the text nor the time of the answer tells whether there is such a client: it costs the same read and the same event.
        await clients.RefuseAsync(presented.ClientId, wasRead, cancellation);
        await (client is null || accepted is not null
            ? events.ClientNotAuthenticatedAsync(client?.ClientId, presented.Method)
            : events.ClientUsedOtherMethodAsync(client.ClientId, client.TokenEndpointAuthMethod, presented.Method));
        throw Unknown(presented);
    }

    private static PresentedCredentials? Accepted(IReadOnlyList<PresentedCredentials> candidates, ClientAuthenticationFeature registered)
    {
        for (var i = 0; i < candidates.Count; i++)
        {
            if (registered.Accepts(candidates[i].Method))
                return candidates[i];
        }
        return null;
    }

    /// <summary>The same, for endpoints that no public client may use.</summary>
    public async ValueTask<Client> AuthenticateConfidentialAsync(HttpContext http, Parameters form, CancellationToken cancellation)
    {
        var client = await AuthenticateAsync(http, form, cancellation);
        return client.IsPublic ? throw OAuthError.InvalidClient("This endpoint requires client authentication, and this client is a public client", false) : client;
    }

    /// <summary>RFC 6749 §2.3: a request uses at most one method.</summary>
    /// <returns>One, or what a request with a client_id alone may be: that of a public client, or of one whose connection has its credentials.</returns>
    private IReadOnlyList<PresentedCredentials> Read(HttpRequest request, Parameters form)
    {
        ClientAuthenticationMethod? used = null;
        foreach (var method in methods)
        {
            if (!method.IsUsedBy(request, form))
                continue;
            used = used is null ? method : throw OAuthError.InvalidRequest("The request uses more than one client authentication method: send only one");
        }
        return used is not null
            ? [used.Read(request, form)]
            : [PublicClient.Read(form), .. ofConnection.Where(method => method.IsUsedBy(request, form)).Select(method => method.Read(request, form))];
    }

    private static OAuthException Unknown(PresentedCredentials presented) => OAuthError.InvalidClient("The client_id is unknown, the credentials are wrong, or the client is registered for another authentication method", presented.InHeader);
}
