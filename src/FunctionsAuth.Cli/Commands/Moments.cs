using System.Globalization;

namespace FunctionsAuth.Cli.Commands;

/// <summary>Times on the command line.</summary>
internal static class Moments
{
    private const string Format = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    /// <summary>A time in the future: a date, or a time span from now such as <c>90d</c>, <c>12h</c> or <c>30m</c>.</summary>
    public static string? Ahead(CommandRun run, string? text) => text is null ? null : Write(SpanOf(text) is { } span ? run.Host.Clock.GetUtcNow() + span : DateOf(text));

    /// <summary>The same for a time in the past.</summary>
    public static string? Ago(CommandRun run, string? text) => text is null ? null : Write(SpanOf(text) is { } span ? run.Host.Clock.GetUtcNow() - span : DateOf(text));

    private static TimeSpan? SpanOf(string text) => text.Length > 1 && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        ? text[^1] switch
        {
            'd' => TimeSpan.FromDays(number),
            'h' => TimeSpan.FromHours(number),
            'm' => TimeSpan.FromMinutes(number),
            _ => null,
        }
        : null;

    private static DateTimeOffset DateOf(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment) ? moment : throw CliFailure.Usage($"{text} is not a time: write 90d, 12h, 30m or a date such as 2030-01-31.");

    public static string Write(DateTimeOffset moment) => moment.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture);
}
