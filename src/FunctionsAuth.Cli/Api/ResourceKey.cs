using System.Buffers.Text;
using System.Text;

namespace FunctionsAuth.Cli.Api;

/// <summary>Names in the paths of the API: a plain name is used unchanged, and any other name, such as a URL, is encoded as base64url after a tilde.</summary>
internal static class ResourceKey
{
    public static string Of(string name) => IsPlain(name) ? name : "~" + Base64Url.EncodeToString(Encoding.UTF8.GetBytes(name));

    private static bool IsPlain(string name) => name.Length > 0 && name is not ("." or "..") && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or ':');
}
