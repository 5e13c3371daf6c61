namespace FunctionsAuth.Protocol.Wire;

/// <summary>What an access token looks like to who gets it.</summary>
public static class AccessTokenFormats
{
    /// <summary>RFC 9068: an API verifies it by itself.</summary>
    public const string Jwt = "jwt";

    /// <summary>A handle: an API asks the introspection endpoint, and learns at once that it was revoked.</summary>
    public const string Reference = "reference";

    public static IReadOnlyList<string> All { get; } = [Jwt, Reference];
}
