using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Features;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Scopes;
using FunctionsAuth.Protocol.Users;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Endpoints.Metadata;

/// <summary>
/// The server's metadata: OpenID Connect Discovery §3 and RFC 8414 §2, one document for both. Each endpoint adds its own part. Features that are
/// switched off are left out.
/// </summary>
public sealed class MetadataEndpoint(ServerDescription server, ScopeRegistry scopes) : ServerEndpoint
{
    public static EndpointFeature Feature { get; } = new(typeof(MetadataEndpoint))
    {
        Describe = (metadata, server) =>
        {
            metadata["issuer"] = server.Urls.Issuer;
            metadata["acr_values_supported"] = ServerDescription.Array(AuthenticationContexts.All);
            metadata["subject_types_supported"] = ServerDescription.Array(SubjectTypes.All);
            metadata["id_token_signing_alg_values_supported"] = ServerDescription.Array(server.Features.TokenAlgorithms);
            metadata["claim_types_supported"] = ServerDescription.Array(["normal"]);
            if (server.Options.ClientIdMetadataDocuments)
                metadata["client_id_metadata_document_supported"] = true;
        },
    };

    // It does not change until the catalog is read again, because the settings never change.
    private readonly ConditionalWeakTable<Catalog, IResult> answers = [];

    public override EndpointRules Rules { get; } = new(EndpointReader.Program, CorsPolicy.Anyone, HttpMethods.Get);

    public override async Task<IResult> HandleAsync(HttpContext http, CancellationToken cancellation)
    {
        if (!IsOurs(http.Request.Path.Value ?? ""))
            return Results.NotFound();
        var catalog = await scopes.LoadAsync(cancellation);
        SecurityHeaders.Cacheable(http.Response, server.MetadataMaxAge);
        return answers.GetOrAdd(catalog, Answer);
    }

    /// <summary>
    /// For an issuer with a path, clients probe four forms: the path after the well-known name (RFC 8414 §3.1) and before it (OpenID
    /// Connect Discovery §4), each for both names. Some add a slash. Any other path is another issuer.
    /// </summary>
    private bool IsOurs(string path)
    {
        path = path.EndsWith('/') ? path[..^1] : path;
        var issuerPath = server.Urls.IssuerPath.Length == 0 ? "" : "/" + server.Urls.IssuerPath;
        return path == $"/{Routes.OpenIdConfiguration}{issuerPath}"
            || path == $"/{Routes.AuthorizationServerMetadata}{issuerPath}"
            || path == $"{issuerPath}/{Routes.OpenIdConfiguration}"
            || path == $"{issuerPath}/{Routes.AuthorizationServerMetadata}";
    }

    /// <summary>RFC 8414 §2: a server need not list all scopes. The names of internal scopes are not public.</summary>
    private bool IsPublic(Scope scope) => scope.Advertised || StandardScopes.Contains(scope.Name) || server.Options.Registration.Names(scope.Name);

    private IResult Answer(Catalog catalog)
    {
        List<Scope> listed = [.. catalog.Scopes.Where(IsPublic)];
        var document = new JsonObject
        {
            ["scopes_supported"] = ServerDescription.Array(listed.Select(scope => scope.Name)),
            ["claims_supported"] = ServerDescription.Array(listed.SelectMany(scope => scope.Claims).Distinct()),
        };
        // RFC 9396 §10.
        if (catalog.DetailsTypes.Count > 0)
            document["authorization_details_types_supported"] = ServerDescription.Array(catalog.DetailsTypes.Select(type => type.Type));
        foreach (var endpoint in server.Features.Endpoints)
            endpoint.Describe(document, server);
        return JsonAnswer.Of(document);
    }
}
