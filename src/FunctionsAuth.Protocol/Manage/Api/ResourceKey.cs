using System.Buffers.Text;
using System.Text;

namespace FunctionsAuth.Protocol.Manage.Api;

/// <summary>
/// The form of names in paths. A plain name is used unchanged. Any other name, such as a URL, is encoded as base64url after a tilde, because hosts
/// and proxies decode escaped paths in different ways.
/// </summary>
public static class ResourceKey
{
    public static string Of(string name) => IsPlain(name) ? name : "~" + Base64Url.EncodeToString(Encoding.UTF8.GetBytes(name));

    /// <returns>Null if it is not a valid key.</returns>
    public static string? NameOf(string key)
    {
        if (!key.StartsWith('~'))
            return IsPlain(key) ? key : null;
        if (!Base64Url.IsValid(key.AsSpan(1)))
            return null;
        var name = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(key.AsSpan(1)));
        // One name has one key.
        return Of(name) == key ? name : null;
    }

    private static bool IsPlain(string name) => name.Length > 0 && name is not ("." or "..") && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or ':');
}
