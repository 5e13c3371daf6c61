namespace FunctionsAuth.Protocol.Wire;

/// <summary>Values of a JWT's <c>typ</c> header.</summary>
public static class JwtTypes
{
    public const string IdToken = "JWT";

    /// <summary>A signed userinfo answer: what tells it from an ID token is that it has no <c>exp</c>.</summary>
    public const string UserInfo = "JWT";

    /// <summary>A signed authorization response (JARM), which names no type: what tells it from an ID token is that it has no <c>sub</c>.</summary>
    public const string AuthorizationResponse = "JWT";

    /// <summary>RFC 9068 §2.1.</summary>
    public const string AccessToken = "at+jwt";

    /// <summary>RFC 9449 §4.2.</summary>
    public const string DpopProof = "dpop+jwt";

    /// <summary>RFC 9701 §5.</summary>
    public const string TokenIntrospection = "token-introspection+jwt";

    /// <summary>OpenID Connect Back-Channel Logout §2.4.</summary>
    public const string LogoutToken = "logout+jwt";

    /// <summary>draft-ietf-oauth-rfc7523bis: a client's assertion that is for authentication and nothing else.</summary>
    public const string ClientAuthentication = "client-authentication+jwt";

    /// <summary>RFC 9101 §10.8.</summary>
    public const string RequestObject = "oauth-authz-req+jwt";

    private const string Prefix = "application/";

    /// <summary>
    /// Whether a <c>typ</c> that a client wrote is that type. RFC 7515 §4.1.9: it is a media type, so case makes no difference, and
    /// <c>application/</c> may be left out.
    /// </summary>
    public static bool Is(string typ, string type) =>
        (typ.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? typ[Prefix.Length..] : typ).Equals(type, StringComparison.OrdinalIgnoreCase);

    /// <summary>The same for a JWT that may also say nothing, or no more than that it is a JWT.</summary>
    public static bool IsOrIsUntyped(string? typ, string type) => string.IsNullOrEmpty(typ) || Is(typ, "JWT") || Is(typ, type);
}
