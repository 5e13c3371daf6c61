using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Fetch;
using FunctionsAuth.Protocol.Pages;

namespace FunctionsAuth.Protocol.Clients;

internal static class ClientExtensions
{
    /// <summary>
    /// Nobody known to the operator is responsible for the client: anybody may have registered it, or it is known only by its metadata document. The
    /// server must not redirect a browser to such a client before the user has signed in or pressed a button (RFC 9700 §4.11.2).
    /// </summary>
    public static bool IsStranger(this Client client) => ClientIdRules.IsAddress(client.ClientId) || client.Registration is { HadInitialAccess: false };

    /// <summary>The client registered itself, or is known only by its metadata document. No operator defined what it may ask for.</summary>
    public static bool IntroducedItself(this Client client) => client.Registration is not null || ClientIdRules.IsAddress(client.ClientId);

    /// <summary>Whether its authorization responses may use this mode. Signed responses must be registered, and a profile may require them.</summary>
    /// <param name="responseMode">One of <see cref="ResponseModes.All"/>.</param>
    public static bool Takes(this Client client, string responseMode) => ResponseModes.IsSigned(responseMode) ? client.AuthorizationSignedResponseAlg is not null : !client.SignsMessages;

    /// <summary>The response mode of requests that name none, or none that is allowed.</summary>
    public static string DefaultResponseModeFor(this Client client, string? responseType) => client.SignsMessages ? ResponseModes.Jwt : ResponseModes.DefaultFor(responseType);

    /// <summary>The signature of a signed authorization response.</summary>
    public static ResponseSigning? Signing(this Client client) => client.AuthorizationSignedResponseAlg is { } algorithm ? new ResponseSigning(client.ClientId, algorithm) : null;

    /// <summary>The address at which a user can begin again with the client: its page, or the site of a redirect URI; null when none is known.</summary>
    public static Uri? StartUri(this Client client) => client.ClientUri
        ?? (client.RedirectUris.FirstOrDefault(RedirectUriRules.AssuresClient) is { } redirect ? new Uri(new Uri(redirect), "/") : null);

    /// <summary>The limit that counts the fetches for this client.</summary>
    public static FetchFor FetchesFor(this Client client) => client.IsStranger() ? FetchFor.Stranger : FetchFor.OperatorsClient;

    /// <summary>The client in the form for pages.</summary>
    public static PageClient ForPage(this Client client) => new(client.ClientName ?? client.ClientId)
    {
        LocalNames = LocalTexts.Of(client.Localized, "client_name"),
        Uri = client.ClientUri,
        // Otherwise its host would learn who is about to sign in, before the user decided anything.
        LogoUri = client.IsStranger() ? null : client.LogoUri,
        Accent = client.BrandAccent is { } accent ? Configuration.Colour.Parse(accent) : null,
        PolicyUri = client.PolicyUri,
        TosUri = client.TosUri,
        Host = ClientIdRules.IsAddress(client.ClientId) ? new Uri(client.ClientId).IdnHost : null,
    };
}
