using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using FunctionsAuth.Protocol.Telemetry;

namespace FunctionsAuth.Server.Tests.Harness;

/// <summary>
/// The counts of the server's meter for the requests that are sent until this is disposed. Other requests are left out, because tests that run at the same
/// time share the meter. The server must run with <c>TestServerOptions.PreserveExecutionContext</c>.
/// </summary>
public sealed class MeterCounts : IDisposable
{
    private static readonly AsyncLocal<MeterCounts?> Current = new();

    private readonly ConcurrentQueue<string> operations = new();
    private readonly ConcurrentQueue<string> logouts = new();
    private readonly MeterListener listener = new();
    private int signatures;

    public MeterCounts()
    {
        listener.InstrumentPublished = (instrument, listening) =>
        {
            if (instrument.Meter.Name == ServerMetrics.Name)
                listening.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>(Count);
        listener.Start();
        Current.Value = this;
    }

    public int Signatures => signatures;

    public IReadOnlyCollection<string> StorageOperations => operations;

    /// <summary>The results of telling clients that a session has ended.</summary>
    public IReadOnlyCollection<string> BackchannelLogouts => logouts;

    public void Dispose()
    {
        listener.Dispose();
        Current.Value = null;
    }

    private void Count(Instrument instrument, long value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
    {
        if (Current.Value != this)
            return;
        if (instrument.Name == "functionsauth.signatures")
            Interlocked.Add(ref signatures, (int)value);
        else if (instrument.Name == "functionsauth.storage_operations")
            operations.Enqueue($"{tags[0].Value} {tags[1].Value}");
        else if (instrument.Name == "functionsauth.backchannel_logouts")
            logouts.Enqueue((string)tags[0].Value!);
    }
}
