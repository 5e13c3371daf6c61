using System.Globalization;
using System.Text;
using Azure.Core;

namespace Azure.Data.Tables;

/// <summary>A transaction as the service wants it: a multipart batch that holds one changeset of whole HTTP requests.</summary>
internal static class TableTransaction
{
    public static async Task<Response<IReadOnlyList<Response>>> SubmitAsync(
        TableService service, Uri table, Func<string, string, string> pathOf, IReadOnlyList<TableTransactionAction> actions,
        CancellationToken cancellationToken)
    {
        if (actions.Count == 0) throw new InvalidOperationException("A transaction has at least one action.");
        var batch = $"batch_{Guid.NewGuid()}";
        using var message = service.CreateMessage(RequestMethod.Post, "$batch");
        message.Request.Headers.Add(HttpHeader.Names.ContentType, $"multipart/mixed; boundary={batch}");
        message.Request.Content = RequestContent.Create(Write(batch, table, service, pathOf, actions));

        Response response;
        try
        {
            response = await service.SendAsync(message, cancellationToken).ConfigureAwait(false);
        }
        catch (RequestFailedException e)
        {
            throw new TableTransactionFailedException(e);
        }
        var parts = TransactionPart.ReadAll(response);
        if (parts.FirstOrDefault(p => p.Status >= 400) is { } refused) throw Refused(refused, parts.IndexOf(refused));
        return Response.FromValue<IReadOnlyList<Response>>([.. parts], response);
    }

    private static TableTransactionFailedException Refused(TransactionPart part, int index)
    {
        var failure = new RequestFailedException(part, null, TableErrors.Parser);
        // A refused changeset is answered by one part, and its message says which action it was.
        if (!failure.Data.Contains(TableTransactionFailedException.FailedEntity) && index > 0)
            failure.Data[TableTransactionFailedException.FailedEntity] = index.ToString(CultureInfo.InvariantCulture);
        return new TableTransactionFailedException(failure);
    }

    private static byte[] Write(
        string batch, Uri table, TableService service, Func<string, string, string> pathOf, IReadOnlyList<TableTransactionAction> actions)
    {
        var changeset = $"changeset_{Guid.NewGuid()}";
        var text = new StringBuilder();
        text.Append($"--{batch}\r\nContent-Type: multipart/mixed; boundary={changeset}\r\n\r\n");
        foreach (var action in actions)
        {
            text.Append($"--{changeset}\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n");
            AppendRequest(text, action, table, service, pathOf);
        }
        return Encoding.UTF8.GetBytes(text.Append($"--{changeset}--\r\n--{batch}--\r\n").ToString());
    }

    private static void AppendRequest(
        StringBuilder text, TableTransactionAction action, Uri table, TableService service, Func<string, string, string> pathOf)
    {
        var (method, needsMatch) = action.ActionType switch
        {
            TableTransactionActionType.Add => ("POST", false),
            TableTransactionActionType.UpdateMerge => ("PATCH", true),
            TableTransactionActionType.UpdateReplace => ("PUT", true),
            TableTransactionActionType.UpsertMerge => ("PATCH", false),
            TableTransactionActionType.UpsertReplace => ("PUT", false),
            TableTransactionActionType.Delete => ("DELETE", true),
            _ => throw new ArgumentOutOfRangeException(nameof(action)),
        };
        var uri = method == "POST" ? table : service.UriOf(pathOf(action.Entity.PartitionKey, action.Entity.RowKey));
        text.Append($"{method} {uri.AbsoluteUri} HTTP/1.1\r\nAccept: {TableService.Json}\r\nDataServiceVersion: 3.0\r\n");
        if (needsMatch) text.Append($"If-Match: {(action.ETag == default ? ETag.All : action.ETag).ToString("H")}\r\n");
        if (method == "DELETE")
        {
            text.Append("\r\n");
            return;
        }
        if (method == "POST") text.Append("Prefer: return-no-content\r\n");
        var body = Encoding.UTF8.GetString(EntityJson.Write(action.Entity));
        text.Append($"Content-Type: application/json\r\n\r\n{body}\r\n");
    }
}
