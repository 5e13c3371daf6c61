using FunctionsAuth.Protocol.Telemetry;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace FunctionsAuth;

/// <summary>
/// Sends meter and activities by the OpenTelemetry protocol to where the standard's own variable says; the exporter reads its other
/// variables itself. Without that variable nothing of OpenTelemetry is even loaded.
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

    /// <summary>What was not sent yet is sent.</summary>
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

    /// <summary>A name that the operator gave in <c>OTEL_SERVICE_NAME</c> stays.</summary>
    private static void Describe(ResourceBuilder resource)
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("OTEL_SERVICE_NAME")))
            resource.AddService(ServerMetrics.Name);
    }
}
