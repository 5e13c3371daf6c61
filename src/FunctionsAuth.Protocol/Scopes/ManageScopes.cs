namespace FunctionsAuth.Protocol.Scopes;

/// <summary>
/// The scopes of the server's own management API. They are built in. Users get them from their groups (see <see cref="Groups.ManageRoles"/>), and
/// machines from their registration.
/// </summary>
public static class ManageScopes
{
    public const string UsersRead = "manage:users:read";
    public const string UsersWrite = "manage:users:write";
    public const string GroupsRead = "manage:groups:read";
    public const string GroupsWrite = "manage:groups:write";
    public const string ClientsRead = "manage:clients:read";
    public const string ClientsWrite = "manage:clients:write";
    public const string ScopesRead = "manage:scopes:read";
    public const string ScopesWrite = "manage:scopes:write";
    public const string KeysRead = "manage:keys:read";
    public const string KeysWrite = "manage:keys:write";
    public const string WebhooksRead = "manage:webhooks:read";
    public const string WebhooksWrite = "manage:webhooks:write";
    public const string ConfigurationRead = "manage:configuration:read";
    public const string ConfigurationWrite = "manage:configuration:write";
    public const string AuditRead = "manage:audit:read";
    public const string SettingsRead = "manage:settings:read";

    /// <summary>Ends all sessions and tokens of one user: the right that another identity provider needs for a global revocation.</summary>
    public const string Revoke = "manage:tokens:revoke";

    /// <summary>
    /// Changes who manages the server: the members of the groups of managers, the clients with scopes of this API, and the configuration as a whole.
    /// With the other scopes, nobody can give themselves more rights.
    /// </summary>
    public const string Administrators = "manage:administrators";

    private static readonly Dictionary<string, Scope> ByName = new Scope[]
    {
        new() { Name = UsersRead, DisplayName = "See people and their sessions", Required = true },
        new() { Name = UsersWrite, DisplayName = "Change people and their sessions", Required = true },
        new() { Name = GroupsRead, DisplayName = "See groups and their members", Required = true },
        new() { Name = GroupsWrite, DisplayName = "Change groups and their members", Required = true },
        new() { Name = ClientsRead, DisplayName = "See apps", Required = true },
        new() { Name = ClientsWrite, DisplayName = "Change apps and their secrets", Required = true },
        new() { Name = ScopesRead, DisplayName = "See scopes and APIs", Required = true },
        new() { Name = ScopesWrite, DisplayName = "Change scopes and APIs", Required = true },
        new() { Name = KeysRead, DisplayName = "See signing keys", Required = true },
        new() { Name = KeysWrite, DisplayName = "Change signing keys", Required = true },
        new() { Name = WebhooksRead, DisplayName = "See webhooks", Required = true },
        new() { Name = WebhooksWrite, DisplayName = "Change webhooks", Required = true },
        new() { Name = ConfigurationRead, DisplayName = "See the configuration as a whole", Required = true },
        new() { Name = ConfigurationWrite, DisplayName = "Change the configuration as a whole", Required = true },
        new() { Name = AuditRead, DisplayName = "See what happened on the server", Required = true },
        new() { Name = SettingsRead, DisplayName = "See settings and figures of the server", Required = true },
        new() { Name = Revoke, DisplayName = "Sign people out everywhere", Required = true },
        new() { Name = Administrators, DisplayName = "Decide who manages the server", Required = true },
    }.ToDictionary(scope => scope.Name);

    public static IReadOnlyCollection<Scope> All => ByName.Values;

    public static IReadOnlyList<string> Names { get; } = [.. ByName.Keys];

    public static bool Contains(string name) => ByName.ContainsKey(name);
}
