namespace FunctionsAuth.Protocol.Wire;

/// <summary>Values of a JWT's <c>typ</c> header.</summary>
public static class JwtTypes
{
    public const string IdToken = "JWT";

    /// <summary>A signed userinfo response. It differs from an ID token because it has no <c>exp</c>.</summary>
    public const string UserInfo = "JWT";

    /// <summary>A signed authorization response. JARM defines no type for it. It differs from an ID token because it has no <c>sub</c>.</summary>
    public const string AuthorizationResponse = "JWT";

    /// <summary>RFC 9068 §2.1.</summary>
    public const string AccessToken = "at+jwt";

    /// <summary>RFC 9449 §4.2.</summary>
    public const string DpopProof = "dpop+jwt";

    /// <summary>RFC 9701 §5.</summary>
    public const string TokenIntrospection = "token-introspection+jwt";

    /// <summary>OpenID Connect Back-Channel Logout §2.4.</summary>
    public const string LogoutToken = "logout+jwt";

    /// <summary>draft-ietf-oauth-rfc7523bis: a client assertion that is only for authentication.</summary>
    public const string ClientAuthentication = "client-authentication+jwt";

    /// <summary>RFC 9101 §10.8.</summary>
    public const string RequestObject = "oauth-authz-req+jwt";

    private const string Prefix = "application/";

    /// <summary>
    /// Whether a <c>typ</c> from a client is this type. RFC 7515 §4.1.9: it is a media type, so it is not case-sensitive, and <c>application/</c> can be left
    /// out.
    /// </summary>
    public static bool Is(string typ, string type) =>
        (typ.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? typ[Prefix.Length..] : typ).Equals(type, StringComparison.OrdinalIgnoreCase);

    /// <summary>The same, but <c>typ</c> can also be missing or be <c>JWT</c>.</summary>
    public static bool IsOrIsUntyped(string? typ, string type) => string.IsNullOrEmpty(typ) || Is(typ, "JWT") || Is(typ, type);
}
