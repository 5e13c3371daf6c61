using System.Globalization;
using Azure.Core;

namespace Azure.Data.Tables;

/// <summary>A query, page after page. A continuation token holds the service's two (or, of a list of tables, one) keys.</summary>
internal sealed class TablePages<T>(
    TableService service, string path, string? filter, IEnumerable<string>? select, int? maxPerPage,
    Func<TableEntity, T> read, CancellationToken cancellationToken) : AsyncPageable<T>(cancellationToken)
    where T : notnull
{
    private const string Next = "x-ms-continuation-";

    private readonly string? select = select is null ? null : string.Join(',', select);

    public override async IAsyncEnumerable<Page<T>> AsPages(string? continuationToken = null, int? pageSizeHint = null)
    {
        var token = continuationToken;
        do
        {
            var page = await GetPageAsync(token, pageSizeHint ?? maxPerPage, CancellationToken).ConfigureAwait(false);
            token = page.ContinuationToken;
            yield return page;
        }
        while (!string.IsNullOrEmpty(token));
    }

    private async Task<Page<T>> GetPageAsync(string? token, int? top, CancellationToken cancellation)
    {
        using var message = service.CreateMessage(RequestMethod.Get, path);
        var uri = message.Request.Uri;
        if (!string.IsNullOrEmpty(filter)) uri.AppendQuery("$filter", filter, true);
        if (!string.IsNullOrEmpty(select)) uri.AppendQuery("$select", select, true);
        if (top is { } n) uri.AppendQuery("$top", n.ToString(CultureInfo.InvariantCulture));
        AppendContinuation(uri, token);
        var response = await service.SendAsync(message, cancellation).ConfigureAwait(false);
        var rows = EntityJson.ReadMany(response.Content.ToMemory());
        return Page<T>.FromValues([.. rows.Select(read)], Continuation(response), response);
    }

    private static void AppendContinuation(RequestUriBuilder uri, string? token)
    {
        if (string.IsNullOrEmpty(token)) return;
        if (typeof(T) != typeof(TableEntity))
        {
            uri.AppendQuery("NextTableName", token, true);
            return;
        }
        var keys = token.Split(' ', 2);
        if (keys.Length != 2) throw new ArgumentException("Not a continuation token of this query.", nameof(token));
        uri.AppendQuery("NextPartitionKey", keys[0], true);
        if (keys[1].Length > 0) uri.AppendQuery("NextRowKey", keys[1], true);
    }

    private static string? Continuation(Response response)
    {
        if (response.Headers.TryGetValue(Next + "NextTableName", out var table)) return table;
        if (!response.Headers.TryGetValue(Next + "NextPartitionKey", out var partition)) return null;
        return response.Headers.TryGetValue(Next + "NextRowKey", out var row) ? $"{partition} {row}" : $"{partition} ";
    }
}
