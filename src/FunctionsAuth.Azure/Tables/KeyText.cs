using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Azure.Data.Tables;

namespace FunctionsAuth.Azure.Tables;

/// <summary>Text from outside as a table key, where <c>/ \ # ?</c> and control characters are not allowed.</summary>
internal static class KeyText
{
    private const int MaxPlainLength = 200;

    // A key has at most 1 KiB of UTF-16.
    private const int MaxLength = 512;

    /// <summary>
    /// Plain text stays readable; anything else is base64url behind a tilde, which plain text never has. What does not fit then
    /// is a hash behind two.
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

    /// <summary>A filter for the partitions whose key is a plain text that begins like that. What is encoded is not found so.</summary>
    public static string PartitionsBeginningWith(string prefix)
    {
        // No plain text has a tilde, which stands behind all that it may have.
        var end = prefix + "~";
        return TableClient.CreateQueryFilter($"PartitionKey ge {prefix} and PartitionKey lt {end}");
    }

    /// <summary>The text of a key; the key itself where that is a hash.</summary>
    public static string TextOf(string key) => key.StartsWith('~') && !key.StartsWith("~~", StringComparison.Ordinal)
        ? Encoding.UTF8.GetString(Base64Url.DecodeFromChars(key.AsSpan(1)))
        : key;
}
