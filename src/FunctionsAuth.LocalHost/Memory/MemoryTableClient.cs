using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;
using FunctionsAuth.Azure.Local;

namespace FunctionsAuth.LocalHost.Memory;

/// <summary>
/// One table in memory. Entities are <see cref="TableEntity"/> only and the methods the asynchronous ones; they complete at once.
/// </summary>
public sealed class MemoryTableClient : TableClient
{
    private readonly MemoryTableServiceClient service;
    private readonly string name;

    internal MemoryTableClient(MemoryTableServiceClient service, string name) => (this.service, this.name) = (service, name);

    public override string Name => name;

    public override string AccountName => service.AccountName;

    public override Uri Uri => new(service.Uri, name);

    public override Task<Response<TableItem>> CreateAsync(CancellationToken cancellationToken = default) =>
        service.CreateTableAsync(name, cancellationToken);

    public override Task<Response<TableItem>> CreateIfNotExistsAsync(CancellationToken cancellationToken = default) =>
        service.CreateTableIfNotExistsAsync(name, cancellationToken);

    public override Task<Response> DeleteAsync(CancellationToken cancellationToken = default) =>
        service.DeleteTableAsync(name, cancellationToken);

    public override Task<Response> AddEntityAsync<T>(T entity, CancellationToken cancellationToken = default) =>
        WriteAsync(() => MemoryWrite.Insert(entity), cancellationToken);

    public override Task<Response> UpsertEntityAsync<T>(
        T entity, TableUpdateMode mode = TableUpdateMode.Merge, CancellationToken cancellationToken = default) =>
        WriteAsync(() => MemoryWrite.Upsert(entity, mode == TableUpdateMode.Merge), cancellationToken);

    public override Task<Response> UpdateEntityAsync<T>(
        T entity, ETag ifMatch, TableUpdateMode mode = TableUpdateMode.Merge, CancellationToken cancellationToken = default)
    {
        if (ifMatch == default)
            throw new ArgumentException("An update needs the ETag of the version that it replaces, or ETag.All.", nameof(ifMatch));
        return WriteAsync(() => MemoryWrite.Update(entity, mode == TableUpdateMode.Merge, ifMatch), cancellationToken);
    }

    public override Task<Response> DeleteEntityAsync(
        ITableEntity entity, ETag ifMatch = default, CancellationToken cancellationToken = default) =>
        DeleteEntityAsync(entity.PartitionKey, entity.RowKey, ifMatch, cancellationToken);

    /// <summary>Gives a 404 when there is no such row or table, without throwing.</summary>
    public override async Task<Response> DeleteEntityAsync(
        string partitionKey, string rowKey, ETag ifMatch = default, CancellationToken cancellationToken = default)
    {
        try
        {
            return await WriteAsync(() => MemoryWrite.Delete(partitionKey, rowKey, ifMatch), cancellationToken).ConfigureAwait(false);
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return new LocalResponse(404);
        }
    }

    public override Task<Response<T>> GetEntityAsync<T>(
        string partitionKey, string rowKey, IEnumerable<string>? select = null, CancellationToken cancellationToken = default) =>
        Attempt.Run(
            () => Found<T>(service.Table(name).Find(new(partitionKey, rowKey)) ?? throw Refusals.EntityNotFound(), select),
            service.Latency,
            cancellationToken);

    /// <summary>No value when there is no such row or table.</summary>
    public override async Task<NullableResponse<T>> GetEntityIfExistsAsync<T>(
        string partitionKey, string rowKey, IEnumerable<string>? select = null, CancellationToken cancellationToken = default)
    {
        // Nothing is thrown for what is no failure: an exception costs more than all the rest.
        if (service.Latency == TimeSpan.Zero && !cancellationToken.IsCancellationRequested && service.Finds(name, out var table))
            return table.Find(new(partitionKey, rowKey)) is { } row ? Found<T>(row, select) : new NoEntity<T>();
        try
        {
            return await GetEntityAsync<T>(partitionKey, rowKey, select, cancellationToken).ConfigureAwait(false);
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return new NoEntity<T>();
        }
    }

    public override AsyncPageable<T> QueryAsync<T>(
        string? filter = null, int? maxPerPage = null, IEnumerable<string>? select = null, CancellationToken cancellationToken = default)
    {
        EnsureSupported<T>();
        return (AsyncPageable<T>)(object)new MemoryPages(
            () => service.Table(name), TableFilter.Parse(filter), select?.ToArray(), maxPerPage, service.Latency, cancellationToken);
    }

    public override Task<Response<IReadOnlyList<Response>>> SubmitTransactionAsync(
        IEnumerable<TableTransactionAction> transactionActions, CancellationToken cancellationToken = default) =>
        Attempt.Run(() => Submit([.. transactionActions]), service.Latency, cancellationToken);

    private Response<IReadOnlyList<Response>> Submit(IReadOnlyList<TableTransactionAction> actions)
    {
        try
        {
            var etags = service.Table(name).Apply(MemoryTransaction.Check(actions));
            return Response.FromValue<IReadOnlyList<Response>>([.. etags.Select(e => new LocalResponse(204, e))], new LocalResponse(202));
        }
        // A missing table, or a transaction of one action.
        catch (RequestFailedException e) when (e is not TableTransactionFailedException)
        {
            throw Refusals.Transaction(e, 0);
        }
    }

    private Task<Response> WriteAsync(Func<MemoryWrite> write, CancellationToken cancellationToken) =>
        Attempt.Run<Response>(() => new LocalResponse(204, service.Table(name).Apply(write())), service.Latency, cancellationToken);

    private static Response<T> Found<T>(MemoryRow row, IEnumerable<string>? select)
    {
        EnsureSupported<T>();
        return Response.FromValue((T)(object)row.ToEntity(select?.ToArray()), new LocalResponse(200, row.ETag));
    }

    private static void EnsureSupported<T>()
    {
        if (typeof(T) != typeof(TableEntity)) throw new NotSupportedException($"Tables in memory hold TableEntity only, not {typeof(T)}.");
    }
}
