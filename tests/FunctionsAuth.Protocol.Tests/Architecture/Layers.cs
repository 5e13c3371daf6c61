namespace FunctionsAuth.Protocol.Tests.Architecture;

/// <summary>Some namespaces, and what they have in common.</summary>
/// <param name="Name">What stands in it.</param>
/// <param name="Namespaces">Below the project's own; each may know those that stand before it.</param>
internal sealed record Layer(string Name, params string[] Namespaces)
{
    /// <summary>None of its namespaces may know another one of it.</summary>
    public bool KeepsApart { get; init; }
}

/// <summary>
/// The layers of FunctionsAuth.Protocol, from the bottom. A namespace knows only what stands before it in this list, so that there is no
/// cycle; endpoints know each other only through what lies below them.
/// </summary>
internal static class Layers
{
    public const string Root = "FunctionsAuth.Protocol";

    public static IReadOnlyList<Layer> OfProtocol { get; } =
    [
        new("names of the wire", "Wire"),
        new("ground: errors, settings, pages, metrics, JSON, limits, fetching, counters, security events", "Text", "Configuration", "Languages", "Pages", "Errors", "Telemetry", "Json", "Limits", "Fetch", "Statistics", "Audit"),
        new("storage primitives", "Storage"),
        new("what is delivered later", "Outbox", "Mail", "Tickets", "Notices"),
        new("keys and JWTs", "Keys", "Jwt"),
        new("clients, scopes, groups, users, credentials, grants, consents, sessions", "Details", "Clients", "Scopes", "Groups", "Users.Hashes", "Users", "Credentials", "Passkeys", "Claims", "Grants", "Consents", "Sessions", "Indexes", "Features", "Profiles", "Rules", "Registry"),
        new("tokens", "Certificates", "Dpop", "Tokens", "SessionEnd", "Deletion", "Recovery"),
        new("what other systems are told", "Webhooks"),
        new("http edge", "Http", "Browsers"),
        new("what endpoints share", "ClientAuthentication", "AuthorizationRequests", "Issuing", "Interaction", "GrantTypes"),
        new(
            "endpoints",
            "Endpoints.Account", "Endpoints.Assets", "Endpoints.Authorize", "Endpoints.CheckSession", "Endpoints.Consents", "Endpoints.Health", "Endpoints.Introspection",
            "Endpoints.Login", "Endpoints.Logout", "Endpoints.MailLinks", "Endpoints.Metadata", "Endpoints.Par", "Endpoints.Portal", "Endpoints.Register", "Endpoints.Revocation",
            "Endpoints.SecondFactor", "Endpoints.SelectAccount", "Endpoints.SignUp", "Endpoints.Terms", "Endpoints.Token", "Endpoints.UserInfo",
            "GrantTypes.AuthorizationCode", "GrantTypes.ClientCredentials", "GrantTypes.Implicit", "GrantTypes.Password", "GrantTypes.RefreshToken", "Import", "Prune")
        {
            KeepsApart = true,
        },
        new("management: on top of everything else", "Manage.Api", "Manage.Records", "Manage.People", "Manage.Clients", "Manage.Plans", "Manage.Server", "Manage.Revocation", "Manage.Pages", "Manage"),
        new("the list of what the server can do", "Composition"),
    ];
}
