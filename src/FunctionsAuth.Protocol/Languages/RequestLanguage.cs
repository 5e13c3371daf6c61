using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Languages;

/// <summary>
/// The language in which a request is answered: the first that the server knows of what the client asks for (<c>ui_locales</c>, OpenID Connect Core
/// §3.1.2.1), of what the person chose for the profile (<c>locale</c>), and of what the browser is set to.
/// </summary>
public sealed class RequestLanguage(LanguageSet languages)
{
    /// <summary>More wishes than anybody has: what a stranger sends must not cost much.</summary>
    private const int MostWishes = 10;

    private const int LongestWish = 35; // RFC 5646 §4.4.1

    // It is asked for far below the endpoints, by pages and mails, and what it follows from becomes known on the way.
    private static readonly AsyncLocal<Wishes?> Current = new();

    /// <summary>Says which request is being answered from here on.</summary>
    public void Begin(HttpContext http) => Current.Value = new Wishes
    {
        Browser = http.Request.Headers.AcceptLanguage.ToString(),
        // Also for a page that says why the request is none.
        Client = http.Request.Query[Parameter.UiLocales] is [{ } asked] ? asked : null,
    };

    /// <summary>What the client asks for: tags, separated by spaces.</summary>
    public void AskedFor(string? uiLocales) => Set(wishes => wishes.Client = uiLocales ?? wishes.Client);

    /// <summary>What the person chose for the profile.</summary>
    public void ChosenBy(string? locale) => Set(wishes => wishes.Person = locale ?? wishes.Person);

    /// <summary>Of the request; the default one where there is none.</summary>
    public Language Language
    {
        get
        {
            if (Current.Value is not { } wishes)
                return languages.Default;
            return wishes.Chosen ??= First(wishes.Client) ?? First(wishes.Person) ?? OfBrowser(wishes.Browser) ?? languages.Default;
        }
    }

    /// <summary>For a person who may not be the one of the request.</summary>
    /// <param name="locale">What that person chose; null where it is not known.</param>
    public Language For(string? locale) => First(locale) ?? Language;

    private static void Set(Action<Wishes> set)
    {
        if (Current.Value is not { } wishes)
            return;
        set(wishes);
        wishes.Chosen = null;
    }

    private Language? First(string? tags) => Tags(tags, ' ').Select(languages.Find).FirstOrDefault(language => language is not null);

    /// <summary>RFC 9110 §12.5.4. A quality of 0 means "not this one".</summary>
    private Language? OfBrowser(string header) => header.Length == 0 ? null : Tags(header, ',')
        .Select(entry => (Tag: entry.Split(';')[0].Trim(), Quality: QualityOf(entry)))
        .Where(wish => wish.Quality > 0).OrderByDescending(wish => wish.Quality)
        .Select(wish => languages.Find(wish.Tag)).FirstOrDefault(language => language is not null);

    private static IEnumerable<string> Tags(string? text, char separator) =>
        (text ?? "").Split(separator, MostWishes + 1, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Take(MostWishes).Where(tag => tag.Length <= LongestWish);

    private static double QualityOf(string entry)
    {
        var at = entry.IndexOf("q=", StringComparison.OrdinalIgnoreCase);
        return at < 0 ? 1 : double.TryParse(entry.AsSpan(at + 2), System.Globalization.NumberStyles.AllowDecimalPoint, System.Globalization.CultureInfo.InvariantCulture, out var quality) ? quality : 0;
    }

    private sealed class Wishes
    {
        public required string Browser { get; init; }
        public string? Client { get; set; }
        public string? Person { get; set; }
        public Language? Chosen { get; set; }
    }
}
