using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Fetch;
using FunctionsAuth.Protocol.Pages;

namespace FunctionsAuth.Protocol.Clients;

internal static class ClientExtensions
{
    /// <summary>
    /// Nobody whom the operator knows vouches for it: anybody may have registered it, or it is known by its metadata document alone. The server
    /// must not send a browser to such a client before the person has signed in or pressed a button (RFC 9700 §4.11.2).
    /// </summary>
    public static bool IsStranger(this Client client) => ClientIdRules.IsAddress(client.ClientId) || client.Registration is { HadInitialAccess: false };

    /// <summary>It registered itself, or is known by its metadata document: no operator wrote down what it may ask for.</summary>
    public static bool IntroducedItself(this Client client) => client.Registration is not null || ClientIdRules.IsAddress(client.ClientId);

    /// <summary>Whether its authorization responses may come so: signed ones must be registered, and a profile may ask for nothing else.</summary>
    /// <param name="responseMode">One of <see cref="ResponseModes.All"/>.</param>
    public static bool Takes(this Client client, string responseMode) => ResponseModes.IsSigned(responseMode) ? client.AuthorizationSignedResponseAlg is not null : !client.SignsMessages;

    /// <summary>The response mode of requests that name none, or none that is possible.</summary>
    public static string DefaultResponseModeFor(this Client client, string? responseType) => client.SignsMessages ? ResponseModes.Jwt : ResponseModes.DefaultFor(responseType);

    /// <summary>How a signed authorization response is signed.</summary>
    public static ResponseSigning? Signing(this Client client) => client.AuthorizationSignedResponseAlg is { } algorithm ? new ResponseSigning(client.ClientId, algorithm) : null;

    /// <summary>Where a person can begin again with the client: its page, or the site of a redirect URI; null when none is known.</summary>
    public static Uri? StartUri(this Client client) => client.ClientUri
        ?? (client.RedirectUris.FirstOrDefault(RedirectUriRules.AssuresClient) is { } redirect ? new Uri(new Uri(redirect), "/") : null);

    /// <summary>Whose limit pays for what is fetched for the client.</summary>
    public static FetchFor FetchesFor(this Client client) => client.IsStranger() ? FetchFor.Stranger : FetchFor.OperatorsClient;

    /// <summary>The client as a page shows it.</summary>
    public static PageClient ForPage(this Client client) => new(client.ClientName ?? client.ClientId)
    {
        LocalNames = LocalTexts.Of(client.Localized, "client_name"),
        Uri = client.ClientUri,
        // Its host would learn who is about to sign in, before the person decided anything.
        LogoUri = client.IsStranger() ? null : client.LogoUri,
        Accent = client.BrandAccent is { } accent ? Configuration.Colour.Parse(accent) : null,
        PolicyUri = client.PolicyUri,
        TosUri = client.TosUri,
        Host = ClientIdRules.IsAddress(client.ClientId) ? new Uri(client.ClientId).IdnHost : null,
    };
}
