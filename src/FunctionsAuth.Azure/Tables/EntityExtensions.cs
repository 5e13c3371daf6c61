using Azure.Data.Tables;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Azure.Tables;

/// <summary>Reads and writes lists, times and addresses in rows. A missing value and null are the same.</summary>
internal static class EntityExtensions
{
    public static TableEntity At(RecordAddress address) => new(address.PartitionKey, address.RowKey);

    /// <summary>The values separated by spaces. Scopes and resources contain no spaces.</summary>
    public static string Join(IEnumerable<string> values) => string.Join(' ', values);

    public static IReadOnlyList<string> List(this TableEntity row, string name) => row.GetString(name)?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];

    public static string Text(this TableEntity row, string name) => row.GetString(name) ?? throw Missing(row, name);

    public static byte[] Bytes(this TableEntity row, string name) => row.GetBinary(name) ?? throw Missing(row, name);

    public static DateTimeOffset Moment(this TableEntity row, string name) => row.GetDateTimeOffset(name) ?? throw Missing(row, name);

    public static RecordAddress? Address(this TableEntity row, string name) => RecordAddress.TryParse(row.GetString(name), out var address) ? address : null;

    public static string Version(this TableEntity row) => row.ETag.ToString();

    private static InvalidDataException Missing(TableEntity row, string name) =>
        new($"The row {row.PartitionKey}/{row.RowKey} has no {name}.");
}
