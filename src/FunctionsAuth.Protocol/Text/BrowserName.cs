namespace FunctionsAuth.Protocol.Text;

/// <summary>
/// What a person calls the browser that sent a <c>User-Agent</c> (RFC 9110 §10.1.5). The names are a fixed list, so that nothing of the header
/// itself gets into a row or onto a page.
/// </summary>
public static class BrowserName
{
    // A browser names those whose pages it wants to be given, too: the first that fits is its own name.
    private static readonly (string Mark, string Name)[] Browsers =
    [
        ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung Internet"), ("Vivaldi/", "Vivaldi"), ("DuckDuckGo/", "DuckDuckGo"),
        ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"), ("CriOS/", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
    ];

    private static readonly (string Mark, string Name)[] Systems =
    [
        ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "ChromeOS"), ("Windows", "Windows"), ("Mac OS X", "macOS"), ("Linux", "Linux"),
    ];

    /// <returns>Such as <c>Firefox on Windows</c>; null where neither the browser nor the system is one of the usual.</returns>
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
