using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Limits;
using Microsoft.Extensions.Logging.Abstractions;

namespace FunctionsAuth.Protocol.Tests;

/// <summary>For tests of what happens before anything is written down of it.</summary>
internal sealed class NoAudit : IAuditStore
{
    private static readonly ServerOptions Options = new();

    public static SecurityEvents Events { get; } = new(new NoAudit(), new RequestSource(Options), Options, TimeProvider.System, NullLogger<SecurityEvents>.Instance);

    public Task WriteAsync(AuditEvent entry) => Task.CompletedTask;

    public Task<IReadOnlyList<AuditEvent>> FindAsync(AuditQuery query, CancellationToken cancellation) => Task.FromResult<IReadOnlyList<AuditEvent>>([]);

    public Task ForgetAsync(string subject, string pseudonym, CancellationToken cancellation) => Task.CompletedTask;
}
