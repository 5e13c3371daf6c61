using System.Security.Cryptography;
using System.Text;
using FunctionsAuth.Azure.Tables;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Azure.Stores;

/// <summary>
/// The keys of a user's rows that are listed by time and expire by themselves. They are next to each other, in one partition for each 30 days and shard. The
/// key of a partition is that of its end, so the timer prunes it like all others.
/// </summary>
internal static class PersonRows
{
    // The key of a subject contains neither this character nor the next one.
    private const char Separator = ':';
    private const char BehindSeparator = ';';

    private static readonly TimeSpan Span = TimeSpan.FromDays(30);

    /// <summary>The partition of a time.</summary>
    public static string PartitionKey(string subject, DateTimeOffset moment) =>
        RecordAddress.PartitionKeyOf(SHA256.HashData(Encoding.UTF8.GetBytes(subject))[0] >> 4, EndOf(moment));

    /// <summary>All partitions between two times, the latest first.</summary>
    public static IEnumerable<string> PartitionKeys(string subject, DateTimeOffset from, DateTimeOffset to)
    {
        for (var end = EndOf(to); end > from; end -= Span)
            yield return PartitionKey(subject, end - TimeSpan.FromTicks(1));
    }

    public static string RowKey(string subject, string key) => KeyText.Of(subject) + Separator + key;

    /// <summary>The part of a <see cref="RowKey"/> without the subject.</summary>
    public static string KeyIn(string rowKey) => rowKey[(rowKey.LastIndexOf(Separator) + 1)..];

    /// <summary>A key after the last row of the user.</summary>
    public static string EndOfRows(string subject) => KeyText.Of(subject) + BehindSeparator;

    private static DateTimeOffset EndOf(DateTimeOffset moment) => DateTimeOffset.UnixEpoch + (((moment - DateTimeOffset.UnixEpoch).Ticks / Span.Ticks + 1) * Span);
}
