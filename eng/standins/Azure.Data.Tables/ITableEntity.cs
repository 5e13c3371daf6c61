namespace Azure.Data.Tables;

/// <summary>A row: its two keys, and what the service keeps with it.</summary>
public interface ITableEntity
{
    string PartitionKey { get; set; }

    string RowKey { get; set; }

    /// <summary>When the row was last written; set on reads.</summary>
    DateTimeOffset? Timestamp { get; set; }

    /// <summary>The version of the row; set on reads.</summary>
    ETag ETag { get; set; }
}
