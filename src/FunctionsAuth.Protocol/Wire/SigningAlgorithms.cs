namespace FunctionsAuth.Protocol.Wire;

/// <summary>JOSE signature algorithms (RFC 7518 §3.1) that the server signs with.</summary>
public static class SigningAlgorithms
{
    public const string RS256 = "RS256";
    public const string PS256 = "PS256";
    public const string ES256 = "ES256";

    public static IReadOnlyList<string> All { get; } = [RS256, PS256, ES256];

    /// <summary>The algorithms that FAPI 2.0 Security Profile 5.4.1-1 allows. The first one is the default.</summary>
    public static IReadOnlyList<string> OfFapi { get; } = [PS256, ES256];

    /// <summary>For JWTs that a client signs with its secret.</summary>
    public const string HS256 = "HS256";
}
