using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Languages;

/// <summary>
/// The language of the answer to a request. It is the first known language in this order: the client's request (<c>ui_locales</c>, OpenID Connect Core
/// §3.1.2.1), the user's profile (<c>locale</c>), and the settings of the browser.
/// </summary>
public sealed class RequestLanguage(LanguageSet languages)
{
    /// <summary>The maximum number of language tags that are read, so that a long list from a stranger does not cost much time.</summary>
    private const int MostWishes = 10;

    private const int LongestWish = 35; // RFC 5646 §4.4.1

    // Pages and mails need the language far below the endpoints. The request's preferences become known one after the other while it is processed.
    private static readonly AsyncLocal<Wishes?> Current = new();

    /// <summary>Sets the current request.</summary>
    public void Begin(HttpContext http) => Current.Value = new Wishes
    {
        Browser = http.Request.Headers.AcceptLanguage.ToString(),
        // It is read here, so that it also applies to the error page for an invalid request.
        Client = http.Request.Query[Parameter.UiLocales] is [{ } asked] ? asked : null,
    };

    /// <summary>Sets the languages that the client asks for: tags, separated by spaces.</summary>
    public void AskedFor(string? uiLocales) => Set(wishes => wishes.Client = uiLocales ?? wishes.Client);

    /// <summary>Sets the language in the user's profile.</summary>
    public void ChosenBy(string? locale) => Set(wishes => wishes.Person = locale ?? wishes.Person);

    /// <summary>The language of the current request, or the default language if there is no request.</summary>
    public Language Language
    {
        get
        {
            if (Current.Value is not { } wishes)
                return languages.Default;
            return wishes.Chosen ??= First(wishes.Client) ?? First(wishes.Person) ?? OfBrowser(wishes.Browser) ?? languages.Default;
        }
    }

    /// <summary>The language for a user who may not be the user of the request.</summary>
    /// <param name="locale">The language in that user's profile; null if unknown.</param>
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
