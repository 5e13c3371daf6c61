using Azure.Core;
using Azure.Identity;
using Azure.Monitor.OpenTelemetry.Exporter;
using FunctionsAuth.Protocol.Telemetry;
using Microsoft.Azure.Functions.Worker.OpenTelemetry;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;

namespace FunctionsAuth;

/// <summary>
/// Sends log lines, the meter and the activities to the Application Insights component that the platform's own variables name.
/// The host then sends none of the worker's lines, so that none arrives twice. Without the variable nothing of it is loaded.
/// </summary>
internal static class ApplicationInsights
{
    private const string ConnectionString = "APPLICATIONINSIGHTS_CONNECTION_STRING";

    /// <summary>As the host reads it: <c>Authorization=AAD</c>, and <c>ClientId=...</c> for a user-assigned identity.</summary>
    private const string Authentication = "APPLICATIONINSIGHTS_AUTHENTICATION_STRING";

    private static string? Connection => Environment.GetEnvironmentVariable(ConnectionString) is { Length: > 0 } text ? text : null;

    /// <summary>The app sends its lines itself, wherever they are logged.</summary>
    public static bool IsOn => Connection is not null;

    public static IServiceCollection AddApplicationInsights(this IServiceCollection services)
    {
        if (Connection is { } connection)
            AddExport(services, connection, Credential(Environment.GetEnvironmentVariable(Authentication)));
        return services;
    }

    private static void AddExport(IServiceCollection services, string connection, TokenCredential? credential) => services.AddOpenTelemetry()
        .UseFunctionsWorkerDefaults()
        .WithLogging(
            logs => logs.AddAzureMonitorLogExporter(options => Address(options, connection, credential)),
            lines => lines.IncludeFormattedMessage = true)
        .WithMetrics(metrics => metrics.AddMeter(ServerMetrics.Name).AddAzureMonitorMetricExporter(options => Address(options, connection, credential)))
        .WithTracing(traces => traces.AddSource(ServerMetrics.Name).AddAzureMonitorTraceExporter(options => Address(options, connection, credential)));

    private static void Address(AzureMonitorExporterOptions options, string connection, TokenCredential? credential)
    {
        options.ConnectionString = connection;
        options.Credential = credential;
        // Activities are sampled, and no line of the log goes with one that is left out.
        options.EnableTraceBasedLogsSampler = false;
        // What the server does not need costs time at its start, and money.
        options.EnableLiveMetrics = false;
        options.EnablePerformanceCounters = false;
        options.EnableStandardMetrics = false;
    }

    private static TokenCredential? Credential(string? authentication)
    {
        var parts = (authentication ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(part => part.Split('=', 2))
            .Where(part => part.Length == 2)
            .ToDictionary(part => part[0], part => part[1], StringComparer.OrdinalIgnoreCase);
        if (!parts.GetValueOrDefault("Authorization", "").Equals("AAD", StringComparison.OrdinalIgnoreCase))
            return null;
        return new ManagedIdentityCredential(parts.TryGetValue("ClientId", out var id) ? ManagedIdentityId.FromUserAssignedClientId(id) : ManagedIdentityId.SystemAssigned);
    }
}
