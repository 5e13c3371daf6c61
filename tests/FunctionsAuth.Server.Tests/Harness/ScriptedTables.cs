using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;

namespace FunctionsAuth.Server.Tests.Harness;

/// <summary>The tables of an account, with a script that decides the result of each operation.</summary>
public sealed class ScriptedTables(TableServiceClient inner, TableScript script, string prefix) : TableServiceClient
{
    public override TableClient GetTableClient(string tableName) =>
        new ScriptedTable(inner.GetTableClient(tableName), script, tableName[prefix.Length..]);
}

internal sealed class ScriptedTable(TableClient inner, TableScript script, string name) : TableClient
{
    // Tables are created before the script of a test begins.
    public override Task<Response<TableItem>> CreateIfNotExistsAsync(CancellationToken cancellationToken = default) =>
        inner.CreateIfNotExistsAsync(cancellationToken);

    public override Task<Response> AddEntityAsync<T>(T entity, CancellationToken cancellationToken = default) =>
        RunAsync("insert", () => inner.AddEntityAsync(entity, cancellationToken));

    public override Task<Response> UpsertEntityAsync<T>(
        T entity, TableUpdateMode mode = TableUpdateMode.Merge, CancellationToken cancellationToken = default) =>
        RunAsync("upsert", () => inner.UpsertEntityAsync(entity, mode, cancellationToken));

    public override Task<Response> UpdateEntityAsync<T>(
        T entity, ETag ifMatch, TableUpdateMode mode = TableUpdateMode.Merge, CancellationToken cancellationToken = default) =>
        RunAsync(mode == TableUpdateMode.Merge ? "merge" : "replace", () => inner.UpdateEntityAsync(entity, ifMatch, mode, cancellationToken));

    public override Task<Response> DeleteEntityAsync(
        string partitionKey, string rowKey, ETag ifMatch = default, CancellationToken cancellationToken = default) =>
        RunAsync("delete", () => inner.DeleteEntityAsync(partitionKey, rowKey, ifMatch, cancellationToken));

    public override Task<NullableResponse<T>> GetEntityIfExistsAsync<T>(
        string partitionKey, string rowKey, IEnumerable<string>? select = null, CancellationToken cancellationToken = default) =>
        RunAsync("read", () => inner.GetEntityIfExistsAsync<T>(partitionKey, rowKey, select, cancellationToken));

    public override Task<Response<IReadOnlyList<Response>>> SubmitTransactionAsync(
        IEnumerable<TableTransactionAction> transactionActions, CancellationToken cancellationToken = default) =>
        RunAsync("transaction", () => inner.SubmitTransactionAsync(transactionActions, cancellationToken));

    public override AsyncPageable<T> QueryAsync<T>(
        string? filter = null, int? maxPerPage = null, IEnumerable<string>? select = null, CancellationToken cancellationToken = default) =>
        new ScriptedPages<T>(inner.QueryAsync<T>(filter, maxPerPage, select, cancellationToken), this);

    private Task<T> RunAsync<T>(string kind, Func<Task<T>> operation) => script.RunAsync(new TableOperation(name, kind), operation);

    private sealed class ScriptedPages<T>(AsyncPageable<T> inner, ScriptedTable table) : AsyncPageable<T>
        where T : notnull
    {
        public override async IAsyncEnumerable<Page<T>> AsPages(string? continuationToken = null, int? pageSizeHint = null)
        {
            await using var pages = inner.AsPages(continuationToken, pageSizeHint).GetAsyncEnumerator();
            while (await table.RunAsync("query", async () => await pages.MoveNextAsync()))
                yield return pages.Current;
        }
    }
}
