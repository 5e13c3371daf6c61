using System.Collections.Concurrent;
using Azure.Data.Tables;

namespace FunctionsAuth.Azure.Tables;

/// <summary>The tables of the server. Each is made when something is first written to it.</summary>
/// <param name="prefix">Stands before each table's name.</param>
public sealed class TableSet(TableServiceClient service, string prefix)
{
    private readonly ConcurrentDictionary<string, Table> tables = new();

    public Table this[TableDescription description] => tables.GetOrAdd(description.Name, name => new Table(service, prefix, name));
}
