using System.Diagnostics.Metrics;
using FunctionsAuth.Protocol.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Bench.Targets;

/// <summary>What a server has used since it started. Only while it counts does it know operations and signatures.</summary>
internal sealed record Figures(long AllocatedBytes, long StorageOperations, long Signatures, long LiveBytes);

internal static class FiguresEndpoint
{
    public const string Path = "/bench/figures";

    /// <summary>Counting costs a little, so it is asked for: <c>?count=true</c> from now on, <c>?collect=true</c> after a full collection.</summary>
    public static void MapFigures(this WebApplication app)
    {
        var counts = new Counts();
        app.MapGet(Path, context =>
        {
            if (context.Request.Query.ContainsKey("count"))
                counts.Start();
            var live = context.Request.Query.ContainsKey("collect") ? GC.GetTotalMemory(forceFullCollection: true) : 0;
            return context.Response.WriteAsJsonAsync(new Figures(GC.GetTotalAllocatedBytes(precise: true), counts.StorageOperations, counts.Signatures, live));
        });
    }

    private sealed class Counts
    {
        private readonly MeterListener listener = new();
        private long storageOperations;
        private long signatures;

        public long StorageOperations => Interlocked.Read(ref storageOperations);

        public long Signatures => Interlocked.Read(ref signatures);

        public void Start()
        {
            listener.InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Meter.Name == ServerMetrics.Name)
                    listening.EnableMeasurementEvents(instrument);
            };
            listener.SetMeasurementEventCallback<long>((instrument, value, _, _) =>
            {
                if (instrument.Name == "functionsauth.storage_operations")
                    Interlocked.Add(ref storageOperations, value);
                else if (instrument.Name == "functionsauth.signatures")
                    Interlocked.Add(ref signatures, value);
            });
            listener.Start();
        }
    }
}
