using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using Azure.Core;

namespace Azure.Data.Tables;

/// <summary>
/// Reads `{"odata.error":{"code":..,"message":{"value":..}}}`; a transaction's message begins with the failed action's index.
/// </summary>
internal sealed class TableErrors : RequestFailedDetailsParser
{
    public static TableErrors Parser { get; } = new();

    public override bool TryParse(
        Response response, [NotNullWhen(true)] out ResponseError? error, [NotNullWhen(true)] out IDictionary<string, string>? data)
    {
        (error, data) = (null, null);
        if (response.ContentStream is null || response.Content.ToMemory().IsEmpty) return false;
        try
        {
            using var body = JsonDocument.Parse(response.Content);
            var odata = body.RootElement.GetProperty("odata.error");
            var message = odata.TryGetProperty("message", out var m) && m.TryGetProperty("value", out var v) ? v.GetString() ?? "" : "";
            error = new ResponseError(odata.GetProperty("code").GetString(), message);
            data = new Dictionary<string, string>();
            if (IndexOf(message) is { } index)
                data[TableTransactionFailedException.FailedEntity] = index.ToString(CultureInfo.InvariantCulture);
            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return false;
        }
    }

    private static int? IndexOf(string message)
    {
        var colon = message.IndexOf(':', StringComparison.Ordinal);
        var isIndex = int.TryParse(message.AsSpan(0, Math.Max(colon, 0)), NumberStyles.None, CultureInfo.InvariantCulture, out var index);
        return isIndex ? index : null;
    }
}
