using FunctionsAuth.Protocol.Telemetry;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace FunctionsAuth;

/// <summary>
/// Sends the meter and the activities by the OpenTelemetry protocol to the endpoint in the standard's own variable. The exporter reads its other variables
/// itself. Without that variable, nothing of OpenTelemetry is loaded.
/// </summary>
internal sealed class TelemetryExport : IHostedService, IDisposable
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private readonly List<IDisposable> providers = [];

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (!string.IsNullOrEmpty(Environment.GetEnvironmentVariable(Endpoint)))
            providers.AddRange(Meters(), Activities());
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Sends the remaining data.</summary>
    public void Dispose() => providers.ForEach(provider => provider.Dispose());

    private static IDisposable Meters() => Sdk.CreateMeterProviderBuilder()
        .ConfigureResource(Describe)
        .AddMeter(ServerMetrics.Name)
        .AddOtlpExporter()
        .Build();

    private static IDisposable Activities() => Sdk.CreateTracerProviderBuilder()
        .ConfigureResource(Describe)
        .AddSource(ServerMetrics.Name)
        .AddOtlpExporter()
        .Build();

    /// <summary>A name from the operator in <c>OTEL_SERVICE_NAME</c> is kept.</summary>
    private static void Describe(ResourceBuilder resource)
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("OTEL_SERVICE_NAME")))
            resource.AddService(ServerMetrics.Name);
    }
}
