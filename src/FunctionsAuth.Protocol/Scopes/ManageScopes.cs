namespace FunctionsAuth.Protocol.Scopes;

/// <summary>
/// The scopes of the server's own management API. They are built in. People get them by their groups (see <see cref="Groups.ManageRoles"/>),
/// and machines by their registration.
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

    /// <summary>Ends all sessions and tokens of one person: all that an identity provider elsewhere needs for a global revocation.</summary>
    public const string Revoke = "manage:tokens:revoke";

    /// <summary>
    /// What decides who manages the server: the members of the groups of managers, the clients that have scopes of this API, and the configuration as
    /// a whole. Without it, the other scopes can't be used to get more of them.
    /// </summary>
    public const string Administrators = "manage:administrators";

    private static readonly Dictionary<string, Scope> ByName = new Scope[]
    {
        Of(UsersRead, "See people and their sessions"),
        Of(UsersWrite, "Change people and their sessions"),
        Of(GroupsRead, "See groups and their members"),
        Of(GroupsWrite, "Change groups and their members"),
        Of(ClientsRead, "See apps"),
        Of(ClientsWrite, "Change apps and their secrets"),
        Of(ScopesRead, "See scopes and APIs"),
        Of(ScopesWrite, "Change scopes and APIs"),
        Of(KeysRead, "See signing keys"),
        Of(KeysWrite, "Change signing keys"),
        Of(WebhooksRead, "See webhooks"),
        Of(WebhooksWrite, "Change webhooks"),
        Of(ConfigurationRead, "See the configuration as a whole"),
        Of(ConfigurationWrite, "Change the configuration as a whole"),
        Of(AuditRead, "See what happened on the server"),
        Of(SettingsRead, "See settings and figures of the server"),
        Of(Revoke, "Sign people out everywhere"),
        Of(Administrators, "Decide who manages the server"),
    }.ToDictionary(scope => scope.Name);

    public static IReadOnlyCollection<Scope> All => ByName.Values;

    public static IReadOnlyList<string> Names { get; } = [.. ByName.Keys];

    public static bool Contains(string name) => ByName.ContainsKey(name);

    private static Scope Of(string name, string displayName) => new() { Name = name, DisplayName = displayName, Required = true };
}
