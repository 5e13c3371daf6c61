using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace FunctionsAuth.Protocol.Features;

/// <summary>
/// A client authentication method (RFC 7591 §2, <c>token_endpoint_auth_method</c>): what the metadata, the rules for clients and
/// registration say of it, and the service that reads and proves it.
/// </summary>
public abstract class ClientAuthenticationFeature
{
    /// <summary>As the registry of RFC 7591 §4.2 spells it.</summary>
    public abstract string Name { get; }

    /// <summary>Whether this server takes it. Clients may be registered for it all the same.</summary>
    public virtual bool IsOn(ServerOptions options) => true;

    /// <summary>A client proves by it who it is. Without that it may not introspect.</summary>
    public virtual bool IsProof => true;

    /// <summary>What the server keeps of the client's secret.</summary>
    public virtual KeptSecret Secret => KeptSecret.None;

    /// <summary>What the client may sign with to authenticate; empty where it signs nothing.</summary>
    public virtual IReadOnlyList<string> AssertionAlgorithms => [];

    /// <summary>
    /// Whether a client that is registered for this method may authenticate a request by the one that the request uses.
    /// </summary>
    /// <param name="used">The <c>token_endpoint_auth_method</c> of the request.</param>
    public virtual bool Accepts(string used) => used == Name;

    /// <summary>Clients that nobody vouches for may have it.</summary>
    public virtual bool IsOpenToRegistrants => false;

    /// <summary>What is wrong with a client that authenticates by it.</summary>
    public virtual IEnumerable<ClientProblem> ProblemsOf(Client client) => [];

    /// <summary>Adds what reads and proves it. It is called if the feature is on.</summary>
    public virtual void AddServices(IServiceCollection services)
    {
    }
}

/// <summary>What a client's row has of its secret.</summary>
public enum KeptSecret
{
    /// <summary>The client has no secret.</summary>
    None,

    /// <summary>The SHA-256 of it: whoever reads the row can't use it.</summary>
    Hash,

    /// <summary>The secret itself, as only that verifies what was signed with it.</summary>
    Text,
}
