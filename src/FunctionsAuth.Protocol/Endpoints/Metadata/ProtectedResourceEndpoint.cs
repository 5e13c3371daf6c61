using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Dpop;
using FunctionsAuth.Protocol.Features;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Scopes;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Endpoints.Metadata;

/// <summary>
/// Metadata of the resources of this server: RFC 9728 §2 and §3. These are userinfo and the management API. A client finds the metadata in the
/// challenge of the API. It says which server issues the tokens, and which scopes a client can ask for.
/// </summary>
public sealed class ProtectedResourceEndpoint(ServerDescription server, ScopeRegistry scopes) : ServerEndpoint
{
    public static EndpointFeature Feature { get; } = new(typeof(ProtectedResourceEndpoint));

    public override EndpointRules Rules { get; } = new(EndpointReader.Program, CorsPolicy.Anyone, HttpMethods.Get);

    public override async Task<IResult> HandleAsync(HttpContext http, CancellationToken cancellation)
    {
        var catalog = await scopes.LoadAsync(cancellation);
        if (IsAt(http, server.Urls.UserInfoMetadata))
        {
            // Scopes that include claims. offline_access is left out, because it does not decide what a client can read.
            var ofClaims = catalog.Scopes.Where(scope => StandardScopes.Contains(scope.Name) && scope.Name != StandardScopes.OfflineAccess).Select(scope => scope.Name);
            return Show(http, Describe(server.Urls.Of(Routes.UserInfo), ofClaims, ["header", "body"]));
        }
        return IsAt(http, server.Urls.ManageMetadata) ? Show(http, Describe(server.Urls.ManageResource, ManageScopes.Names, ["header"])) : Results.NotFound();
    }

    private static bool IsAt(HttpContext http, string address) => http.Request.Path.Value == new Uri(address).AbsolutePath;

    private IResult Show(HttpContext http, JsonObject document)
    {
        SecurityHeaders.Cacheable(http.Response, server.MetadataMaxAge);
        return JsonAnswer.Of(document);
    }

    private JsonObject Describe(string resource, IEnumerable<string> names, IEnumerable<string> methods)
    {
        var document = new JsonObject
        {
            // Exactly the identifier whose metadata was asked for (§3.3).
            ["resource"] = resource,
            ["authorization_servers"] = ServerDescription.Array([server.Urls.Issuer]),
            ["jwks_uri"] = server.Urls.Of(Routes.Jwks),
            ["scopes_supported"] = ServerDescription.Array(names),
            ["bearer_methods_supported"] = ServerDescription.Array(methods),
            ["dpop_signing_alg_values_supported"] = ServerDescription.Array(DpopProofs.Algorithms),
        };
        if (server.Options.ClientCertificates.IsOn)
            document["tls_client_certificate_bound_access_tokens"] = true;
        return document;
    }
}
