using Azure.Core;
using Azure.Data.Tables.Models;

namespace Azure.Data.Tables;

/// <summary>The tables of an account. Thread-safe; make one and keep it.</summary>
public class TableServiceClient
{
    private readonly TableService service = null!;

    protected TableServiceClient() { }

    public TableServiceClient(string connectionString) : this(connectionString, null) { }

    public TableServiceClient(string connectionString, TableClientOptions? options = null) =>
        service = TableService.Create(connectionString, options);

    public TableServiceClient(Uri endpoint, TableSharedKeyCredential credential) : this(endpoint, credential, null) { }

    public TableServiceClient(Uri endpoint, TableSharedKeyCredential credential, TableClientOptions? options) =>
        service = TableService.Create(endpoint, credential, options);

    public TableServiceClient(Uri endpoint, TokenCredential tokenCredential, TableClientOptions? options = null) =>
        service = TableService.Create(endpoint, tokenCredential, options);

    public virtual string AccountName => service.AccountName;

    public virtual Uri Uri => service.Endpoint;

    public virtual TableClient GetTableClient(string tableName)
    {
        ArgumentException.ThrowIfNullOrEmpty(tableName);
        return new TableClient(service, tableName);
    }

    public virtual async Task<Response<TableItem>> CreateTableAsync(string tableName, CancellationToken cancellationToken = default) =>
        Response.FromValue(new TableItem(tableName), await service.CreateTableAsync(tableName, cancellationToken).ConfigureAwait(false));

    public virtual async Task<Response<TableItem>> CreateTableIfNotExistsAsync(
        string tableName, CancellationToken cancellationToken = default) =>
        Response.FromValue(
            new TableItem(tableName), await service.CreateTableIfNotExistsAsync(tableName, cancellationToken).ConfigureAwait(false));

    /// <summary>Gives the service's 404 when there is no such table.</summary>
    public virtual Task<Response> DeleteTableAsync(string tableName, CancellationToken cancellationToken = default) =>
        service.DeleteTableAsync(tableName, cancellationToken);

    public virtual AsyncPageable<TableItem> QueryAsync(
        string? filter = null, int? maxPerPage = null, CancellationToken cancellationToken = default) =>
        new TablePages<TableItem>(
            service, "Tables", filter, null, maxPerPage, row => new TableItem(row.GetString("TableName")!), cancellationToken);

    public virtual AsyncPageable<TableItem> QueryAsync(
        FormattableString filter, int? maxPerPage = null, CancellationToken cancellationToken = default) =>
        QueryAsync(CreateQueryFilter(filter), maxPerPage, cancellationToken);

    /// <summary>Fills a filter in, with its values quoted as OData wants them.</summary>
    public static string CreateQueryFilter(FormattableString filter) => ODataLiterals.Fill(filter);
}
