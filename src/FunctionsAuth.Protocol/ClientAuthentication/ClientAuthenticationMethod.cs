using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Http;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.ClientAuthentication;

/// <summary>A way in which requests say and prove whose client they are from: RFC 6749 §2.3.</summary>
public abstract class ClientAuthenticationMethod
{
    /// <summary>Whether the request has what is peculiar to this way. A request may use one way only.</summary>
    public abstract bool IsUsedBy(HttpRequest request, Parameters form);

    /// <summary>
    /// The connection has what it needs, whatever else the client sends: it counts only where the body has a client_id and no other credentials, and only for a
    /// client that is registered for it.
    /// </summary>
    public virtual bool IsOfConnection => false;

    /// <summary>Reads what such a request presents.</summary>
    /// <exception cref="OAuthException"><c>invalid_client</c> or <c>invalid_request</c>: it can't be read.</exception>
    public abstract PresentedCredentials Read(HttpRequest request, Parameters form);
}

/// <summary>Whom a request names as its client, and how that is proven.</summary>
/// <param name="Method">The <c>token_endpoint_auth_method</c> that it uses: the client must be registered for it, or for one that accepts it.</param>
/// <param name="Prove">False where the proof is wrong; it may also throw an <see cref="OAuthException"/> that says what is wrong.</param>
public sealed record PresentedCredentials(string Method, string ClientId, Func<Client, CancellationToken, ValueTask<bool>> Prove)
{
    /// <summary>They stand in the Authorization header: a refusal must then ask for them again (RFC 6749 §5.2).</summary>
    public bool InHeader { get; init; }
}
