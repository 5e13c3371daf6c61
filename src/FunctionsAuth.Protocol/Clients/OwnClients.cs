using FunctionsAuth.Protocol.Configuration;

namespace FunctionsAuth.Protocol.Clients;

/// <summary>
/// The server's own pages, where people sign in without an app. For the login they are a client as any other, which gets nothing but the person
/// back: it has no secret, no grant type, and a redirect URI for each entrance.
/// </summary>
public static class OwnClients
{
    /// <summary>The account pages, the portal and the pages of the management. Nobody can register a client with that id.</summary>
    public const string AccountId = "functionsauth-account";

    /// <summary>The command line <c>functionsauth</c>, a native app of the management API. It signs people in as any app does.</summary>
    public const string CommandLineId = "functionsauth-cli";

    /// <summary>Nobody can register a client with that id.</summary>
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
