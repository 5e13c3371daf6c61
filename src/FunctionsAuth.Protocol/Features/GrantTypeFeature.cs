using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace FunctionsAuth.Protocol.Features;

/// <summary>
/// A <c>grant_type</c>: what the metadata, the rules for clients and registration say of it, and the services that answer its token
/// requests.
/// </summary>
public abstract class GrantTypeFeature
{
    /// <summary>As RFC 6749 or its own specification spells it.</summary>
    public abstract string Name { get; }

    /// <summary>Clients redirect people to the authorization endpoint for it, so they must have redirect URIs.</summary>
    public virtual bool UsesRedirects => false;

    /// <summary>It may give a refresh token.</summary>
    public virtual bool GivesRefreshTokens => false;

    /// <summary>Whether this server answers its requests. Clients may be registered for it all the same.</summary>
    public virtual bool IsOn(ServerOptions options) => true;

    /// <summary>Why the client must not have it, as the rest of a sentence that begins with <c>grant_types[0]</c>; null if it may.</summary>
    public virtual string? ProblemOf(Client client, FeatureSet features) => null;

    /// <summary>The same for clients that nobody vouches for. A feature that does not override it is closed to them.</summary>
    public virtual string? ProblemOfRegistrant(ServerOptions options) => $"must not be {Name} for a client that registers itself: an operator must register such a client";

    /// <summary>Adds what answers its requests. It is called if the feature is on.</summary>
    public virtual void AddServices(IServiceCollection services)
    {
    }
}
