using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace FunctionsAuth.Protocol.Manage.Api;

/// <summary>Entity tags (RFC 9110 §8.8.3) of stored records. A tag changes with each write of its record.</summary>
public static class EntityTag
{
    private const int Bytes = 15;

    public const string Any = "*";

    /// <param name="version">The version of the record in storage.</param>
    public static string Of(string version) => $"\"{Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(version)).AsSpan(0, Bytes))}\"";

    /// <summary>RFC 9110 §13.1.1: strong comparison, so a weak tag matches nothing.</summary>
    public static bool IsIn(string header, string version) => header.Split(',', StringSplitOptions.TrimEntries).Contains(Of(version));
}
