namespace FunctionsAuth.Protocol.Wire;

/// <summary>Security profiles that a client, or all clients of a server, must meet.</summary>
public static class ProfileNames
{
    /// <summary>FAPI 2.0 Security Profile.</summary>
    public const string Fapi2Security = "fapi2_security";

    /// <summary>FAPI 2.0 Message Signing: the requirements of the security profile, and signed requests and responses.</summary>
    public const string Fapi2MessageSigning = "fapi2_message_signing";

    /// <summary>All profiles. Later ones in the list are stricter.</summary>
    public static IReadOnlyList<string> All { get; } = [Fapi2Security, Fapi2MessageSigning];

    /// <returns>The stricter profile; null if there is none.</returns>
    public static string? Stricter(string? one, string? other) => All.LastOrDefault(name => name == one || name == other);
}
