using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Http;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.ClientAuthentication;

/// <summary>A method with which requests identify and authenticate their client: RFC 6749 §2.3.</summary>
public abstract class ClientAuthenticationMethod
{
    /// <summary>Whether the request uses this method. A request can use only one method.</summary>
    public abstract bool IsUsedBy(HttpRequest request, Parameters form);

    /// <summary>
    /// The credentials are in the connection, whatever else the client sends. So this method counts only if the body has a client_id and no other
    /// credentials, and only for a client that is registered for it.
    /// </summary>
    public virtual bool IsOfConnection => false;

    /// <summary>Reads the credentials of such a request.</summary>
    /// <exception cref="OAuthException"><c>invalid_client</c> or <c>invalid_request</c>: they cannot be read.</exception>
    public abstract PresentedCredentials Read(HttpRequest request, Parameters form);
}

/// <summary>The client that a request names, and its credentials.</summary>
/// <param name="Method">The <c>token_endpoint_auth_method</c> that it uses: the client must be registered for it, or for one that accepts it.</param>
/// <param name="Prove">False if the credentials are wrong. It can also throw an <see cref="OAuthException"/> with the problem.</param>
public sealed record PresentedCredentials(string Method, string ClientId, Func<Client, CancellationToken, ValueTask<bool>> Prove)
{
    /// <summary>The credentials are in the Authorization header, so a refusal must have a challenge (RFC 6749 §5.2).</summary>
    public bool InHeader { get; init; }
}
