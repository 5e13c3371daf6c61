using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace FunctionsAuth.Protocol.Features;

/// <summary>An endpoint: its service, and its part of the server's metadata.</summary>
/// <param name="Endpoint">The class that answers.</param>
public sealed record EndpointFeature(Type Endpoint)
{
    /// <summary>Adds the endpoint's part of the metadata (RFC 8414 §2).</summary>
    public Action<JsonObject, ServerDescription> Describe { get; init; } = (_, _) => { };

    /// <summary>The services that only this endpoint uses.</summary>
    public IReadOnlyList<Type> Parts { get; init; } = [];

    /// <summary>What the endpoint takes as a list, each a kind of its base class.</summary>
    public IReadOnlyList<Type> Views { get; init; } = [];

    public void AddServices(IServiceCollection services)
    {
        services.AddSingleton(Endpoint);
        foreach (var view in Views)
            services.AddSingleton(view.BaseType!, view);
        foreach (var part in Parts)
            services.AddSingleton(part);
    }
}

/// <summary>The data for the parts of the metadata.</summary>
public sealed record ServerDescription(ServerUrls Urls, ServerOptions Options, FeatureSet Features)
{
    private static readonly TimeSpan LongestMaxAge = TimeSpan.FromMinutes(5);

    /// <summary>How long others may cache a metadata document. It has scopes of the catalog, which this server caches for the same time.</summary>
    public TimeSpan MetadataMaxAge => Options.CacheFor < LongestMaxAge ? Options.CacheFor : LongestMaxAge;

    /// <summary>The address of an endpoint that clients call themselves, and its address for clients with a certificate (RFC 8705 §5).</summary>
    /// <param name="name">Its name in the metadata, such as <c>token_endpoint</c>.</param>
    public void DescribeEndpoint(JsonObject metadata, string name, string route)
    {
        metadata[name] = Urls.Of(route);
        if (Urls.AliasOf(route) is not { } alias)
            return;
        if (metadata["mtls_endpoint_aliases"] is not JsonObject aliases)
            metadata["mtls_endpoint_aliases"] = aliases = [];
        aliases[name] = alias;
    }

    /// <summary>The authentication methods at an endpoint, such as <c>token</c>: RFC 8414 §2.</summary>
    public void DescribeAuthentication(JsonObject metadata, string endpoint, Func<ClientAuthenticationFeature, bool> isTaken)
    {
        var methods = Features.ClientAuthentication.Where(method => method.IsOn(Options) && isTaken(method)).ToList();
        metadata[$"{endpoint}_endpoint_auth_methods_supported"] = Array(methods.Select(method => method.Name));
        metadata[$"{endpoint}_endpoint_auth_signing_alg_values_supported"] = Array(methods.SelectMany(method => method.AssertionAlgorithms).Distinct().Except(SigningAlgorithms.All.Except(Features.ClientAlgorithms)));
    }

    public static JsonArray Array(IEnumerable<string> values) => [.. values.Select(value => JsonValue.Create(value))];
}
