using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;

namespace FunctionsAuth.Protocol.Storage;

/// <summary>base64url (RFC 4648 §5) without padding, in its one canonical spelling: no white space, no stray last bits.</summary>
public static class StrictBase64Url
{
    /// <param name="length">The number of bytes that the text must contain.</param>
    public static bool TryDecode([NotNullWhen(true)] string? text, int length, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        if (text is null || text.Length != Base64Url.GetEncodedLength(length) || !Base64Url.IsValid(text))
            return false;
        var decoded = new byte[length];
        if (!Base64Url.TryDecodeFromChars(text, decoded, out var written) || written != length)
            return false;
        // White space and stray bits decode, too: a second spelling of the same bytes.
        if (Base64Url.EncodeToString(decoded) != text)
            return false;
        bytes = decoded;
        return true;
    }
}
