using System.Globalization;
using FunctionsAuth.Protocol.Pages;

namespace FunctionsAuth.Pages;

/// <summary>Words and addresses as a person should see them.</summary>
internal static class PageText
{
    /// <summary>The largest unit that says it exactly: <c>30 days</c>, <c>36 hours</c>, <c>1 minute</c>.</summary>
    public static string Of(TimeSpan span) => span switch
    {
        { Ticks: > 0 } when span.Ticks % TimeSpan.TicksPerDay == 0 => Count(span.TotalDays, "day"),
        { Ticks: > 0 } when span.Ticks % TimeSpan.TicksPerHour == 0 => Count(span.TotalHours, "hour"),
        { Ticks: > 0 } when span.Ticks % TimeSpan.TicksPerMinute == 0 => Count(span.TotalMinutes, "minute"),
        _ => Count(Math.Floor(span.TotalSeconds), "second"),
    };

    /// <summary>The address if a browser may be sent there or may load from there, else null.</summary>
    public static string? Https(Uri? uri) =>
        uri is { IsAbsoluteUri: true } && uri.Scheme == Uri.UriSchemeHttps ? uri.AbsoluteUri : null;

    /// <summary>Whose address it is: the host, or the scheme of an app's own address.</summary>
    public static string HostOf(string address) => new Uri(address) is { Host.Length: > 0 } uri ? uri.IdnHost : new Uri(address).Scheme;

    /// <summary>In UTC, as the server does not know where the person is.</summary>
    public static string Moment(DateTimeOffset at) => at.UtcDateTime.ToString("d MMMM yyyy, HH:mm 'UTC'", CultureInfo.InvariantCulture);

    /// <inheritdoc cref="Moment"/>
    public static string Day(DateTimeOffset at) => at.UtcDateTime.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);

    /// <summary>Stands where a client has no logo.</summary>
    public static string Initial(PageClient client) => Initial(client.Name);

    /// <summary>Stands for a person who has no picture here.</summary>
    public static string Initial(string name)
    {
        name = name.Trim();
        return name.Length == 0 ? "?" : StringInfo.GetNextTextElement(name).ToUpperInvariant();
    }

    private static string Count(double count, string unit) => $"{count:0} {unit}{(count == 1 ? "" : "s")}";
}
