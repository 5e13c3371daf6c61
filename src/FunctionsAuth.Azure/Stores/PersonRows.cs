using System.Security.Cryptography;
using System.Text;
using FunctionsAuth.Azure.Tables;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Azure.Stores;

/// <summary>
/// Where the rows of one person stand that are listed by time and end by themselves: in one partition for each 30 days and shard, next to each
/// other. The key of a partition is that of its end, so the timer prunes it as it does all others.
/// </summary>
internal static class PersonRows
{
    // Stands in no key of a subject, and its successor neither.
    private const char Separator = ':';
    private const char BehindSeparator = ';';

    private static readonly TimeSpan Span = TimeSpan.FromDays(30);

    /// <summary>The partition of a moment.</summary>
    public static string PartitionKey(string subject, DateTimeOffset moment) =>
        RecordAddress.PartitionKeyOf(SHA256.HashData(Encoding.UTF8.GetBytes(subject))[0] >> 4, EndOf(moment));

    /// <summary>All partitions from one moment to another, the latest first.</summary>
    public static IEnumerable<string> PartitionKeys(string subject, DateTimeOffset from, DateTimeOffset to)
    {
        for (var end = EndOf(to); end > from; end -= Span)
            yield return PartitionKey(subject, end - TimeSpan.FromTicks(1));
    }

    public static string RowKey(string subject, string key) => KeyText.Of(subject) + Separator + key;

    /// <summary>What <see cref="RowKey"/> was made of, but for the subject.</summary>
    public static string KeyIn(string rowKey) => rowKey[(rowKey.LastIndexOf(Separator) + 1)..];

    /// <summary>Behind the last row of the person.</summary>
    public static string EndOfRows(string subject) => KeyText.Of(subject) + BehindSeparator;

    private static DateTimeOffset EndOf(DateTimeOffset moment) => DateTimeOffset.UnixEpoch + (((moment - DateTimeOffset.UnixEpoch).Ticks / Span.Ticks + 1) * Span);
}
