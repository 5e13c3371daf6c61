using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Scopes;

namespace FunctionsAuth.Protocol.Authorize;

/// <summary>Where the answer to an authorization request goes. It exists only once the redirect URI is known to be the client's.</summary>
/// <param name="RedirectUri">As the request had it, or the client's only one.</param>
/// <param name="ResponseMode">One of <see cref="ResponseModes"/>.</param>
/// <param name="State">Given back unchanged, and only if it was sent.</param>
public sealed record AuthorizationTarget(Client Client, string RedirectUri, string ResponseMode, string? State)
{
    /// <summary>RFC 9700 §2.1: the redirect URI is one of the registered ones, by exact text.</summary>
    /// <exception cref="OAuthException">It is not, and so there is nowhere to send the error.</exception>
    public static AuthorizationTarget Read(Client client, Parameters parameters) => TryRead(client, parameters)
        ?? throw new OAuthException(
            "invalid_request",
            parameters.All(Parameter.RedirectUri).Count == 0 ? "One redirect_uri is required" : "The redirect_uri is not registered for this client")
        {
            Client = client,
        };

    public static AuthorizationTarget? TryRead(Client client, Parameters parameters)
    {
        var presented = parameters.All(Parameter.RedirectUri);
        var redirectUri = presented.Count switch
        {
            1 => client.RedirectUris.Any(registered => Clients.RedirectUri.Matches(registered, presented[0])) ? presented[0] : null,
            // RFC 6749 §3.1.2.3: it may be left out by a client that has only one; OpenID Connect Core §3.1.2.1: not with openid.
            0 when client.RedirectUris.Count == 1 && !HasOpenId(parameters) => client.RedirectUris[0],
            _ => null,
        };
        if (redirectUri is null)
            return null;
        var type = parameters[Parameter.ResponseType] is { } text ? ResponseTypes.Normalize(text) : null;
        // A response mode that is unknown, or not for this response type, is an error, and that goes back in the default one.
        var mode = parameters[Parameter.ResponseMode] is { } wanted && ResponseModes.Allows(type, wanted) ? wanted : ResponseModes.DefaultFor(type);
        return new AuthorizationTarget(client, redirectUri, mode, parameters[Parameter.State]);
    }

    private static bool HasOpenId(Parameters parameters) => parameters[Parameter.Scope]?.Split(' ').Contains(StandardScopes.OpenId) == true;
}
