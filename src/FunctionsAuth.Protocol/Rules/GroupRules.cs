using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Groups;
using FunctionsAuth.Protocol.Json;
using FunctionsAuth.Protocol.Scopes;

namespace FunctionsAuth.Protocol.Rules;

/// <summary>Rules for memberships and maps. Each problem consists of the path of a member and the rest of a sentence that begins with this path.</summary>
internal static class GroupRules
{
    private const int LongestText = 200;

    /// <summary>
    /// Claims of introspection responses (RFC 7662 §2.2) and access tokens (RFC 9396 §9), in addition to those that <see cref="ClaimRules"/> reserve.
    /// </summary>
    private static readonly HashSet<string> OfTokens = ["username", "authorization_details"];

    /// <summary>Claims that describe one user, such as the email address. A group cannot set them.</summary>
    private static readonly HashSet<string> Personal = [.. StandardScopes.All.SelectMany(scope => scope.Claims)];

    public static IEnumerable<ClientProblem> ProblemsOf(Client client) =>
    [
        .. MembershipProblems(client.Groups).Select(found => new ClientProblem(found.Member, found.Problem)),
        .. ScopeMapProblems("scope_maps", client.ScopeMaps, client),
        .. ScopeMapProblems("supplementary_scope_maps", client.SupplementaryScopeMaps, client),
        .. ClaimMapProblems(client.ClaimMaps).Select(found => new ClientProblem(found.Member, found.Problem)),
    ];

    public static IEnumerable<(string Member, string Problem)> MembershipProblems(IReadOnlyList<string> groups)
    {
        if (groups.Count > Group.MostPerMember)
            yield return ("groups", $"must have at most {Group.MostPerMember} names");
        foreach (var (index, name) in groups.Index())
        {
            if (!Group.IsName(name))
                yield return ($"groups[{index}]", Group.NameProblem);
        }
    }

    public static IEnumerable<(string Member, string Problem)> ClaimMapProblems(IReadOnlyDictionary<string, IReadOnlyDictionary<string, IReadOnlyList<string>>>? maps)
    {
        foreach (var (claim, map) in maps ?? new Dictionary<string, IReadOnlyDictionary<string, IReadOnlyList<string>>>())
        {
            var path = JsonLines.Member("claim_maps", claim);
            if (ProblemOfClaim(claim) is { } problem)
                yield return (path, problem);
            foreach (var (group, values) in map)
            {
                if (!Group.IsName(group))
                    yield return (JsonLines.Member(path, group), $"is not the name of a group, which {Group.NameProblem}");
                foreach (var (index, value) in values.Index())
                {
                    if (!IsText(value))
                        yield return ($"{JsonLines.Member(path, group)}[{index}]", $"must have 1 to {LongestText} characters and no control characters");
                }
            }
        }
    }

    private static string? ProblemOfClaim(string name) =>
        ClaimRules.ProblemOfName(name)
        ?? (OfTokens.Contains(name) ? "is a claim of the protocol, which the server sets itself"
        : Personal.Contains(name) ? "is a claim of OpenID Connect about the user, which a group cannot give"
        : IsText(name) ? null
        : $"must have at most {LongestText} characters and no control characters");

    private static IEnumerable<ClientProblem> ScopeMapProblems(string member, IReadOnlyDictionary<string, IReadOnlyList<string>>? maps, Client client)
    {
        foreach (var (group, scopes) in maps ?? new Dictionary<string, IReadOnlyList<string>>())
        {
            var path = JsonLines.Member(member, group);
            if (!Group.IsName(group))
                yield return new(path, $"is not the name of a group, which {Group.NameProblem}");
            if (scopes.Count == 0)
                yield return new(path, "must have at least one scope");
            foreach (var (index, scope) in scopes.Index())
            {
                if (scope is StandardScopes.OpenId or StandardScopes.OfflineAccess)
                    yield return new($"{path}[{index}]", "must not be openid or offline_access");
                else if (!client.Scopes.Contains(scope))
                    yield return new($"{path}[{index}]", "must be one of the client's scopes");
            }
        }
    }

    private static bool IsText(string value) => value.Length is > 0 and <= LongestText && !value.Any(char.IsControl);
}
