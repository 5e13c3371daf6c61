namespace FunctionsAuth.Protocol.Users;

/// <summary>The values of <c>acr</c> (OpenID Connect Core §2): how surely it is the user who signed in.</summary>
public static class AuthenticationContexts
{
    /// <summary>With a password, and nothing else.</summary>
    public const string Password = "urn:functionsauth:acr:password";

    public static IReadOnlyList<string> All { get; } = [Password];

    /// <param name="methods">The authentication methods of the session (RFC 8176), which decide it.</param>
    /// <returns>Null when nothing is known of how the user signed in.</returns>
    public static string? Of(IReadOnlyList<string> methods) => methods.Contains("pwd") ? Password : null;
}
