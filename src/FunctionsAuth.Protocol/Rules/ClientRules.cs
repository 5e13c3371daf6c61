using FunctionsAuth.Protocol.Claims;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Features;
using FunctionsAuth.Protocol.Profiles;
using FunctionsAuth.Protocol.Scopes;
using FunctionsAuth.Protocol.Text;

namespace FunctionsAuth.Protocol.Rules;

/// <summary>Rules for the metadata of a client, for all ways of registration: RFC 7591 §2 and the rules of this server.</summary>
public static class ClientRules
{
    /// <summary>Ten years, the same limit as for the server's own lifetimes.</summary>
    private const long LongestSeconds = 3650 * DaySeconds;

    /// <summary>The longest lifetime of an access token, because a retired key stays in the JWKS for this time.</summary>
    internal const long DaySeconds = 24 * 60 * 60;

    /// <summary>In characters.</summary>
    private const int LongestDescription = 300;

    /// <summary>All problems of a client.</summary>
    /// <param name="client">The client with its secrets. A confidential client without a secret is a problem, too.</param>
    /// <param name="catalog">The scopes and resources that the client can use.</param>
    /// <param name="features">The available grant types and authentication methods.</param>
    public static IEnumerable<ClientProblem> ProblemsOf(Client client, Catalog catalog, FeatureSet features) =>
        [.. Authentication(client, features), .. Grants(client, features), .. RedirectUris(client, features), .. Access(client, catalog), .. Pages(client), .. Description(client), .. Tokens(client, features),
            .. Profile(client, features), .. ClientRequestRules.ProblemsOf(client), .. ClientCertificateRules.ProblemsOf(client), .. ClientLogoutRules.ProblemsOf(client), .. GroupRules.ProblemsOf(client)];

    private static IEnumerable<ClientProblem> Authentication(Client client, FeatureSet features)
    {
        if (!ClientIdRules.IsName(client.ClientId))
            yield return new("client_id", "must be 1 to 200 letters, digits, dots, hyphens, underscores or tildes");
        else if (OwnClients.IsReserved(client.ClientId))
            yield return new("client_id", "is the name of the server's own pages, or of its command line");
        var method = features.FindClientAuthentication(client.TokenEndpointAuthMethod);
        if (method is null)
            yield return new("token_endpoint_auth_method", OneOf(features.ClientAuthentication.Select(feature => feature.Name)));
        foreach (var problem in ClientKeyRules.ProblemsOf(client, method?.AssertionAlgorithms ?? []))
            yield return problem;
        foreach (var problem in method?.ProblemsOf(client) ?? [])
            yield return problem;
        if (!client.IsPublic)
            yield break;
        // RFC 9700 §2.1.1: only PKCE protects the code of a public client.
        if (!client.RequirePkce)
            yield return new("require_pkce", "must be true for a client without a secret");
        // RFC 9700 §4.14.2: the refresh tokens of a public client rotate.
        if (client.RefreshTokenReuse)
            yield return new("refresh_token_reuse", "must be false for a client without a secret");
    }

    private static IEnumerable<ClientProblem> Profile(Client client, FeatureSet features)
    {
        if (client.Profile is not null && !ProfileNames.All.Contains(client.Profile))
            yield return new("profile", OneOf(ProfileNames.All));
        else if (client.Profile is not null && !features.TokenAlgorithms.Intersect(SigningAlgorithms.OfFapi).Any())
            yield return new("profile", $"needs a server that signs with {string.Join(" or ", SigningAlgorithms.OfFapi)}: see the setting TokenAlgorithms");
        if (client.AssertionAudience is not (null or AssertionAudiences.Issuer))
            yield return new("assertion_audience", $"must be {AssertionAudiences.Issuer}, or be left out");
        foreach (var problem in FapiClauses.ProblemsOf(client, ProfileNames.Stricter(client.Profile, features.Profile)))
            yield return problem;
    }

    private static IEnumerable<ClientProblem> Grants(Client client, FeatureSet features)
    {
        foreach (var (index, grantType) in client.GrantTypes.Index())
        {
            if (features.FindGrantType(grantType) is not { } feature)
                yield return new($"grant_types[{index}]", OneOf(features.GrantTypes.Select(known => known.Name)));
            else if (feature.ProblemOf(client, features) is { } problem)
                yield return new($"grant_types[{index}]", problem);
        }
    }

    private static IEnumerable<ClientProblem> RedirectUris(Client client, FeatureSet features)
    {
        var redirects = features.GrantTypes.Any(feature => feature.UsesRedirects && client.MayUse(feature.Name));
        if (redirects && client.RedirectUris.Count == 0)
            yield return new("redirect_uris", "must have at least one, because grant_types has authorization_code or implicit");
        if (!redirects && client.RedirectUris.Count > 0)
            yield return new("redirect_uris", "must be left out, because grant_types has neither authorization_code nor implicit");
        foreach (var problem in EachOf("redirect_uris", client.RedirectUris, RedirectUriRules.ProblemOf))
            yield return problem;
        foreach (var problem in EachOf("post_logout_redirect_uris", client.PostLogoutRedirectUris, RedirectUriRules.ProblemOf))
            yield return problem;
        foreach (var problem in EachOf("allowed_cors_origins", client.AllowedCorsOrigins, OriginProblemOf))
            yield return problem;
    }

