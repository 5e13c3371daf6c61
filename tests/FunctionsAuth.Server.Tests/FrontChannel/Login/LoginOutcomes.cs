using System.Diagnostics.Metrics;
using FunctionsAuth.Protocol.Telemetry;

namespace FunctionsAuth.Server.Tests.FrontChannel;

/// <summary>
/// What the server counts for the logins of one test: others that run at the same time use the same meter. The server must
/// run with <c>TestServerOptions.PreserveExecutionContext</c>.
/// </summary>
internal sealed class LoginOutcomes : IDisposable
{
    private static readonly AsyncLocal<LoginOutcomes?> Current = new();

    private readonly MeterListener listener = new();
    private readonly Dictionary<string, int> counts = [];

    public LoginOutcomes()
    {
        listener.InstrumentPublished = (instrument, listening) =>
        {
            if (instrument.Meter.Name == ServerMetrics.Name && instrument.Name == "functionsauth.logins")
                listening.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            if (Current.Value != this)
                return;
            lock (counts)
            {
                var outcome = (string)tags[0].Value!;
                counts[outcome] = counts.GetValueOrDefault(outcome) + (int)value;
            }
        });
        listener.Start();
        Current.Value = this;
    }

    public int Of(string outcome) => counts.GetValueOrDefault(outcome);

    public void Dispose()
    {
        listener.Dispose();
        Current.Value = null;
    }
}
