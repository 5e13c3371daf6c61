using FunctionsAuth.Protocol.Features;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Pages;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Endpoints.Assets;

/// <summary>The stylesheet and the script of the pages, which link them with the hash of their content.</summary>
public sealed class AssetEndpoint(IPages pages) : ServerEndpoint
{
    public static EndpointFeature Feature { get; } = new(typeof(AssetEndpoint));

    public override EndpointRules Rules { get; } = new(EndpointReader.Program, CorsPolicy.None, HttpMethods.Get);

    public override Task<IResult> HandleAsync(HttpContext http, CancellationToken cancellation) =>
        Task.FromResult(pages.Asset(Path.GetFileName(http.Request.Path.Value ?? "")) is { } asset ? Send(http, asset) : Results.NotFound());

    private static IResult Send(HttpContext http, PageAsset asset)
    {
        // With the hash in its address a file never changes.
        if (http.Request.Query.ContainsKey("v"))
            SecurityHeaders.Immutable(http.Response);
        else
            http.Response.Headers.CacheControl = "no-cache";
        http.Response.Headers.ETag = asset.ETag;
        return http.Request.Headers.IfNoneMatch == asset.ETag
            ? Results.StatusCode(StatusCodes.Status304NotModified)
            : Results.Bytes(asset.Content, asset.ContentType);
    }
}
