namespace FunctionsAuth.Protocol.Clients;

/// <summary>The two kinds of client ids: a name that was registered, and the address of a metadata document.</summary>
public static class ClientIdRules
{
    private const int LongestName = 200;

    /// <summary>Whether it can be the name of a registered client (RFC 6749 appendix A.1, limited to characters that never need escaping).</summary>
    public static bool IsName(string clientId) => NameText.IsMadeOf(clientId, LongestName, c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '~' or '-');

    /// <summary>Whether it is an address (draft-ietf-oauth-client-id-metadata-document). A name cannot contain a colon.</summary>
    public static bool IsAddress(string clientId) =>
        clientId.StartsWith("https://", StringComparison.Ordinal) || clientId.StartsWith("http://", StringComparison.Ordinal);
}
