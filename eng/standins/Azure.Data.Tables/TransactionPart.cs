using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Azure.Core;

namespace Azure.Data.Tables;

/// <summary>The answer to one action, as it stands in the answer to the transaction.</summary>
internal sealed class TransactionPart(int status, string reason, Dictionary<string, string> headers, string body) : Response
{
    private const string StatusLine = "HTTP/1.1 ";

    public override int Status => status;

    public override string ReasonPhrase => reason;

    public override Stream? ContentStream { get; set; } = new MemoryStream(Encoding.UTF8.GetBytes(body));

    public override string ClientRequestId { get; set; } = "";

    /// <summary>Each answer begins at its status line and ends where a boundary does; bodies are JSON, one line or more.</summary>
    public static List<TransactionPart> ReadAll(Response response)
    {
        var parts = new List<TransactionPart>();
        var lines = response.Content.ToString().Split('\n').Select(l => l.TrimEnd('\r')).ToArray();
        for (var i = 0; i < lines.Length; i++)
        {
            if (!lines[i].StartsWith(StatusLine, StringComparison.Ordinal)) continue;
            var end = Array.FindIndex(lines, i, l => l.StartsWith("--", StringComparison.Ordinal));
            parts.Add(Read(lines[i..(end < 0 ? lines.Length : end)]));
        }
        return parts;
    }

    public override void Dispose() => ContentStream?.Dispose();

    protected override bool ContainsHeader(string name) => headers.ContainsKey(name);

    protected override IEnumerable<HttpHeader> EnumerateHeaders() => headers.Select(h => new HttpHeader(h.Key, h.Value));

    protected override bool TryGetHeader(string name, [NotNullWhen(true)] out string? value) => headers.TryGetValue(name, out value);

    protected override bool TryGetHeaderValues(string name, [NotNullWhen(true)] out IEnumerable<string>? values)
    {
        values = headers.TryGetValue(name, out var value) ? [value] : null;
        return values is not null;
    }

    private static TransactionPart Read(string[] lines)
    {
        var status = lines[0][StatusLine.Length..].Split(' ', 2);
        var blank = Array.FindIndex(lines, 1, string.IsNullOrEmpty);
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in lines[1..(blank < 0 ? lines.Length : blank)])
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0) headers[line[..colon]] = line[(colon + 1)..].Trim();
        }
        var body = blank < 0 ? "" : string.Join('\n', lines[(blank + 1)..]).Trim();
        return new(int.Parse(status[0], CultureInfo.InvariantCulture), status.ElementAtOrDefault(1) ?? "", headers, body);
    }
}
