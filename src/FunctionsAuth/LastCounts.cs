using FunctionsAuth.Protocol.Statistics;
using Microsoft.Extensions.Hosting;

namespace FunctionsAuth;

/// <summary>Writes what the instance counted and did not write yet, when it is stopped.</summary>
internal sealed class LastCounts(HourlyCounters counters) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => counters.WriteAllAsync();
}
