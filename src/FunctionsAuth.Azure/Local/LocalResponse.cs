using System.Diagnostics.CodeAnalysis;
using Azure;
using Azure.Core;

namespace FunctionsAuth.Azure.Local;

/// <summary>The answer of a client without a service: a status and, after a write, the ETag of the new version.</summary>
public sealed class LocalResponse(int status, ETag? etag = null) : Response
{
    public override int Status => status;

    public override string ReasonPhrase => "";

    public override Stream? ContentStream { get; set; }

    public override string ClientRequestId { get; set; } = "";

    public override void Dispose() { }

    protected override bool ContainsHeader(string name) => TryGetHeader(name, out _);

    protected override IEnumerable<HttpHeader> EnumerateHeaders() => etag is { } e ? [new HttpHeader("ETag", e.ToString("H"))] : [];

    protected override bool TryGetHeader(string name, [NotNullWhen(true)] out string? value)
    {
        value = etag is { } e && string.Equals(name, "ETag", StringComparison.OrdinalIgnoreCase) ? e.ToString("H") : null;
        return value is not null;
    }

    protected override bool TryGetHeaderValues(string name, [NotNullWhen(true)] out IEnumerable<string>? values)
    {
        values = TryGetHeader(name, out var value) ? [value] : null;
        return values is not null;
    }
}
