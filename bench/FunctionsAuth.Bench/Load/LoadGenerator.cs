using System.Diagnostics;

namespace FunctionsAuth.Bench.Load;

/// <summary>What one connection does, again and again.</summary>
internal interface IScript
{
    /// <summary>Sends one or more requests, one after the other.</summary>
    ValueTask RunAsync(Sender send);
}

/// <summary>How a script sends requests: most of them count, and some are only made so that others can be.</summary>
internal sealed record Sender(Func<byte[], ValueTask<Reply>> Counted, Func<byte[], ValueTask<Reply>> Aside)
{
    public static Sender To(Wire wire) => new(request => wire.SendAsync(request), request => wire.SendAsync(request));
}

/// <summary>What came of it.</summary>
/// <param name="Latencies">Of each request, in milliseconds, the shortest first.</param>
internal sealed record LoadResult(TimeSpan Duration, double[] Latencies)
{
    public double PerSecond => Latencies.Length / Duration.TotalSeconds;

    public double Percentile(double part) => Latencies.Length == 0 ? double.NaN : Latencies[(int)(part * (Latencies.Length - 1))];
}

/// <summary>Keeps a server busy: each connection sends its next request when the answer to the one before has come.</summary>
internal static class LoadGenerator
{
    public static async Task<LoadResult> RunAsync(int port, IReadOnlyList<IScript> scripts, TimeSpan duration)
    {
        var end = Stopwatch.GetTimestamp() + (long)(duration.TotalSeconds * Stopwatch.Frequency);
        var watch = Stopwatch.StartNew();
        var all = await Task.WhenAll(scripts.Select(script => Task.Run(() => RunOneAsync(port, script, end))));
        watch.Stop();
        var latencies = all.SelectMany(some => some).ToArray();
        Array.Sort(latencies);
        return new LoadResult(watch.Elapsed, latencies);
    }

    private static async Task<List<double>> RunOneAsync(int port, IScript script, long end)
    {
        List<double> latencies = [];
        using var wire = await Wire.ConnectAsync(port);
        var sender = new Sender(SendAsync, request => wire.SendAsync(request));
        while (Stopwatch.GetTimestamp() < end)
            await script.RunAsync(sender);
        return latencies;

        async ValueTask<Reply> SendAsync(byte[] request)
        {
            var start = Stopwatch.GetTimestamp();
            var reply = await wire.SendAsync(request);
            latencies.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            return reply;
        }
    }
}
