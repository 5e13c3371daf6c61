using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Grants;
using FunctionsAuth.Protocol.GrantTypes;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Scopes;
using FunctionsAuth.Protocol.Users;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Endpoints.Metadata;

/// <summary>
/// The server's metadata: OpenID Connect Discovery §3 and RFC 8414 §2, one document for both. It tells what is on, and
/// nothing else.
/// </summary>
public sealed class MetadataEndpoint(ServerUrls urls, ServerOptions options, ScopeRegistry scopes, IEnumerable<GrantTypeHandler> grantTypes) : ServerEndpoint
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(5);

    // The same until the catalog is read again: the settings never change.
    private readonly ConditionalWeakTable<Catalog, IResult> answers = [];

    private static readonly string[] AssertionAlgorithms = [.. SigningAlgorithms.All, SigningAlgorithms.HS256];

    public override EndpointRules Rules { get; } = new(EndpointAudience.Client, CorsPolicy.Anyone, HttpMethods.Get);

    public override async Task<IResult> HandleAsync(HttpContext http, CancellationToken cancellation)
    {
        if (!IsOurs(http.Request.Path.Value ?? ""))
            return Results.NotFound();
        var catalog = await scopes.LoadAsync(cancellation);
        SecurityHeaders.Cacheable(http.Response, options.CacheFor < MaxAge ? options.CacheFor : MaxAge);
        return answers.GetOrAdd(catalog, Answer);
    }

    /// <summary>
    /// For an issuer with a path, clients probe three forms: the path after the well-known name (RFC 8414 §3.1, for both
    /// names) and before it (OpenID Connect Discovery §4). Any other path is another issuer.
    /// </summary>
    private bool IsOurs(string path)
    {
        var issuerPath = urls.IssuerPath.Length == 0 ? "" : "/" + urls.IssuerPath;
        return path == $"/{Routes.OpenIdConfiguration}{issuerPath}"
            || path == $"/{Routes.AuthorizationServerMetadata}{issuerPath}"
            || path == $"{issuerPath}/{Routes.OpenIdConfiguration}";
    }

    private IResult Answer(Catalog catalog)
    {
        var document = WhatIsAlwaysOn(catalog);
        if (options.Registration.IsOn)
            document["registration_endpoint"] = urls.Of(Routes.Register);
        if (options.ClientIdMetadataDocuments)
            document["client_id_metadata_document_supported"] = true;
        if (options.SessionManagement)
            document["check_session_iframe"] = urls.Of(Routes.CheckSession);
        return JsonAnswer.Of(document);
    }

    private JsonObject WhatIsAlwaysOn(Catalog catalog) => new()
    {
        ["issuer"] = urls.Issuer,
        ["authorization_endpoint"] = urls.Of(Routes.Authorize),
        ["token_endpoint"] = urls.Of(Routes.Token),
        ["userinfo_endpoint"] = urls.Of(Routes.UserInfo),
        ["jwks_uri"] = urls.Of(Routes.Jwks),
        ["pushed_authorization_request_endpoint"] = urls.Of(Routes.Par),
        ["introspection_endpoint"] = urls.Of(Routes.Introspect),
        ["revocation_endpoint"] = urls.Of(Routes.Revoke),
        ["end_session_endpoint"] = urls.Of(Routes.Logout),
        ["scopes_supported"] = Array(catalog.Scopes.Select(scope => scope.Name)),
        ["claims_supported"] = Array(catalog.Scopes.SelectMany(scope => scope.Claims).Distinct()),
        ["acr_values_supported"] = Array(AuthenticationContexts.All),
        ["response_types_supported"] = Array(options.Legacy.ImplicitAndHybrid ? ResponseTypeNames.All : [ResponseTypeNames.Code]),
        ["response_modes_supported"] = Array(ResponseModes.All),
        ["grant_types_supported"] = Array([.. grantTypes.Select(type => type.Name), .. ImplicitGrant()]),
        ["subject_types_supported"] = Array(SubjectTypes.All),
        ["id_token_signing_alg_values_supported"] = Array(SigningAlgorithms.All),
        ["userinfo_signing_alg_values_supported"] = Array(SigningAlgorithms.All),
        ["request_object_signing_alg_values_supported"] = Array(SigningAlgorithms.All),
        ["token_endpoint_auth_methods_supported"] = Array(AuthMethods.All),
        ["token_endpoint_auth_signing_alg_values_supported"] = Array(AssertionAlgorithms),
        ["introspection_endpoint_auth_methods_supported"] = Array(AuthMethods.Confidential),
        ["introspection_endpoint_auth_signing_alg_values_supported"] = Array(AssertionAlgorithms),
        ["revocation_endpoint_auth_methods_supported"] = Array(AuthMethods.All),
        ["revocation_endpoint_auth_signing_alg_values_supported"] = Array(AssertionAlgorithms),
        ["code_challenge_methods_supported"] = Array([Pkce.S256]),
        ["prompt_values_supported"] = Array(PromptNames.For(options.SelfRegistration)),
        ["authorization_response_iss_parameter_supported"] = true,
        ["claims_parameter_supported"] = true,
        ["claim_types_supported"] = Array(["normal"]),
        ["display_values_supported"] = Array(["page"]),
        ["ui_locales_supported"] = Array(["en"]),
        ["request_parameter_supported"] = true,
        ["request_uri_parameter_supported"] = true,
        ["require_request_uri_registration"] = true,
        ["require_pushed_authorization_requests"] = options.RequirePushedAuthorizationRequests,
        ["backchannel_logout_supported"] = true,
        ["backchannel_logout_session_supported"] = true,
        ["frontchannel_logout_supported"] = true,
        ["frontchannel_logout_session_supported"] = true,
    };

    private IEnumerable<string> ImplicitGrant() => options.Legacy.ImplicitAndHybrid ? [GrantTypeNames.Implicit] : [];

    private static JsonArray Array(IEnumerable<string> values) => [.. values.Select(value => JsonValue.Create(value))];
}
