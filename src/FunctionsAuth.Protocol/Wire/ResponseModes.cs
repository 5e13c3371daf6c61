namespace FunctionsAuth.Protocol.Wire;

/// <summary>Response modes: OAuth 2.0 Multiple Response Types §2.1 and Form Post Response Mode.</summary>
public static class ResponseModes
{
    public const string Query = "query";
    public const string Fragment = "fragment";
    public const string FormPost = "form_post";

    public static IReadOnlyList<string> All { get; } = [Query, Fragment, FormPost];

    /// <summary>OAuth 2.0 Multiple Response Types §5: tokens never stand in a query.</summary>
    public static string DefaultFor(string? responseType) => responseType is not null && ResponseTypeNames.IsLegacy(responseType) ? Fragment : Query;

    public static bool Allows(string? responseType, string mode) => All.Contains(mode) && (mode != Query || DefaultFor(responseType) == Query);
}
