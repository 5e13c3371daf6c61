using System.Buffers.Text;
using System.Text;

namespace FunctionsAuth.Protocol.Manage.Api;

/// <summary>Names in paths. A plain name stands as it is; any other one, such as a URL, is base64url behind a tilde: hosts and proxies decode what is escaped in a path, each in its own way.</summary>
public static class ResourceKey
{
    public static string Of(string name) => IsPlain(name) ? name : "~" + Base64Url.EncodeToString(Encoding.UTF8.GetBytes(name));

    /// <returns>Null where it is no key.</returns>
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
