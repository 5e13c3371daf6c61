using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace FunctionsAuth.Protocol.Features;

/// <summary>
/// A client authentication method (RFC 7591 §2, <c>token_endpoint_auth_method</c>): its part in the metadata, in the rules for clients and in
/// registration, and the service that checks the credentials.
/// </summary>
public abstract class ClientAuthenticationFeature
{
    /// <summary>The name in the registry of RFC 7591 §4.2.</summary>
    public abstract string Name { get; }

    /// <summary>Whether this server accepts the method. Clients can be registered for it in any case.</summary>
    public virtual bool IsOn(ServerOptions options) => true;

    /// <summary>Whether it authenticates the client. Otherwise the client may not introspect.</summary>
    public virtual bool IsProof => true;

    /// <summary>The form in which the server stores the client's secret.</summary>
    public virtual KeptSecret Secret => KeptSecret.None;

    /// <summary>The algorithms with which the client may sign to authenticate; empty if it signs nothing.</summary>
    public virtual IReadOnlyList<string> AssertionAlgorithms => [];

    /// <summary>Whether a client that is registered for this method may authenticate with the method of the request.</summary>
    /// <param name="used">The <c>token_endpoint_auth_method</c> of the request.</param>
    public virtual bool Accepts(string used) => used == Name;

    /// <summary>Whether self-registered clients may use it.</summary>
    public virtual bool IsOpenToRegistrants => false;

    /// <summary>The problems of a client that authenticates with it.</summary>
    public virtual IEnumerable<ClientProblem> ProblemsOf(Client client) => [];

    /// <summary>Adds the service that checks the credentials. It is called if the feature is on.</summary>
    public virtual void AddServices(IServiceCollection services)
    {
    }
}

/// <summary>The stored form of a client's secret.</summary>
public enum KeptSecret
{
    /// <summary>The client has no secret.</summary>
    None,

    /// <summary>The SHA-256 of the secret. The secret cannot be derived from the row.</summary>
    Hash,

    /// <summary>The secret itself, which is needed to verify signatures.</summary>
    Text,
}
