using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;
using FunctionsAuth.Azure.Local;

namespace FunctionsAuth.LocalHost.Memory;

/// <summary>
/// A storage account in memory: tables that conflict, refuse and page as Table Storage's do, and are gone with the process.
/// Timestamps come from <paramref name="clock"/> and always increase, so each write has its own ETag even if the clock stands still.
/// </summary>
/// <param name="latency">How long each operation takes; without it, no time at all.</param>
public sealed class MemoryTableServiceClient(TimeProvider clock, TimeSpan latency = default) : TableServiceClient
{
    // Table names are compared without case, as the service does.
    private readonly ConcurrentDictionary<string, MemoryTable> tables = new(StringComparer.OrdinalIgnoreCase);

    public MemoryTableServiceClient() : this(TimeProvider.System) { }

    internal TimeSpan Latency => latency;

    public override string AccountName => "memory";

    public override Uri Uri { get; } = new("http://memory.invalid/");

    public override TableClient GetTableClient(string tableName) => new MemoryTableClient(this, tableName);

    public override Task<Response<TableItem>> CreateTableAsync(string tableName, CancellationToken cancellationToken = default) =>
        Attempt.Run(() => Create(tableName) ? CreatedItem(tableName, 204) : throw Refusals.TableAlreadyExists(), cancellationToken);

    public override Task<Response<TableItem>> CreateTableIfNotExistsAsync(
        string tableName, CancellationToken cancellationToken = default) =>
        Attempt.Run(() => CreatedItem(tableName, Create(tableName) ? 204 : 409), cancellationToken);

    /// <summary>Gives a 404 when there is no such table, without throwing.</summary>
    public override Task<Response> DeleteTableAsync(string tableName, CancellationToken cancellationToken = default) =>
        Attempt.Run<Response>(() => new LocalResponse(tables.TryRemove(tableName, out _) ? 204 : 404), cancellationToken);

    public override AsyncPageable<TableItem> QueryAsync(
        string? filter = null, int? maxPerPage = null, CancellationToken cancellationToken = default)
    {
        var conditions = TableFilter.Parse(filter);
        var items = tables.Values.Select(t => t.Name)
            .Where(name => conditions.Matches(property => property == "TableName" ? name : null))
            .Order(StringComparer.Ordinal)
            .Select(name => new TableItem(name));
        return AsyncPageable<TableItem>.FromPages(
            [.. items.Chunk(maxPerPage ?? MemoryPages.MostPerPage)
                .Select(page => Page<TableItem>.FromValues(page, null, new LocalResponse(200)))]);
    }

    /// <summary>404 TableNotFound when it wasn't created.</summary>
    internal MemoryTable Table(string name) => tables.TryGetValue(name, out var table) ? table : throw Refusals.TableNotFound();

    internal bool Finds(string name, [MaybeNullWhen(false)] out MemoryTable table) => tables.TryGetValue(name, out table);

    /// <returns>False when there is such a table.</returns>
    internal bool Create(string name)
    {
        EntityRules.CheckTableName(name);
        return tables.TryAdd(name, new MemoryTable(name, clock));
    }

    private static Response<TableItem> CreatedItem(string name, int status) =>
        Response.FromValue(new TableItem(name), new LocalResponse(status));
}