    private static IEnumerable<ClientProblem> Access(Client client, Catalog catalog)
    {
        foreach (var scope in client.Scopes.Distinct())
        {
            if (!CatalogRules.IsScopeName(scope))
                yield return new("scope", CatalogRules.ScopeNameProblem);
            else if (catalog.FindScope(scope) is null)
                yield return new("scope", $"has the unknown scope {scope}");
        }
        foreach (var problem in EachOf("required_scopes", client.RequiredScopes ?? [], name => client.Scopes.Contains(name) ? null : "is not one of the client's scopes"))
            yield return problem;
        var permitted = ClaimsRequest.Permitted(client, catalog);
        foreach (var problem in EachOf("id_token_claims", client.IdTokenClaims ?? [], name => ClaimRules.ProblemOfName(name) ?? (permitted.Contains(name) ? null : "is a claim that none of the client's scopes has")))
            yield return problem;
        foreach (var problem in EachOf("authorization_details_types", client.AuthorizationDetailsTypes, name => catalog.FindDetailsType(name) is null ? "is an unknown type" : null))
            yield return problem;
        foreach (var problem in EachOf("resources", client.Resources, name => catalog.FindResource(name) is null ? "is an unknown resource" : null))
            yield return problem;
    }

    private static IEnumerable<ClientProblem> Description(Client client)
    {
        if (client.ClientDescription is { } description && ProblemOfText(description) is { } unfit)
            yield return new("client_description", unfit);
        foreach (var (member, problem) in LocalTexts.ProblemsOf(client.Localized, ["client_name", "client_description"], ProblemOfText))
            yield return new(member, problem);
        if (client.BrandAccent is { } accent && BrandOptions.ProblemOfAccent(accent) is { } wrong)
            yield return new("brand_accent", wrong);
    }

    private static string? ProblemOfText(string text) =>
        text.Length is 0 or > LongestDescription || ShownText.HasHiddenMeaning(text) ? $"must be 1 to {LongestDescription} characters, all of them visible" : null;

    private static IEnumerable<ClientProblem> Pages(Client client) =>
        from page in new (string Member, Uri? Uri)[]
        {
            ("client_uri", client.ClientUri), ("logo_uri", client.LogoUri), ("policy_uri", client.PolicyUri), ("tos_uri", client.TosUri),
            ("initiate_login_uri", client.InitiateLoginUri),
        }
        where page.Uri is not null && !(IsClientUrl(page.Uri) && (page.Uri.Scheme == Uri.UriSchemeHttps || page.Member == "initiate_login_uri"))
        select new ClientProblem(page.Member, "must be an absolute https URL without a user");

    private static IEnumerable<ClientProblem> Tokens(Client client, FeatureSet features)
    {
        if (!IsOffered(client.IdTokenSignedResponseAlg, client, features))
            yield return new("id_token_signed_response_alg", OneOf(features.TokenAlgorithms));
        if (client.UserinfoSignedResponseAlg is { } forUserInfo && !features.TokenAlgorithms.Contains(forUserInfo))
            yield return new("userinfo_signed_response_alg", OneOf(features.TokenAlgorithms));
        if (client.AuthorizationSignedResponseAlg is { } forResponses && !features.TokenAlgorithms.Contains(forResponses))
            yield return new("authorization_signed_response_alg", OneOf(features.TokenAlgorithms));
        if (client.IntrospectionSignedResponseAlg is { } forIntrospection && !features.TokenAlgorithms.Contains(forIntrospection))
            yield return new("introspection_signed_response_alg", OneOf(features.TokenAlgorithms));
        if (!AccessTokenFormats.All.Contains(client.AccessTokenFormat))
            yield return new("access_token_format", OneOf(AccessTokenFormats.All));
        var seconds = new (string Member, long? Value, long Least, long Most)[]
        {
            ("default_max_age", client.DefaultMaxAge, 0, LongestSeconds),
            ("id_token_lifetime", client.IdTokenLifetime, 1, DaySeconds),
            ("access_token_lifetime", client.AccessTokenLifetime, 1, DaySeconds),
            ("refresh_token_lifetime", client.RefreshTokenLifetime, 1, LongestSeconds),
            ("refresh_token_idle_lifetime", client.RefreshTokenIdleLifetime, 1, LongestSeconds),
        };
        foreach (var (member, value, least, most) in seconds)
        {
            if (value < least || value > most)
                yield return new(member, $"must be {least} to {most} seconds");
        }
    }

    /// <summary>RS256 is the default. With a profile, it means the default algorithm of the profile.</summary>
    private static bool IsOffered(string algorithm, Client client, FeatureSet features) =>
        features.TokenAlgorithms.Contains(algorithm) || (algorithm == SigningAlgorithms.RS256 && (client.Profile ?? features.Profile) is not null);

    /// <summary>An origin must be written as browsers send it in <c>Origin</c>, because it is compared with that header.</summary>
    private static string? OriginProblemOf(string origin) =>
        WebOrigin.Of(origin) == origin
            ? RedirectUriRules.ProblemOf(origin)
            : "must be an origin as browsers send it: scheme://host or scheme://host:port in lower case, without path and default port";

    internal static IEnumerable<ClientProblem> EachOf<T>(string member, IReadOnlyList<T> values, Func<T, string?> problemOf) =>
        from entry in values.Index()
        let problem = problemOf(entry.Item)
        where problem is not null
        select new ClientProblem($"{member}[{entry.Index}]", problem);

    /// <summary>Whether the server or a browser may open this URL of a client. http is only for development.</summary>
    internal static bool IsClientUrl(Uri url) =>
        url.IsAbsoluteUri && url.UserInfo.Length == 0 && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback));

    internal static string OneOf(IEnumerable<string> values) => $"must be one of {string.Join(", ", values)}";
}
