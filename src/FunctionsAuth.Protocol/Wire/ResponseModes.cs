namespace FunctionsAuth.Protocol.Wire;

/// <summary>Response modes: OAuth 2.0 Multiple Response Types §2.1, Form Post Response Mode, and JARM §2.3.</summary>
public static class ResponseModes
{
    public const string Query = "query";
    public const string Fragment = "fragment";
    public const string FormPost = "form_post";

    /// <summary>JARM §2.3.4: a JWT, returned in the default mode of the response type.</summary>
    public const string Jwt = "jwt";

    private const string JwtSuffix = ".jwt";

    /// <summary>The ways in which a browser can carry a response.</summary>
    public static IReadOnlyList<string> Plain { get; } = [Query, Fragment, FormPost];

    public static IReadOnlyList<string> All { get; } = [.. Plain, .. Plain.Select(mode => mode + JwtSuffix), Jwt];

    /// <summary>OAuth 2.0 Multiple Response Types §5: tokens must not be returned in a query.</summary>
    public static string DefaultFor(string? responseType) => responseType is not null && ResponseTypeNames.IsLegacy(responseType) ? Fragment : Query;

    /// <summary>Whether the mode is allowed. JARM §2.3.1 has the same rule about the query for a JWT that is only signed.</summary>
    public static bool Allows(string? responseType, string mode) => All.Contains(mode) && (CarrierOf(responseType, mode) != Query || DefaultFor(responseType) == Query);

    /// <summary>Whether the parameters are in a JWT.</summary>
    public static bool IsSigned(string mode) => mode == Jwt || mode.EndsWith(JwtSuffix, StringComparison.Ordinal);

    /// <summary>The mode of <see cref="Plain"/> that carries the response.</summary>
    public static string CarrierOf(string? responseType, string mode) => mode == Jwt ? DefaultFor(responseType) : mode.EndsWith(JwtSuffix, StringComparison.Ordinal) ? mode[..^JwtSuffix.Length] : mode;
}
