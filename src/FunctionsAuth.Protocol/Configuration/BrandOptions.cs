namespace FunctionsAuth.Protocol.Configuration;

/// <summary>How pages and mails look, and where their links lead. The name on the pages is <see cref="ServerOptions.OperatorName"/>.</summary>
public sealed record BrandOptions
{
    private const int LongestFooter = 300;
    private const int LargestFile = 256 * 1024;

    private static readonly string[] ImageExtensions = [".svg", ".png"];

    // What style.css has behind text.
    private static readonly Colour Back = new(0xee, 0xf1, 0xf2);

    /// <summary>The logo: an https URL, or a file in the folder of the app (.svg or .png, at most 256 KB).</summary>
    public string? Logo { get; init; }

    /// <summary>The icon of the browser tab: an https URL, or a file as for <see cref="Logo"/>.</summary>
    public string? Icon { get; init; }

    /// <summary>
    /// The colour of buttons and links, such as <c>#0b655a</c>. It must have enough contrast to the light page. The server makes it lighter for the dark
    /// page.
    /// </summary>
    public string? Accent { get; init; }

    /// <summary>A style sheet of your own: a file in the folder of the app (.css, at most 256 KB).</summary>
    public string? Css { get; init; }

    /// <summary>Where people get help: an https or mailto URL.</summary>
    public Uri? SupportUri { get; init; }

    /// <summary>The privacy policy: an https URL.</summary>
    public Uri? PrivacyUri { get; init; }

    /// <summary>The terms of service that pages link to: an https URL. Without it, pages link to <see cref="TermsOptions.Address"/>.</summary>
    public Uri? TermsUri { get; init; }

    /// <summary>A line below pages and mails, such as a postal address. At most 300 characters.</summary>
    public string? FooterText { get; init; }

    /// <summary>A file of the app, if the setting is none that begins with https.</summary>
    public static string? FileOf(string? setting) => setting is null || IsAddress(setting) ? null : Path.Combine(AppContext.BaseDirectory, setting);

    /// <returns>What is wrong with the colour, with the nearest one that is good; null where nothing is.</returns>
    public static string? ProblemOfAccent(string text)
    {
        if (Colour.Parse(text) is not { } colour)
            return "must be a colour such as #0b655a";
        return colour.IsReadableOn(Colour.White, Back) ? null : $"has too little contrast to the pages ({colour.ContrastTo(Back):0.0}, and {Colour.Enough} is needed): the nearest colour that has enough is {colour.Toward(new Colour(0, 0, 0), Colour.White, Back)}";
    }

    internal IEnumerable<string> Problems()
    {
        if (Accent is not null && ProblemOfAccent(Accent) is { } problem)
            yield return $"Brand:Accent {problem}";
        foreach (var (name, value) in ((string, string?)[])[("Logo", Logo), ("Icon", Icon)])
        {
            if (value is not null && !IsHttps(value) && !IsFile(value, ImageExtensions))
                yield return $"Brand:{name} must be an https URL, or a .svg or .png file of at most 256 KB in the folder of the app";
        }
        if (Css is not null && !IsFile(Css, [".css"]))
            yield return "Brand:Css must be a .css file of at most 256 KB in the folder of the app";
        if (SupportUri is not null && (!SupportUri.IsAbsoluteUri || SupportUri.Scheme is not ("https" or "mailto")))
            yield return "Brand:SupportUri must begin with https: or mailto:";
        foreach (var (name, value) in ((string, Uri?)[])[("PrivacyUri", PrivacyUri), ("TermsUri", TermsUri)])
        {
            if (value is not null && !IsHttps(value.OriginalString))
                yield return $"Brand:{name} must be an https URL";
        }
        if (FooterText is not null && (FooterText.Trim().Length == 0 || FooterText.Length > LongestFooter || FooterText.Any(char.IsControl)))
            yield return $"Brand:FooterText must have 1 to {LongestFooter} characters, without ends of lines";
    }

    private static bool IsAddress(string text) => text.StartsWith("https:", StringComparison.OrdinalIgnoreCase);

    private static bool IsHttps(string text) => IsAddress(text) && Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Host.Length > 0;

    private static bool IsFile(string name, string[] extensions) => !IsAddress(name) && extensions.Contains(Path.GetExtension(name)) && new FileInfo(FileOf(name)!) is { Exists: true, Length: <= LargestFile };
}
