using Azure.Core;
using Azure.Identity;
using Azure.Monitor.OpenTelemetry.Exporter;
using FunctionsAuth.Protocol.Telemetry;
using Microsoft.Azure.Functions.Worker.OpenTelemetry;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;

namespace FunctionsAuth;

/// <summary>
/// Sends log lines, the meter and the activities to the Application Insights component in the platform's environment variables. The host then does not send
/// the worker's lines, so that each line arrives only once. Without the variable, none of this is loaded.
/// </summary>
internal static class ApplicationInsights
{
    private const string ConnectionString = "APPLICATIONINSIGHTS_CONNECTION_STRING";

    /// <summary>The same format as for the host: <c>Authorization=AAD</c>, and <c>ClientId=...</c> for a user-assigned identity.</summary>
    private const string Authentication = "APPLICATIONINSIGHTS_AUTHENTICATION_STRING";

    private static string? Connection => Environment.GetEnvironmentVariable(ConnectionString) is { Length: > 0 } text ? text : null;

    /// <summary>Whether the app itself sends all its log lines.</summary>
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
        // Activities are sampled. With this option, the log lines of an activity that is left out would be left out, too.
        options.EnableTraceBasedLogsSampler = false;
        // The server does not need these features. They would make the start slower and cost money.
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
