using FunctionsAuth.Bench.Load;
using FunctionsAuth.Bench.Targets;

namespace FunctionsAuth.Bench.Reports;

/// <summary>A flow on a server for a few seconds.</summary>
/// <param name="ProcessorMicroseconds">What the server took of the processor for a request, all cores together.</param>
internal sealed record Measurement(double PerSecond, double ProcessorMicroseconds, double P50, double P99)
{
    public static async Task<Measurement> TakeAsync(Target target, IReadOnlyList<IScript> scripts, TimeSpan duration)
    {
        var before = target.ProcessorTime;
        var load = await LoadGenerator.RunAsync(target.Port, scripts, duration);
        var used = target.ProcessorTime - before;
        return new Measurement(load.PerSecond, used.TotalMicroseconds / load.Latencies.Length, load.Percentile(0.5), load.Percentile(0.99));
    }
}

/// <summary>What one request costs, counted and not timed.</summary>
internal sealed record Cost(double AllocatedBytes, double StorageOperations, double Signatures)
{
    private const int Runs = 400;

    public static async Task<Cost> TakeAsync(Target target, IScript script, int runs = Runs)
    {
        await target.FiguresAsync("?count=true");
        var before = await target.FiguresAsync();
        var requests = 0;
        using var wire = await Wire.ConnectAsync(target.Port);
        for (var i = 0; i < runs; i++)
        {
            await script.RunAsync(new Sender(CountAsync, CountAsync));
        }
        var after = await target.FiguresAsync();
        return new Cost(
            (double)(after.AllocatedBytes - before.AllocatedBytes) / requests,
            (double)(after.StorageOperations - before.StorageOperations) / requests,
            (double)(after.Signatures - before.Signatures) / requests);

        ValueTask<Reply> CountAsync(byte[] request)
        {
            requests++;
            return wire.SendAsync(request);
        }
    }
}

/// <summary>Several rounds of the same: the middle one, and how far they lie apart.</summary>
internal sealed class Spread(IEnumerable<double> values)
{
    private readonly double[] sorted = [.. values.Order()];

    public double Median => sorted[sorted.Length / 2];

    public double Least => sorted[0];

    public double Most => sorted[^1];
}
