using System.Buffers.Text;
using System.Text;
using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Telemetry;

namespace FunctionsAuth.Azure.Tables;

/// <summary>
/// One table, as the stores use it: it is made on first use, every operation is counted, and what is no answer of the
/// table itself becomes a <see cref="TemporarilyUnavailableException"/>.
/// <para>
/// A write whose answer got lost may have been applied: the client's own retry then meets 409 or 412. So every write leaves
/// a random stamp, and on a conflict the row is read again: if it has our stamp, we won.
/// </para>
/// </summary>
public sealed partial class Table(TableServiceClient service, string prefix, string name)
{
    private const string Stamp = "Stamp";

    // What Table Storage answers an operation with. Anything else, and any of these at another operation, is a failure.
    private const int BadRequest = 400;
    private const int NotFound = 404;
    private const int Conflict = 409;
    private const int PreconditionFailed = 412;

    /// <summary>Content Too Large (RFC 9110 §15.5.14).</summary>
    private const int RequestTooLarge = 413;

    private static readonly string[] TooLarge = ["PropertyValueTooLarge", "EntityTooLarge", "RequestBodyTooLarge"];

    private readonly TableClient client = service.GetTableClient(prefix + name);

    public string Name => name;

    public async Task<TableEntity?> FindAsync(string partitionKey, string rowKey, CancellationToken cancellation)
    {
        var found = await CountAsync("read", () => client.GetEntityIfExistsAsync<TableEntity>(partitionKey, rowKey, cancellationToken: cancellation), [], cancellation);
        return found.HasValue ? found.Value : null;
    }

    /// <summary>Inserts the row if none has its key: exactly one of several inserts at the same time succeeds.</summary>
    public Task<TableWrite> TryInsertAsync(TableEntity row)
    {
        row[Stamp] = UniqueId.New();
        return WriteAsync(row, "insert", () => CreatingTableAsync(() => client.AddEntityAsync(row)), Conflict);
    }

    /// <summary>Inserts a row with a random key. If the key exists, it can only be this row.</summary>
    public async Task InsertAsync(TableEntity row)
    {
        if (!(await TryInsertAsync(row)).Won)
            throw new TemporarilyUnavailableException("storage");
    }

    /// <summary>Replaces the row if it still has this version: compare-and-swap.</summary>
    public Task<TableWrite> TryReplaceAsync(TableEntity row, string version)
    {
        row[Stamp] = UniqueId.New();
        return WriteAsync(row, "replace", () => client.UpdateEntityAsync(row, new ETag(version), TableUpdateMode.Replace), PreconditionFailed);
    }

    /// <summary>Inserts the row if its version is empty. Otherwise replaces it if it still has this version.</summary>
    public Task<TableWrite> TrySaveAsync(TableEntity row, string version) => version.Length == 0 ? TryInsertAsync(row) : TryReplaceAsync(row, version);

    /// <summary>Inserts the row, or replaces the existing one.</summary>
    public Task UpsertAsync(TableEntity row) =>
        CountAsync("upsert", () => CreatingTableAsync(() => client.UpsertEntityAsync(row, TableUpdateMode.Replace)), [], CancellationToken.None);

    /// <summary>Changes some properties of a row, whatever its version. Nothing happens if the row does not exist.</summary>
    public async Task MergeAsync(TableEntity properties)
    {
        try
        {
            await CountAsync("merge", () => client.UpdateEntityAsync(properties, ETag.All), [NotFound], CancellationToken.None);
        }
        catch (RequestFailedException e) when (e.Status == NotFound)
        {
        }
    }

    /// <summary>Deletes the row. It is no error if the row does not exist or has another version.</summary>
    public async Task DeleteAsync(string partitionKey, string rowKey, string? version = null)
    {
        var (etag, refusals) = version is null ? (ETag.All, Array.Empty<int>()) : (new ETag(version), [PreconditionFailed]);
        try
        {
            await CountAsync("delete", () => client.DeleteEntityAsync(partitionKey, rowKey, etag), refusals, CancellationToken.None);
        }
        catch (RequestFailedException e) when (e.Status == PreconditionFailed && version is not null)
        {
        }
    }

    /// <summary>
    /// Deletes the row if it still has this version. If the row does not exist, this counts as success, because the first answer may have been lost.
    /// </summary>
    public async Task<TableWrite> TryDeleteAsync(string partitionKey, string rowKey, string version)
    {
        try
        {
            await CountAsync("delete", () => client.DeleteEntityAsync(partitionKey, rowKey, new ETag(version)), [PreconditionFailed], CancellationToken.None);
            return new TableWrite(true, null);
        }
        catch (RequestFailedException e) when (e.Status == PreconditionFailed)
        {
            var current = await FindAsync(partitionKey, rowKey, CancellationToken.None);
            return new TableWrite(current is null, current);
        }
    }

