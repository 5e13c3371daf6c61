using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Errors;

/// <summary>The errors with which an API of this server refuses an access token: RFC 6750 §3.</summary>
/// <param name="Realm">The name of the API in each challenge.</param>
public sealed record ResourceGuard(string Realm)
{
    /// <summary>RFC 6750 §3.1: 401 with a Bearer challenge. No error code when the request had no token at all.</summary>
    public OAuthException Unauthenticated() => new("invalid_request", "An access token is required", StatusCodes.Status401Unauthorized)
    {
        Challenge = $"Bearer realm=\"{Realm}\"",
    };

    /// <summary>RFC 6750 §3.1: 401, the token is not from this server, or is no longer valid.</summary>
    public OAuthException NotValid(string description = "The access token is unknown, expired or revoked") =>
        Refuse(OAuthError.InvalidToken, description, StatusCodes.Status401Unauthorized);

    /// <param name="more">More parameters of the challenge, such as the missing <c>scope</c>.</param>
    public OAuthException Refuse(string error, string description, int status, params IEnumerable<(string Name, string Value)> more) => new(error, description, status)
    {
        Challenge = $"Bearer realm=\"{Realm}\", error=\"{error}\", error_description=\"{description}\"{string.Concat(more.Select(parameter => $", {parameter.Name}=\"{parameter.Value}\""))}",
    };
}
