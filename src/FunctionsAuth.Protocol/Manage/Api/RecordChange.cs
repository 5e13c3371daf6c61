using System.Security.Cryptography;
using System.Text.Json;

namespace FunctionsAuth.Protocol.Manage.Api;

/// <summary>
/// The description of a changed record in the audit: its kind and name, and hashes of it before and after, to compare with a copy of the
/// configuration.
/// </summary>
public static class RecordChange
{
    /// <param name="kind">Such as <c>scope</c>.</param>
    /// <param name="before">Null if the record is new.</param>
    /// <param name="after">Null if the record is deleted.</param>
    public static string Of<T>(string kind, string name, T? before, T? after)
        where T : class => $"{kind} {name}: {(before is null ? "created" : after is null ? "deleted" : "changed")}, {HashOf(before)} to {HashOf(after)}";

    private static string HashOf<T>(T? record)
        where T : class => record is null ? "nothing" : Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(record, ApiJson.Options)).AsSpan(0, 8));
}
