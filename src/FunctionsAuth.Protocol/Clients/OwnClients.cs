using FunctionsAuth.Protocol.Configuration;

namespace FunctionsAuth.Protocol.Clients;

/// <summary>
/// The clients of the server's own pages, where users sign in without an app. For the login they are ordinary clients, which get only the signed-in
/// user: they have no secret, no grant type, and one redirect URI for each entry page.
/// </summary>
public static class OwnClients
{
    /// <summary>The account pages, the portal and the management pages. Nobody can register a client with this id.</summary>
    public const string AccountId = "functionsauth-account";

    /// <summary>The command line <c>functionsauth</c>, a native app that uses the management API. It signs users in like any other app.</summary>
    public const string CommandLineId = "functionsauth-cli";

    /// <summary>Nobody can register a client with this id.</summary>
    public static bool IsReserved(string clientId) => IsOwn(clientId) || clientId == CommandLineId;

    public static bool IsOwn(Client client) => IsOwn(client.ClientId);

    public static bool IsOwn(string clientId) => clientId == AccountId;

    public static Client Account(ServerUrls urls) => new()
    {
        ClientId = AccountId,
        ClientName = "Your account",
        RedirectUris = [urls.Of(Routes.Account), urls.Of(Routes.Portal), urls.Of(Routes.Manage)],
        ResponseTypes = [ResponseTypeNames.None],
        GrantTypes = [],
        FirstParty = true,
        ClientUri = new Uri(urls.Of(Routes.Account)),
    };
}
