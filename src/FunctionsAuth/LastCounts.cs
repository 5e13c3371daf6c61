using FunctionsAuth.Protocol.Statistics;
using Microsoft.Extensions.Hosting;

namespace FunctionsAuth;

/// <summary>Writes the remaining counts of the instance when it is stopped.</summary>
internal sealed class LastCounts(HourlyCounters counters) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => counters.WriteAllAsync();
}
