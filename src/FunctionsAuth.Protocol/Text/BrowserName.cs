namespace FunctionsAuth.Protocol.Text;

/// <summary>
/// The usual name of the browser that sent a <c>User-Agent</c> (RFC 9110 §10.1.5). The names come from a fixed list, so that no text of the header gets into
/// a row or onto a page.
/// </summary>
public static class BrowserName
{
    // For compatibility, browsers also name other browsers in the header. The first match in this order is the real one.
    private static readonly (string Mark, string Name)[] Browsers =
    [
        ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung Internet"), ("Vivaldi/", "Vivaldi"), ("DuckDuckGo/", "DuckDuckGo"),
        ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"), ("CriOS/", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
    ];

    private static readonly (string Mark, string Name)[] Systems =
    [
        ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "ChromeOS"), ("Windows", "Windows"), ("Mac OS X", "macOS"), ("Linux", "Linux"),
    ];

    /// <returns>A name such as <c>Firefox on Windows</c>; null if neither the browser nor the system is in the lists.</returns>
    public static string? Of(string? userAgent)
    {
        if (string.IsNullOrEmpty(userAgent))
            return null;
        var (browser, system) = (NameIn(Browsers, userAgent), NameIn(Systems, userAgent));
        return (browser, system) switch
        {
            (null, null) => null,
            (null, _) => $"A browser on {system}",
            (_, null) => browser,
            _ => $"{browser} on {system}",
        };
    }

    private static string? NameIn((string Mark, string Name)[] names, string userAgent) =>
        Array.Find(names, one => userAgent.Contains(one.Mark, StringComparison.Ordinal)).Name;
}
