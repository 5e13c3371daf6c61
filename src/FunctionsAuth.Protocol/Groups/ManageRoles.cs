using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Scopes;

namespace FunctionsAuth.Protocol.Groups;

/// <summary>
/// The scopes of the management API that the groups of managers give. A client gets these scopes only for members of these groups, whatever it is
/// registered for.
/// </summary>
public static class ManageRoles
{
    private static readonly IReadOnlyList<string> OfHelpdesk =
        [ManageScopes.UsersRead, ManageScopes.UsersWrite, ManageScopes.GroupsRead, ManageScopes.ClientsRead, ManageScopes.AuditRead];

    private static readonly IReadOnlyList<string> OfAuditors = [.. ManageScopes.Names.Where(name => name.EndsWith(":read", StringComparison.Ordinal))];

    /// <summary>All scopes that these groups give together.</summary>
    public static IReadOnlyList<string> ScopesOf(IReadOnlyList<string> groups, ManageOptions options) =>
        [.. MapsOf(options).Where(map => groups.Contains(map.Key)).SelectMany(map => map.Value).Distinct()];

    /// <summary>Whether one of these groups gives a scope of the management API. Such users can be changed only by administrators.</summary>
    public static bool AreOfManagers(IEnumerable<string> groups, ManageOptions options) => groups.Any(options.Groups.Contains);

    /// <summary>Whether the client can get scopes of the management API, for itself or for users.</summary>
    public static bool IsOfManagers(Client client) => client.Scopes.Any(ManageScopes.Contains);

    /// <summary>The client with the scopes that the groups of managers give; the same client if it has no such scope.</summary>
    public static Client Apply(Client client, ManageOptions options) => IsOfManagers(client) ? client with { ManageScopeMaps = MapsOf(options) } : client;

    private static Dictionary<string, IReadOnlyList<string>> MapsOf(ManageOptions options) => new()
    {
        [options.AdministratorsGroup] = ManageScopes.Names,
        [options.HelpdeskGroup] = OfHelpdesk,
        [options.AuditorsGroup] = OfAuditors,
    };
}
