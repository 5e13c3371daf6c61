namespace FunctionsAuth.Protocol.Wire;

/// <summary>Grant types (RFC 6749 §4 and §6) as the <c>grant_type</c> parameter spells them.</summary>
public static class GrantTypeNames
{
    public const string AuthorizationCode = "authorization_code";
    public const string ClientCredentials = "client_credentials";
    public const string RefreshToken = "refresh_token";

    /// <summary>Tokens straight from the authorization endpoint (RFC 6749 §4.2): legacy.</summary>
    public const string Implicit = "implicit";

    /// <summary>Resource owner password credentials (RFC 6749 §4.3): legacy.</summary>
    public const string Password = "password";

    /// <summary>The grant types that FAPI 2.0 Security Profile 5.3.2.1-2 and 5.3.2.2-1 forbid.</summary>
    public static IReadOnlyList<string> ForbiddenByFapi { get; } = [Password, Implicit];
}
