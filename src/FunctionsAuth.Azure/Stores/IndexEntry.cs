using Azure.Data.Tables;
using FunctionsAuth.Azure.Tables;

namespace FunctionsAuth.Azure.Stores;

/// <summary>A row of an index. Its keys contain all data, except data that does not fit into a key.</summary>
internal sealed record IndexEntry(TableDescription Table, string Partition, string Row, string Subject)
{
    public const string SubjectProperty = "Subject";
    public const string NameProperty = "Name";

    /// <summary>The name, if the key contains only its beginning.</summary>
    public string? Name { get; init; }

    public TableEntity ToRow() => new(Partition, Row) { [SubjectProperty] = Subject, [NameProperty] = Name };
}
