using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Azure.Data.Tables;

namespace FunctionsAuth.Azure.Tables;

/// <summary>Text from outside as a table key. Keys must not contain <c>/ \ # ?</c> and control characters.</summary>
internal static class KeyText
{
    private const int MaxPlainLength = 200;

    // A key has at most 1 KiB in UTF-16.
    private const int MaxLength = 512;

    /// <summary>
    /// Plain text is used unchanged. Any other text is encoded as base64url after a tilde, which plain text never contains. If the result is too long, it is
    /// a hash after two tildes.
    /// </summary>
    public static string Of(string text)
    {
        if (text.Length is > 0 and <= MaxPlainLength && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
            return text;
        var bytes = Encoding.UTF8.GetBytes(text);
        return Base64Url.GetEncodedLength(bytes.Length) < MaxLength
            ? "~" + Base64Url.EncodeToString(bytes)
            : "~~" + Base64Url.EncodeToString(SHA256.HashData(bytes));
    }

    /// <summary>A filter for the partitions whose key is a plain text with this beginning. It does not find encoded keys.</summary>
    public static string PartitionsBeginningWith(string prefix)
    {
        // A tilde is never part of plain text, and sorts after all characters of plain text.
        var end = prefix + "~";
        return TableClient.CreateQueryFilter($"PartitionKey ge {prefix} and PartitionKey lt {end}");
    }

    /// <summary>The text of a key, or the key itself if it is a hash.</summary>
    public static string TextOf(string key) => key.StartsWith('~') && !key.StartsWith("~~", StringComparison.Ordinal)
        ? Encoding.UTF8.GetString(Base64Url.DecodeFromChars(key.AsSpan(1)))
        : key;
}
