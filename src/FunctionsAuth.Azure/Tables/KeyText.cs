using System.Buffers.Text;
using System.Text;

namespace FunctionsAuth.Azure.Tables;

/// <summary>Text from outside as a table key, where <c>/ \ # ?</c> and control characters are not allowed.</summary>
internal static class KeyText
{
    private const int MaxPlainLength = 200;

    /// <summary>Plain text stays readable; anything else is base64url behind a tilde, which plain text never has.</summary>
    public static string Of(string text) =>
        text.Length is > 0 and <= MaxPlainLength && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
            ? text
            : "~" + Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}
