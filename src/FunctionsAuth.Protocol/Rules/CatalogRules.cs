using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Details;
using FunctionsAuth.Protocol.Features;
using FunctionsAuth.Protocol.Scopes;

namespace FunctionsAuth.Protocol.Rules;

/// <summary>
/// Rules for scopes, resources and types of authorization details. Each problem consists of the path of a member and the rest of a sentence that begins with
/// this path.
/// </summary>
internal static class CatalogRules
{
    public const string ScopeNameProblem = "must be 1 to 200 visible ASCII characters without quote and backslash";

    // An identifier of this length fits into a table key, whatever characters it contains.
    private const int MaxIdentifierLength = 300;
    private const int LongestScopeName = 200;
    private const int LongestTypeName = 100;

    /// <summary>RFC 6749 §3.3.</summary>
    public static bool IsScopeName(string text) => IsVisible(text, LongestScopeName);

    public static IEnumerable<(string Member, string Problem)> ProblemsOf(Scope scope)
    {
        if (StandardScopes.Contains(scope.Name))
            yield return ("name", "is a scope of OpenID Connect, which is built in");
        else if (ManageScopes.Contains(scope.Name))
            yield return ("name", "is a scope of the server's own management API, which is built in");
        else if (!IsScopeName(scope.Name))
            yield return ("name", ScopeNameProblem);
        foreach (var (index, claim) in scope.Claims.Index())
        {
            if (ClaimRules.ProblemOfName(claim) is { } problem)
                yield return ($"claims[{index}]", problem);
        }
        foreach (var problem in LocalTexts.ProblemsOf(scope.Localized, ["display_name", "description"], ProblemOfText))
            yield return problem;
    }

    public static IEnumerable<(string Member, string Problem)> ProblemsOf(Resource resource, Catalog catalog, FeatureSet features)
    {
        if (!IsIdentifier(resource.Identifier))
            yield return ("identifier", $"must be an absolute URI without fragment, in ASCII and at most {MaxIdentifierLength} characters long");
        foreach (var problem in LocalTexts.ProblemsOf(resource.Localized, ["display_name"], ProblemOfText))
            yield return problem;
        foreach (var (index, scope) in resource.Scopes.Index())
        {
            if (StandardScopes.Contains(scope))
                yield return ($"scopes[{index}]", "is a scope of OpenID Connect, which does not belong to an API");
            else if (ManageScopes.Contains(scope))
                yield return ($"scopes[{index}]", "is a scope of the server's own management API");
            else if (catalog.FindScope(scope) is null)
                yield return ($"scopes[{index}]", "is an unknown scope");
        }
        if (resource.AccessTokenSigningAlg is { } algorithm && !features.TokenAlgorithms.Contains(algorithm))
            yield return ("access_token_signing_alg", ClientRules.OneOf(features.TokenAlgorithms));
        if (resource.AccessTokenLifetime is < 1 or > ClientRules.DaySeconds)
            yield return ("access_token_lifetime", $"must be 1 to {ClientRules.DaySeconds} seconds");
        if (resource.AccessTokenFormat is { } format && !AccessTokenFormats.All.Contains(format))
            yield return ("access_token_format", ClientRules.OneOf(AccessTokenFormats.All));
        foreach (var (member, problem) in GroupRules.ClaimMapProblems(resource.ClaimMaps))
            yield return (member, problem);
        foreach (var (index, clientId) in resource.IntrospectedBy.Index())
        {
            if (!ClientIdRules.IsName(clientId))
                yield return ($"introspected_by[{index}]", "must be a client_id");
        }
    }

    public static IEnumerable<(string Member, string Problem)> ProblemsOf(AuthorizationDetailsType type, Catalog catalog)
    {
        if (!IsVisible(type.Type, LongestTypeName))
            yield return ("type", "must be 1 to 100 visible ASCII characters without quote and backslash");
        if (DetailForm.ProblemOfText(type.Title) is { } problem)
            yield return ("title", problem);
        foreach (var local in LocalTexts.ProblemsOf(type.Localized, ["title"], DetailForm.ProblemOfText))
            yield return local;
        if (type.Resource is { } resource && catalog.FindResource(resource) is null)
            yield return ("resource", "is an unknown resource");
        List<(string Member, string Problem)> problems = [];
        DetailForm.Read(type, problems);
        foreach (var found in problems)
            yield return found;
    }

    private static bool IsVisible(string text, int longest) => NameText.IsMadeOf(text, longest, c => c is > ' ' and <= '~' and not '"' and not '\\');

    private static string? ProblemOfText(string text) => text.Trim().Length == 0 ? "must not be empty" : null;

    /// <summary>RFC 8707 §2. The scheme is checked, because <see cref="Uri"/> on Unix accepts a path alone as an absolute URI.</summary>
    private static bool IsIdentifier(string identifier) =>
        identifier.Length <= MaxIdentifierLength
        && identifier.All(c => c is > ' ' and <= '~' and not '#')
        && Uri.TryCreate(identifier, UriKind.Absolute, out var uri)
        && identifier.StartsWith(uri.Scheme + ":", StringComparison.OrdinalIgnoreCase);
}
