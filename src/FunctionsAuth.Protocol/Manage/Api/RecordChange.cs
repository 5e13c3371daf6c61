using System.Security.Cryptography;
using System.Text.Json;

namespace FunctionsAuth.Protocol.Manage.Api;

/// <summary>How the audit names a change of a record: what it is, and hashes of it before and after, which a copy of the configuration can be compared with.</summary>
public static class RecordChange
{
    /// <param name="kind">Such as <c>scope</c>.</param>
    /// <param name="before">Null where it is new.</param>
    /// <param name="after">Null where it is deleted.</param>
    public static string Of<T>(string kind, string name, T? before, T? after)
        where T : class => $"{kind} {name}: {(before is null ? "created" : after is null ? "deleted" : "changed")}, {HashOf(before)} to {HashOf(after)}";

    private static string HashOf<T>(T? record)
        where T : class => record is null ? "nothing" : Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(record, ApiJson.Options)).AsSpan(0, 8));
}
