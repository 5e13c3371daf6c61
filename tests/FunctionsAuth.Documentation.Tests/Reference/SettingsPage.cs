using FunctionsAuth.Azure.Queues;
using FunctionsAuth.Protocol.Configuration;

namespace FunctionsAuth.Documentation.Tests.Reference;

/// <summary>All settings, with type, default and allowed values.</summary>
internal static class SettingsPage
{
    private const string Intro = """
        This page lists every setting of the server. [Configure](../settings.md) explains them by topic, with examples.

        On LocalHost, set a setting with `--set Name=value`. In Azure and under `func start`, set an environment variable: `FunctionsAuth__`, then the name
        with `__` in place of each colon, such as `FunctionsAuth__Lifetimes__AccessToken`. A list has one setting for each entry: `:0`, `:1` and so on.
        Times are written as `hh:mm:ss`, with days as `d.hh:mm:ss`. A wrong or unknown setting stops the server at its start, and the message names it.
        """;

    private static readonly string[] Head = ["setting", "type", "default", "allowed", "meaning"];

    public static string Write()
    {
        var page = new Page("Reference: settings", Intro);
        foreach (var section in SettingsList.All.GroupBy(setting => setting.Section))
        {
            page.Heading(section.Key?.Name ?? "The server");
            if (section.Key is { } property)
                page.Paragraph(Summaries.Of(property.PropertyType));
            page.Table(Head, section.Select(Row));
        }
        page.Heading("Without a prefix");
        page.Paragraph($"The Functions host reads these settings too, so their names have no `{ServerOptions.Section}__` in front.");
        page.Table(["setting", "default", "meaning"],
        [
            [$"`{OutboxPlace.QueueSetting}`", "`Storage:TablePrefix` and `outbox`", "The name of the queue for logout tokens, mail and webhook events that the server has to deliver."],
            [$"`{OutboxPlace.ConnectionSetting}`", "the account of the tables", "The storage account of that queue: a connection string."],
            [$"`{OutboxPlace.ConnectionSetting}__queueServiceUri`", "the account of the tables", "The URL of the queues of that account, for a managed identity. The Functions host also needs `OutboxStorage__credential` and `OutboxStorage__clientId`."],
            ["`APPLICATIONINSIGHTS_CONNECTION_STRING`", "none", "The server sends its log, its metrics and its traces to this Application Insights resource."],
            ["`OTEL_EXPORTER_OTLP_ENDPOINT`", "none", "The server sends its metrics and its traces to this OpenTelemetry collector."],
        ]);
        return page.ToString();
    }

    private static string[] Row(Setting setting)
    {
        var meaning = Summaries.Of(setting.Property);
        if (meaning.Length == 0)
            throw new InvalidOperationException($"{setting.Property.DeclaringType}.{setting.Property.Name} has no summary");
        return [$"`{setting.WrittenName}`", SettingsList.TypeOf(setting), SettingsList.DefaultOf(setting), SettingsList.AllowedFor(setting), meaning];
    }
}