    /// <summary>The rows that match, in the order of their keys; none if the table does not exist yet.</summary>
    public async IAsyncEnumerable<Page<TableEntity>> QueryAsync(
        string? filter, IEnumerable<string>? select, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var pages = client.QueryAsync<TableEntity>(filter, select: select, cancellationToken: cancellation).AsPages().GetAsyncEnumerator(cancellation);
        while (await CountAsync("query", NextAsync, [], cancellation))
        {
            yield return pages.Current;
            // The last page is marked as the last, so no further request is needed.
            if (string.IsNullOrEmpty(pages.Current.ContinuationToken))
                break;
        }

        async Task<bool> NextAsync()
        {
            try
            {
                return await pages.MoveNextAsync();
            }
            catch (RequestFailedException e) when (e.ErrorCode == TableErrorCode.TableNotFound.ToString())
            {
                return false;
            }
        }
    }

    /// <summary>All rows that match, in the order of their keys; none if the table does not exist yet.</summary>
    public async Task<List<TableEntity>> ListAsync(string? filter, IEnumerable<string>? select, CancellationToken cancellation)
    {
        List<TableEntity> rows = [];
        await foreach (var page in QueryAsync(filter, select, cancellation))
            rows.AddRange(page.Values);
        return rows;
    }

    /// <summary>One part of the rows that match, in the order of their keys: one operation.</summary>
    /// <exception cref="OAuthException"><c>invalid_request</c>: <see cref="ListRequest.After"/> is not a position that the server returned.</exception>
    public async Task<ListPage<TableEntity>> PageAsync(string? filter, ListRequest request, CancellationToken cancellation)
    {
        var pages = client.QueryAsync<TableEntity>(filter, maxPerPage: request.Most, cancellationToken: cancellation).AsPages(TokenIn(request.After), request.Most).GetAsyncEnumerator(cancellation);
        await using (pages)
        {
            return await CountAsync("query", NextAsync, [], cancellation)
                ? new(pages.Current.Values, pages.Current.ContinuationToken is { Length: > 0 } token ? Base64Url.EncodeToString(Encoding.UTF8.GetBytes(token)) : null)
                : new([], null);
        }

        async Task<bool> NextAsync()
        {
            try
            {
                return await pages.MoveNextAsync();
            }
            catch (RequestFailedException e) when (e.ErrorCode == TableErrorCode.TableNotFound.ToString())
            {
                return false;
            }
            catch (Exception e) when (request.After is not null && e is RequestFailedException { Status: BadRequest } or ArgumentException or FormatException)
            {
                throw NoPosition();
            }
        }
    }

    private static string? TokenIn(string? position)
    {
        if (position is null)
            return null;
        return Base64Url.IsValid(position) ? Encoding.UTF8.GetString(Base64Url.DecodeFromChars(position)) : throw NoPosition();
    }

    internal static OAuthException NoPosition() => OAuthError.InvalidRequest("The value of after must be the next value of an earlier answer");

    private async Task<TableWrite> WriteAsync(TableEntity row, string kind, Func<Task<Response>> write, int refusal)
    {
        Exception? failure = null;
        try
        {
            // Writes are not cancelled when the client disconnects, because it would then be unknown whether they happened.
            var response = await CountAsync(kind, write, [refusal, NotFound], CancellationToken.None);
            row.ETag = response.Headers.ETag ?? default;
            return new TableWrite(true, row);
        }
        catch (RequestFailedException e) when (e.Status == refusal || e.Status == NotFound)
        {
            // Refused, or so it seems: see below.
        }
        catch (TemporarilyUnavailableException e)
        {
            failure = e;
        }
        var current = await FindAsync(row.PartitionKey, row.RowKey, CancellationToken.None);
        var won = current?.GetString(Stamp) == row.GetString(Stamp);
        return failure is null || won ? new TableWrite(won, current) : throw failure;
    }

    private async Task<T> CreatingTableAsync<T>(Func<Task<T>> write)
    {
        try
        {
            return await write();
        }
        catch (RequestFailedException e) when (e.ErrorCode == TableErrorCode.TableNotFound.ToString())
        {
            await client.CreateIfNotExistsAsync();
            return await write();
        }
    }

    /// <param name="refusals">The status codes that are answers of the table itself.</param>
    private async Task<T> CountAsync<T>(string kind, Func<Task<T>> operation, int[] refusals, CancellationToken cancellation)
    {
        using var activity = ServerMetrics.Activities.StartActivity($"{name} {kind}");
        try
        {
            var result = await TimeBudget.SpendAsync(operation);
            ServerMetrics.StorageOperation(name, kind, "ok");
            return result;
        }
        catch (RequestFailedException e) when (refusals.Contains(e.Status))
        {
            ServerMetrics.StorageOperation(name, kind, e.ErrorCode ?? "refused");
            throw;
        }
        catch (RequestFailedException e) when (TooLarge.Contains(e.ErrorCode))
        {
            // Limits are checked earlier. This is for cases that nobody foresaw.
            ServerMetrics.StorageOperation(name, kind, e.ErrorCode!);
            throw new OAuthException("invalid_request", "The request is too large to be stored", RequestTooLarge);
        }
        catch (Exception e) when (Outages.IsOne(e) && !cancellation.IsCancellationRequested)
        {
            ServerMetrics.StorageOperation(name, kind, "failed");
            activity?.SetStatus(System.Diagnostics.ActivityStatusCode.Error);
            throw new TemporarilyUnavailableException("storage", e);
        }
    }
}

/// <param name="Row">If it succeeded, the row as written, with its new version. Otherwise the current row, or null if it does not exist.</param>
public readonly record struct TableWrite(bool Won, TableEntity? Row);
