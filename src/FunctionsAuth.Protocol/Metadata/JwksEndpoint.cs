using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Keys;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Metadata;

/// <summary>The public keys: RFC 7517 §5. Clients may keep them for as long as a new key is announced before it signs, and no longer.</summary>
public sealed class JwksEndpoint(SigningKeys keys, ServerOptions options) : ServerEndpoint
{
    private volatile Written? written;

    public override EndpointRules Rules { get; } = new(EndpointAudience.Client, CorsPolicy.Anyone, HttpMethods.Get);

    public override async Task<IResult> HandleAsync(HttpContext http, CancellationToken cancellation)
    {
        var published = await keys.PublishedAsync(cancellation);
        SecurityHeaders.Cacheable(http.Response, options.Keys.JwksMaxAge);
        return (written is { } last && last.Keys == published ? last : written = new Written(published, Answer(published))).Answer;
    }

    private static IResult Answer(IEnumerable<PublicKey> keys) => JsonAnswer.Of(new JsonObject { ["keys"] = new JsonArray([.. keys.Select(key => key.ToJwk())]) });

    private sealed record Written(IReadOnlyList<PublicKey> Keys, IResult Answer);
}
