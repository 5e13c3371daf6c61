using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace FunctionsAuth.Protocol.Features;

/// <summary>A <c>grant_type</c>: its part in the metadata, in the rules for clients and in registration, and the services that answer its token requests.</summary>
public abstract class GrantTypeFeature
{
    /// <summary>The name in RFC 6749 or in its own specification.</summary>
    public abstract string Name { get; }

    /// <summary>Clients use the authorization endpoint for it, so they must have redirect URIs.</summary>
    public virtual bool UsesRedirects => false;

    /// <summary>It can return a refresh token.</summary>
    public virtual bool GivesRefreshTokens => false;

    /// <summary>Whether this server answers its requests. Clients can be registered for it in any case.</summary>
    public virtual bool IsOn(ServerOptions options) => true;

    /// <summary>Why the client must not have it, as the rest of a sentence that begins with <c>grant_types[0]</c>; null if it may.</summary>
    public virtual string? ProblemOf(Client client, FeatureSet features) => null;

    /// <summary>The same for self-registered clients. A feature that does not override it is not available to them.</summary>
    public virtual string? ProblemOfRegistrant(ServerOptions options) => $"must not be {Name} for a client that registers itself: an operator must register such a client";

    /// <summary>Adds the services that answer its requests. It is called if the feature is on.</summary>
    public virtual void AddServices(IServiceCollection services)
    {
    }
}
