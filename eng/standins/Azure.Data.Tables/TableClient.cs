using Azure.Core;
using Azure.Data.Tables.Models;

namespace Azure.Data.Tables;

/// <summary>One table. Thread-safe. What the service refuses is a <see cref="RequestFailedException"/> with its status and code.</summary>
public class TableClient
{
    private readonly TableService service = null!;
    private readonly string name = null!;

    protected TableClient() { }

    public TableClient(string connectionString, string tableName) : this(connectionString, tableName, null) { }

    public TableClient(string connectionString, string tableName, TableClientOptions? options = null)
        : this(TableService.Create(connectionString, options), tableName) { }

    public TableClient(Uri endpoint, string tableName, TableSharedKeyCredential credential)
        : this(endpoint, tableName, credential, null) { }

    public TableClient(Uri endpoint, string tableName, TableSharedKeyCredential credential, TableClientOptions? options = null)
        : this(TableService.Create(endpoint, credential, options), tableName) { }

    public TableClient(Uri endpoint, string tableName, TokenCredential tokenCredential, TableClientOptions? options = null)
        : this(TableService.Create(endpoint, tokenCredential, options), tableName) { }

    internal TableClient(TableService service, string tableName) => (this.service, name) = (service, tableName);

    public virtual string Name => name;

    public virtual string AccountName => service.AccountName;

    public virtual Uri Uri => service.UriOf(name);

    /// <summary>Fills a filter in, with its values quoted as OData wants them.</summary>
    public static string CreateQueryFilter(FormattableString filter) => ODataLiterals.Fill(filter);

    public virtual async Task<Response<TableItem>> CreateAsync(CancellationToken cancellationToken = default) =>
        Response.FromValue(new TableItem(name), await service.CreateTableAsync(name, cancellationToken).ConfigureAwait(false));

    public virtual async Task<Response<TableItem>> CreateIfNotExistsAsync(CancellationToken cancellationToken = default) =>
        Response.FromValue(new TableItem(name), await service.CreateTableIfNotExistsAsync(name, cancellationToken).ConfigureAwait(false));

    /// <summary>Deletes the table; gives the service's 404 when it isn't there.</summary>
    public virtual Task<Response> DeleteAsync(CancellationToken cancellationToken = default) =>
        service.DeleteTableAsync(name, cancellationToken);

