using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using FunctionsAuth.Protocol.Telemetry;

namespace FunctionsAuth.Server.Tests.Harness;

/// <summary>The counts of the server's meter for one vault, until this is disposed.</summary>
public sealed class ScriptedVaultCounts : IDisposable
{
    private readonly ConcurrentQueue<string> failures = new();
    private readonly ConcurrentQueue<string> readings = new();
    private readonly MeterListener listener = new();
    private readonly string vault;

    public ScriptedVaultCounts(ScriptedVault vault)
    {
        this.vault = vault.Name;
        listener.InstrumentPublished = (instrument, listening) =>
        {
            if (instrument.Meter.Name == ServerMetrics.Name)
                listening.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>(Count);
        listener.Start();
    }

    /// <summary>The reason of each failed signature.</summary>
    public IReadOnlyCollection<string> SignatureFailures => failures;

    /// <summary>The result of each reading of its keys.</summary>
    public IReadOnlyCollection<string> KeyReadings => readings;

    public void Dispose() => listener.Dispose();

    private void Count(Instrument instrument, long value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
    {
        if (tags.Length < 2 || tags[0].Key != "vault" || !Equals(tags[0].Value, vault))
            return;
        var counted = instrument.Name switch
        {
            "functionsauth.signature_failures" => failures,
            "functionsauth.key_readings" => readings,
            _ => null,
        };
        for (var i = 0; i < value; i++)
            counted?.Enqueue($"{tags[1].Value}");
    }
}
