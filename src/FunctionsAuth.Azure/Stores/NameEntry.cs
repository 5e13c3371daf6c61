using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using FunctionsAuth.Azure.Tables;
using FunctionsAuth.Protocol.Users;

namespace FunctionsAuth.Azure.Stores;

/// <summary>
/// The position of a name in the index. The partition key consists of the kind of the name and its first byte. The row key begins with the bytes of the name
/// in hexadecimal digits, so the rows are in the order of the names.
/// </summary>
internal static class NameEntry
{
    public const char Username = 'n';
    public const char Email = 'e';

    // A name of this length fits into a key together with the subject.
    private const int MostBytes = 100;
    private const int LongestSubject = 200;

    // Sorts before all digits, so that the shorter of two names comes first.
    private const char Separator = '-';

    // Sorts after all hexadecimal digits.
    private const char End = 'g';

    public static IndexEntry Of(char kind, string loginName, string subject)
    {
        var name = LoginName.Normalize(loginName);
        var bytes = Encoding.UTF8.GetBytes(name);
        return new IndexEntry(UserDirectory.UserNames, PartitionOf(kind, bytes), $"{Digits(bytes)}{Separator}{KeyOf(subject)}", subject)
        {
            Name = bytes.Length > MostBytes ? name : null,
        };
    }

    /// <summary>A filter for all names of a kind.</summary>
    public static string All(char kind) => $"PartitionKey ge '{kind}' and PartitionKey lt '{kind}{End}'";

    /// <summary>A filter for the names of a kind with this beginning. For a long beginning it also finds other names.</summary>
    public static string BeginningWith(char kind, string normalized)
    {
        var bytes = Encoding.UTF8.GetBytes(normalized);
        return $"PartitionKey eq '{PartitionOf(kind, bytes)}' and RowKey ge '{Digits(bytes)}' and RowKey lt '{Digits(bytes)}{End}'";
    }

    private static string PartitionOf(char kind, byte[] name) => kind + Convert.ToHexStringLower(name.AsSpan(0, Math.Min(1, name.Length)));

    private static string Digits(byte[] name) => Convert.ToHexStringLower(name.AsSpan(0, Math.Min(MostBytes, name.Length)));

    private static string KeyOf(string subject) => KeyText.Of(subject) is { Length: <= LongestSubject } key ? key : Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(subject)));
}
