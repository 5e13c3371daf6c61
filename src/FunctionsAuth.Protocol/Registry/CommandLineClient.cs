using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Scopes;

namespace FunctionsAuth.Protocol.Registry;

/// <summary>
/// The client of the command line <c>functionsauth</c>. It is built in, so that a new server can be managed before any client is registered. It is
/// public, like every app on a user's machine (RFC 8252 §8.5), and gives users only the rights of their groups.
/// </summary>
internal static class CommandLineClient
{
    public static Client Create() => new()
    {
        ClientId = OwnClients.CommandLineId,
        ClientName = "FunctionsAuth command line",
        TokenEndpointAuthMethod = AuthMethods.None,
        ApplicationType = ApplicationTypes.Native,
        // RFC 8252 §7.3: any port is allowed.
        RedirectUris = ["http://127.0.0.1/callback"],
        GrantTypes = [GrantTypeNames.AuthorizationCode, GrantTypeNames.RefreshToken],
        Scope = string.Join(' ', [StandardScopes.OpenId, "profile", StandardScopes.OfflineAccess, .. ManageScopes.Names]),
        FirstParty = true,
    };
}
