using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Scopes;

namespace FunctionsAuth.Protocol.AuthorizationRequests;

/// <summary>The client of an authorization request, and the address for the answer.</summary>
public sealed record AuthorizationTarget(Client Client, string RedirectUri, string ResponseMode, string? State) : RedirectTarget(RedirectUri, ResponseMode, State)
{
    /// <summary>RFC 9700 §2.1: the redirect URI must be exactly one of the registered ones. Only the port of a loopback address may differ.</summary>
    /// <exception cref="OAuthException">The redirect URI is wrong, so the error cannot be sent to the client.</exception>
    public static AuthorizationTarget Read(Client client, Parameters parameters) => TryRead(client, parameters)
        ?? throw new OAuthException(
            "invalid_request",
            parameters.All(Parameter.RedirectUri).Count switch
            {
                0 => "The redirect_uri is required",
                1 => "The redirect_uri is not registered for this client",
                _ => "The redirect_uri must occur only once",
            })
        {
            Client = client.ForPage(),
        };

    public static AuthorizationTarget? TryRead(Client client, Parameters parameters)
    {
        var presented = parameters.All(Parameter.RedirectUri);
        var redirectUri = presented.Count switch
        {
            1 => client.RedirectUris.Any(registered => RedirectUriRules.Matches(registered, presented[0])) ? presented[0] : null,
            // RFC 6749 §3.1.2.3: it may be left out by a client that has only one; OpenID Connect Core §3.1.2.1: not with openid;
            // FAPI 2.0 Security Profile 5.3.2.2-6: never.
            0 when client.RedirectUris.Count == 1 && client.Profile is null && !HasOpenId(parameters) => client.RedirectUris[0],
            _ => null,
        };
        if (redirectUri is null)
            return null;
        var type = parameters[Parameter.ResponseType] is { } text ? ResponseTypeNames.Normalize(text) : null;
        // A response mode that is unknown, or not allowed for this response type or client, is an error. The error is returned in the default response
        // mode.
        var mode = parameters[Parameter.ResponseMode] is { } wanted && ResponseModes.Allows(type, wanted) && client.Takes(wanted) ? wanted : client.DefaultResponseModeFor(type);
        var signing = ResponseModes.IsSigned(mode) ? client.Signing() : null;
        return new AuthorizationTarget(client, redirectUri, ResponseModes.CarrierOf(type, mode), parameters[Parameter.State])
        {
            Signing = signing,
            AskFor = client.IsStranger() && parameters[Parameter.Prompt]?.Split(' ').Contains(PromptNames.None) != true ? client.ForPage() : null,
        };
    }

    private static bool HasOpenId(Parameters parameters) => parameters[Parameter.Scope]?.Split(' ').Contains(StandardScopes.OpenId) == true;
}
