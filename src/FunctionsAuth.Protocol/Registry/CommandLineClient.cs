using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Scopes;

namespace FunctionsAuth.Protocol.Registry;

/// <summary>
/// The client of the command line <c>functionsauth</c>. It is built in, so that a new server can be managed before anything was registered. It is public,
/// as any app on the machine of a person (RFC 8252 §8.5), and gives nobody more than their groups do.
/// </summary>
internal static class CommandLineClient
{
    public static Client Create() => new()
    {
        ClientId = OwnClients.CommandLineId,
        ClientName = "FunctionsAuth command line",
        TokenEndpointAuthMethod = AuthMethods.None,
        ApplicationType = ApplicationTypes.Native,
        // RFC 8252 §7.3: any port will do.
        RedirectUris = ["http://127.0.0.1/callback"],
        GrantTypes = [GrantTypeNames.AuthorizationCode, GrantTypeNames.RefreshToken],
        Scope = string.Join(' ', [StandardScopes.OpenId, "profile", StandardScopes.OfflineAccess, .. ManageScopes.Names]),
        FirstParty = true,
    };
}
