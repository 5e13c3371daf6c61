using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Limits;
using FunctionsAuth.Protocol.Statistics;
using Microsoft.Extensions.Logging.Abstractions;

namespace FunctionsAuth.Protocol.Tests;

/// <summary>For tests of what happens before anything is written down of it.</summary>
internal sealed class NoAudit : IAuditStore, IEventSubscriber, IStatisticsStore
{
    private static readonly ServerOptions Options = new();
    private static readonly NoAudit Nothing = new();

    public static SecurityEvents Events { get; } = new(
        new AuditTrail(Nothing, Nothing), new RequestSource(Options), Options, new HourlyCounters(Nothing, Options, TimeProvider.System, NullLogger<HourlyCounters>.Instance), TimeProvider.System, NullLogger<SecurityEvents>.Instance);

    public Task WriteAsync(AuditEvent entry) => Task.CompletedTask;

    public Task<IReadOnlyList<AuditEvent>> FindAsync(AuditQuery query, CancellationToken cancellation) => Task.FromResult<IReadOnlyList<AuditEvent>>([]);

    public Task ForgetAsync(string subject, string pseudonym, CancellationToken cancellation) => Task.CompletedTask;

    public Task TellAsync(AuditEvent entry) => Task.CompletedTask;

    public Task SaveAsync(string instance, HourCounts counts) => Task.CompletedTask;

    public Task<IReadOnlyList<HourCounts>> ListAsync(DateOnly day, CancellationToken cancellation) => Task.FromResult<IReadOnlyList<HourCounts>>([]);
}
