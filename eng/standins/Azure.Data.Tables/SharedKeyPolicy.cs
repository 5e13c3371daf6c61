using System.Globalization;
using Azure.Core;
using Azure.Core.Pipeline;

namespace Azure.Data.Tables;

/// <summary>Signs each try of a request with the account's key (SharedKeyLite: the date and the resource).</summary>
internal sealed class SharedKeyPolicy(TableSharedKeyCredential credential) : HttpPipelineSynchronousPolicy
{
    public override void OnSendingRequest(HttpMessage message)
    {
        base.OnSendingRequest(message);
        var date = DateTimeOffset.UtcNow.ToString("R", CultureInfo.InvariantCulture);
        var uri = message.Request.Uri.ToUri();
        // The resource is the account and the encoded path; of the query, only `comp` is part of it.
        var resource = $"/{credential.AccountName}{uri.AbsolutePath}";
        if (CompOf(uri.Query) is { } comp) resource += "?comp=" + comp;
        message.Request.Headers.SetValue("x-ms-date", date);
        message.Request.Headers.SetValue(
            HttpHeader.Names.Authorization, $"SharedKeyLite {credential.AccountName}:{credential.Sign(date + "\n" + resource)}");
    }

    private static string? CompOf(string query) => query.TrimStart('?').Split('&')
        .FirstOrDefault(p => p.StartsWith("comp=", StringComparison.Ordinal))?["comp=".Length..];
}
