using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Features;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Keys;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Endpoints.Metadata;

/// <summary>The public keys: RFC 7517 §5. Clients may keep them for as long as a new key is announced before it signs, and no longer.</summary>
public sealed class JwksEndpoint(SigningKeys keys, FeatureSet features, ServerOptions options) : ServerEndpoint
{
    public static EndpointFeature Feature { get; } = new(typeof(JwksEndpoint))
    {
        Describe = (metadata, server) => metadata["jwks_uri"] = server.Urls.Of(Routes.Jwks),
    };

    // Written once for each set of keys, which stays the same object until something changes.
    private readonly ConditionalWeakTable<IReadOnlyList<PublicKey>, IResult> answers = [];

    public override EndpointRules Rules { get; } = new(EndpointReader.Program, CorsPolicy.Anyone, HttpMethods.Get);

    public override async Task<IResult> HandleAsync(HttpContext http, CancellationToken cancellation)
    {
        var published = await keys.PublishedAsync(cancellation);
        SecurityHeaders.Cacheable(http.Response, options.Keys.JwksMaxAge);
        return answers.GetOrAdd(published, Answer);
    }

    private IResult Answer(IEnumerable<PublicKey> keys) => JsonAnswer.Of(new JsonObject { ["keys"] = new JsonArray([.. keys.Select(key => key.ToJwk(features.TokenAlgorithms))]) });
}