    /// <summary>409 EntityAlreadyExists when the key is taken.</summary>
    public virtual async Task<Response> AddEntityAsync<T>(T entity, CancellationToken cancellationToken = default) where T : ITableEntity
    {
        using var message = service.CreateMessage(RequestMethod.Post, name);
        message.Request.Headers.Add("Prefer", "return-no-content");
        SetBody(message, entity);
        return await service.SendAsync(message, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>404 ResourceNotFound when there is none.</summary>
    public virtual async Task<Response<T>> GetEntityAsync<T>(
        string partitionKey, string rowKey, IEnumerable<string>? select = null, CancellationToken cancellationToken = default)
        where T : class, ITableEntity
    {
        var response = await ReadAsync<T>(partitionKey, rowKey, select, cancellationToken).ConfigureAwait(false);
        return Response.FromValue((T)(object)EntityJson.Read(response.Content.ToMemory()), response);
    }

    /// <summary>No value for any 404, also when the table is missing.</summary>
    public virtual async Task<NullableResponse<T>> GetEntityIfExistsAsync<T>(
        string partitionKey, string rowKey, IEnumerable<string>? select = null, CancellationToken cancellationToken = default)
        where T : class, ITableEntity
    {
        var response = await ReadAsync<T>(partitionKey, rowKey, select, cancellationToken, 404).ConfigureAwait(false);
        if (response.Status == 404) return new NoEntity<T>(response);
        return Response.FromValue((T)(object)EntityJson.Read(response.Content.ToMemory()), response);
    }

    public virtual AsyncPageable<T> QueryAsync<T>(
        string? filter = null, int? maxPerPage = null, IEnumerable<string>? select = null, CancellationToken cancellationToken = default)
        where T : class, ITableEntity
    {
        EnsureSupported<T>();
        return (AsyncPageable<T>)(object)new TablePages<TableEntity>(
            service, name + "()", filter, select, maxPerPage, row => row, cancellationToken);
    }

    /// <summary>412 UpdateConditionNotSatisfied when the row has another version, 404 when there is none.</summary>
    public virtual async Task<Response> UpdateEntityAsync<T>(
        T entity, ETag ifMatch, TableUpdateMode mode = TableUpdateMode.Merge, CancellationToken cancellationToken = default)
        where T : ITableEntity
    {
        if (ifMatch == default)
            throw new ArgumentException("An update needs the ETag of the version that it replaces, or ETag.All.", nameof(ifMatch));
        return await WriteAsync(entity, mode, ifMatch, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Inserts or updates, whatever is there.</summary>
    public virtual Task<Response> UpsertEntityAsync<T>(
        T entity, TableUpdateMode mode = TableUpdateMode.Merge, CancellationToken cancellationToken = default) where T : ITableEntity =>
        WriteAsync(entity, mode, null, cancellationToken);

    public virtual Task<Response> DeleteEntityAsync(
        ITableEntity entity, ETag ifMatch = default, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(entity);
        return DeleteEntityAsync(entity.PartitionKey, entity.RowKey, ifMatch, cancellationToken);
    }

    /// <summary>Without an ETag, whatever version there is. Gives the service's 404 when there is none.</summary>
    public virtual async Task<Response> DeleteEntityAsync(
        string partitionKey, string rowKey, ETag ifMatch = default, CancellationToken cancellationToken = default)
    {
        using var message = service.CreateMessage(RequestMethod.Delete, PathOf(partitionKey, rowKey));
        message.Request.Headers.Add(HttpHeader.Names.IfMatch, (ifMatch == default ? ETag.All : ifMatch).ToString("H"));
        return await service.SendAsync(message, cancellationToken, 404).ConfigureAwait(false);
    }

    /// <summary>All or nothing: at most 100 actions, of one partition, each on another row.</summary>
    public virtual Task<Response<IReadOnlyList<Response>>> SubmitTransactionAsync(
        IEnumerable<TableTransactionAction> transactionActions, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(transactionActions);
        return TableTransaction.SubmitAsync(service, Uri, PathOf, [.. transactionActions], cancellationToken);
    }

    private async Task<Response> ReadAsync<T>(
        string partitionKey, string rowKey, IEnumerable<string>? select, CancellationToken cancellationToken, params int[] tolerated)
    {
        EnsureSupported<T>();
        using var message = service.CreateMessage(RequestMethod.Get, PathOf(partitionKey, rowKey));
        if (select is not null) message.Request.Uri.AppendQuery("$select", string.Join(',', select), true);
        return await service.SendAsync(message, cancellationToken, tolerated).ConfigureAwait(false);
    }

    private async Task<Response> WriteAsync(ITableEntity entity, TableUpdateMode mode, ETag? ifMatch, CancellationToken cancellationToken)
    {
        var method = mode == TableUpdateMode.Replace ? RequestMethod.Put : RequestMethod.Patch;
        using var message = service.CreateMessage(method, PathOf(entity.PartitionKey, entity.RowKey));
        if (ifMatch is { } etag) message.Request.Headers.Add(HttpHeader.Names.IfMatch, etag.ToString("H"));
        SetBody(message, entity);
        return await service.SendAsync(message, cancellationToken).ConfigureAwait(false);
    }

    private string PathOf(string partitionKey, string rowKey)
    {
        ArgumentNullException.ThrowIfNull(partitionKey);
        ArgumentNullException.ThrowIfNull(rowKey);
        return $"{name}(PartitionKey='{Quoted(partitionKey)}',RowKey='{Quoted(rowKey)}')";

        static string Quoted(string key) => System.Uri.EscapeDataString(ODataLiterals.Escape(key));
    }

    private static void SetBody(HttpMessage message, ITableEntity entity)
    {
        message.Request.Headers.Add(HttpHeader.Names.ContentType, "application/json");
        message.Request.Content = RequestContent.Create(EntityJson.Write(entity));
    }

    private static void EnsureSupported<T>()
    {
        if (typeof(T) != typeof(TableEntity))
            throw new NotSupportedException($"The stand-in of Azure.Data.Tables reads TableEntity only, not {typeof(T)}.");
    }

    private sealed class NoEntity<T>(Response response) : NullableResponse<T>
    {
        public override bool HasValue => false;

        public override T Value => throw new InvalidOperationException("There is no such entity: ask HasValue first.");

        public override Response GetRawResponse() => response;
    }
}
