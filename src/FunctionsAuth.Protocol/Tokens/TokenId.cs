using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.Tokens;

/// <summary>
/// The <c>jti</c> of access tokens. It begins with the address of the grant, by which userinfo, introspection and
/// revocation find it; a token that a client got for itself has none.
/// </summary>
public static class TokenId
{
    public static string New(RecordAddress? grant) => grant is null ? UniqueId.New() : $"{grant}.{UniqueId.New()}";

    public static RecordAddress? GrantOf(string? tokenId) =>
        tokenId?.Split('.') is [var address, _] && RecordAddress.TryParse(address, out var grant) ? grant : null;
}
