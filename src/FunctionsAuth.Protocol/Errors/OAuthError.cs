using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Errors;

/// <summary>The error codes of the OAuth registry that the server uses, each made in one place.</summary>
public static class OAuthError
{
    public const string AccessDenied = "access_denied";
    public const string InvalidToken = "invalid_token";
    public const string ServerError = "server_error";
    public const string TemporarilyUnavailable = "temporarily_unavailable";

    public static OAuthException InvalidRequest(string description) => new("invalid_request", description);
    public static OAuthException InvalidGrant(string description) => new("invalid_grant", description);
    public static OAuthException InvalidScope(string description) => new("invalid_scope", description);
    public static OAuthException UnauthorizedClient(string description) => new("unauthorized_client", description);
    public static OAuthException UnsupportedGrantType(string description) => new("unsupported_grant_type", description);
    public static OAuthException UnsupportedResponseType(string description) => new("unsupported_response_type", description);

    /// <summary>RFC 7009 §2.2.1.</summary>
    public static OAuthException UnsupportedTokenType(string description) => new("unsupported_token_type", description);

    /// <summary>RFC 8707 §2.</summary>
    public static OAuthException InvalidTarget(string description) => new("invalid_target", description);

    /// <summary>RFC 9396 §5.</summary>
    public static OAuthException InvalidAuthorizationDetails(string description) => new("invalid_authorization_details", description);

    /// <summary>OpenID Connect Core §3.1.2.6.</summary>
    public static OAuthException LoginRequired(string description = "The user must sign in (again), and prompt is none") =>
        new("login_required", description);

    /// <summary>OpenID Connect Core §3.1.2.6.</summary>
    public static OAuthException InteractionRequired(string description) => new("interaction_required", description);

    /// <inheritdoc cref="LoginRequired"/>
    public static OAuthException ConsentRequired() => new("consent_required", "The user has not given consent to everything that the request asks for, and prompt is none");

    /// <summary>OpenID Connect Core Unmet Authentication Requirements 1.0 §2.</summary>
    public static OAuthException UnmetAuthenticationRequirements(string description) => new("unmet_authentication_requirements", description);

    /// <summary>RFC 9101 §6: the request object is malformed, or is not from the client.</summary>
    public static OAuthException InvalidRequestObject(string description) => new("invalid_request_object", description);

    /// <summary>RFC 9101 §6: the document at the <c>request_uri</c> cannot be used.</summary>
    public static OAuthException InvalidRequestUri(string description) => new("invalid_request_uri", description);

    public static OAuthException Denied(string description) => new(AccessDenied, description);

    /// <summary>OpenID Connect Core §3.1.2.6: <c>request_not_supported</c>, <c>request_uri_not_supported</c>, <c>registration_not_supported</c>.</summary>
    public static OAuthException NotSupported(string parameter) => new($"{parameter}_not_supported", $"The {parameter} parameter is not supported");

    /// <summary>RFC 6749 §5.2: 401, with a challenge when the client used the Authorization header.</summary>
    public static OAuthException InvalidClient(string description, bool usedHeader) =>
        new("invalid_client", description, StatusCodes.Status401Unauthorized)
        {
            Challenge = usedHeader ? "Basic realm=\"token\", charset=\"UTF-8\"" : null,
        };

    /// <summary>There is no such page, or the settings switch it off.</summary>
    public static OAuthException NoPage() => new("invalid_request", "There is no page at this address", StatusCodes.Status404NotFound) { ForPerson = Phrase.Of($"There is no page at this address.") };

    /// <summary>RFC 6585 §4: a limit is reached, and the same request may succeed later.</summary>
    /// <param name="description">The limit that was exceeded, as the first part of a sentence.</param>
    public static OAuthException TooMany(string description, TimeSpan wait) => new(TemporarilyUnavailable, $"{description}; try again later", StatusCodes.Status429TooManyRequests)
    {
        RetryAfter = wait < TimeSpan.FromSeconds(1) ? TimeSpan.FromSeconds(1) : wait,
    };

    /// <summary>RFC 9110 §15.6.4: the instance has too much work, or a service that it needs has failed.</summary>
    public static OAuthException Busy(TimeSpan wait) => new(TemporarilyUnavailable, "The server is busy; try again shortly", StatusCodes.Status503ServiceUnavailable)
    {
        RetryAfter = wait,
    };

    /// <summary>RFC 9449 §5.</summary>
    public static OAuthException InvalidDpopProof(string description) => new("invalid_dpop_proof", description);

    /// <summary>RFC 9449 §8.</summary>
    /// <param name="nonce">The nonce for the next proof.</param>
    public static OAuthException UseDpopNonce(string nonce) => new("use_dpop_nonce", "The DPoP proof must have the nonce of the DPoP-Nonce header") { DpopNonce = nonce };
}
