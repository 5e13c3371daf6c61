using System.Text.RegularExpressions;

namespace FunctionsAuth.Protocol.Clients;

/// <summary>The two kinds of client ids: a name that was registered, and the address of a metadata document.</summary>
public static partial class ClientIdRules
{
    /// <summary>Whether it can be the name of a registered client (RFC 6749 appendix A.1, limited to characters that never need escaping).</summary>
    public static bool IsName(string clientId) => Name().IsMatch(clientId);

    /// <summary>Whether it is an address (draft-ietf-oauth-client-id-metadata-document). A name cannot contain a colon.</summary>
    public static bool IsAddress(string clientId) =>
        clientId.StartsWith("https://", StringComparison.Ordinal) || clientId.StartsWith("http://", StringComparison.Ordinal);

    [GeneratedRegex(@"^[A-Za-z0-9._~-]{1,200}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
