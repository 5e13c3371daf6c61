namespace FunctionsAuth.Protocol.Wire;

/// <summary>The formats of access tokens.</summary>
public static class AccessTokenFormats
{
    /// <summary>RFC 9068: a JWT, which an API verifies by itself.</summary>
    public const string Jwt = "jwt";

    /// <summary>A reference token: an API sends it to the introspection endpoint, and so notices at once if it was revoked.</summary>
    public const string Reference = "reference";

    public static IReadOnlyList<string> All { get; } = [Jwt, Reference];
}
