namespace FunctionsAuth.Protocol.Wire;

/// <summary>Values of a JWT's <c>typ</c> header.</summary>
public static class JwtTypes
{
    public const string IdToken = "JWT";

    /// <summary>A signed userinfo answer: what tells it from an ID token is that it has no <c>exp</c>.</summary>
    public const string UserInfo = "JWT";

    /// <summary>RFC 9068 §2.1.</summary>
    public const string AccessToken = "at+jwt";

    /// <summary>OpenID Connect Back-Channel Logout §2.4.</summary>
    public const string LogoutToken = "logout+jwt";
}
