using FunctionsAuth.Protocol.Pages;

namespace FunctionsAuth.Protocol.Clients;

internal static class ClientExtensions
{
    /// <summary>The client as a page shows it.</summary>
    public static PageClient ForPage(this Client client) => new(client.ClientName ?? client.ClientId)
    {
        Uri = client.ClientUri,
        LogoUri = client.LogoUri,
        PolicyUri = client.PolicyUri,
        TosUri = client.TosUri,
        Host = ClientIdRules.IsAddress(client.ClientId) ? new Uri(client.ClientId).IdnHost : null,
    };
}
