using FunctionsAuth.Protocol.Errors;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Registry;

/// <summary>The errors of RFC 7591 §3.2.2, and the errors for refused tokens (RFC 6750 §3.1).</summary>
internal static class RegistrationError
{
    private const string Realm = "register";

    public static OAuthException InvalidMetadata(string description) => new("invalid_client_metadata", description);

    public static OAuthException InvalidRedirectUri(string description) => new("invalid_redirect_uri", description);

    public static OAuthException InvalidSoftwareStatement() =>
        new("invalid_software_statement", "This server does not accept a software_statement: leave it out");

    /// <param name="member">The member that is wrong, such as <c>redirect_uris[0]</c>.</param>
    /// <param name="problem">The rest of a sentence that begins with the member, without anything that the client sent.</param>
    public static OAuthException For(string member, string problem)
    {
        var description = $"{member} {problem}";
        return member.StartsWith("redirect_uris", StringComparison.Ordinal) ? InvalidRedirectUri(description) : InvalidMetadata(description);
    }

    /// <summary>RFC 6750 §3.1: no error code in the challenge when the request had no token at all.</summary>
    public static OAuthException NoToken(string which) => new("invalid_request", $"{which} is required", StatusCodes.Status401Unauthorized)
    {
        Challenge = $"Bearer realm=\"{Realm}\"",
    };

    public static OAuthException InvalidToken(string description) => new(OAuthError.InvalidToken, description, StatusCodes.Status401Unauthorized)
    {
        Challenge = $"Bearer realm=\"{Realm}\", error=\"{OAuthError.InvalidToken}\", error_description=\"{description}\"",
    };

    public static OAuthException TooMany(TimeSpan wait) => OAuthError.TooMany("Too many clients were registered in the last hour", wait);
}
