using System.Collections.Concurrent;
using System.Collections.Frozen;
using FunctionsAuth.Protocol.Configuration;

namespace FunctionsAuth.Protocol.Languages;

/// <summary>
/// The languages of the server: the built-in ones and those of the operator's folder. A file in the folder can also replace built-in texts. A language is
/// read when it is first needed.
/// </summary>
public sealed class LanguageSet
{
    private const string Resources = "Languages.";
    private const string Countries = "Countries.";
    private const string Extension = ".json";
    private const string EnglishTag = "en";

    private readonly ConcurrentDictionary<string, Language> languages = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> ownFiles;
    private readonly string defaultTag;

    /// <exception cref="LanguageFileException">A file in the folder is invalid. The message names the file.</exception>
    public LanguageSet(ServerOptions options)
    {
        ownFiles = options.Languages.Files().ToDictionary(file => Path.GetFileNameWithoutExtension(file), StringComparer.OrdinalIgnoreCase);
        Tags = TagsOf(options);
        // Errors in the files are reported when the server starts, not when a user sees the text.
        foreach (var tag in ownFiles.Keys)
            _ = this[tag];
        defaultTag = Tags.FirstOrDefault(tag => tag.Equals(options.Languages.Default, StringComparison.OrdinalIgnoreCase)) ?? EnglishTag;
    }

    /// <summary>BCP 47, English first.</summary>
    public IReadOnlyList<string> Tags { get; }

    /// <summary>The language for users who ask for none of these languages.</summary>
    public Language Default => this[defaultTag];

    /// <summary>The built-in languages of this release.</summary>
    public static IReadOnlyList<string> BuiltIn { get; } =
    [
        EnglishTag,
        .. typeof(LanguageSet).Assembly.GetManifestResourceNames().Where(name => name.StartsWith(Resources, StringComparison.Ordinal))
            .Select(name => name[Resources.Length..^Extension.Length]).Where(tag => tag != EnglishTag).Order(StringComparer.Ordinal),
    ];

    /// <summary>The languages that are available with these settings.</summary>
    public static IReadOnlyList<string> TagsOf(ServerOptions options) => [.. BuiltIn.Union(options.Languages.Files().Select(file => Path.GetFileNameWithoutExtension(file)), StringComparer.OrdinalIgnoreCase)];

    /// <param name="tag">One of <see cref="Tags"/>.</param>
    public Language this[string tag] => languages.GetOrAdd(tag, Read);

    /// <summary>The requested language, or a related one: <c>de</c> for <c>de-CH</c> (RFC 4647 §3.4), <c>zh-Hans</c> for <c>zh-CN</c>.</summary>
    /// <returns>Null if there is none.</returns>
    public Language? Find(string wish)
    {
        for (var tag = wish; tag.Length > 0; tag = tag.LastIndexOf('-') is > 0 and var end ? tag[..end] : "")
        {
            if (Tags.FirstOrDefault(known => known.Equals(tag, StringComparison.OrdinalIgnoreCase)) is { } exact)
                return this[exact];
        }
        // Without an exact match, any variant of the same language is used. The exception is Traditional Chinese, which has a different script.
        var language = wish.Split('-')[0];
        if (language.Equals("zh", StringComparison.OrdinalIgnoreCase) && (wish.Contains("Hant", StringComparison.OrdinalIgnoreCase) || wish.EndsWith("TW", StringComparison.OrdinalIgnoreCase) || wish.EndsWith("HK", StringComparison.OrdinalIgnoreCase)))
            return null;
        return Tags.FirstOrDefault(known => known.Split('-')[0].Equals(language, StringComparison.OrdinalIgnoreCase)) is { } kin ? this[kin] : null;
    }

    /// <summary>The problem in the operator's files, for the operator who starts the server; null if there is none.</summary>
    public static string? ProblemOf(ServerOptions options)
    {
        if (!options.Languages.Files().Any() && BuiltIn.Contains(options.Languages.Default))
            return null;
        try
        {
            var languages = new LanguageSet(options);
            return languages.Tags.Contains(options.Languages.Default) ? null : $"Languages:Default must be one of {string.Join(", ", languages.Tags)}";
        }
        catch (LanguageFileException e)
        {
            return e.Message;
        }
    }

    private Language Read(string tag)
    {
        var own = ResourceOf($"{Resources}{tag}{Extension}") is { } json ? LanguageFile.Parse(json, null) : null;
        if (ownFiles.TryGetValue(tag, out var path))
        {
            try
            {
                own = LanguageFile.Parse(File.ReadAllText(path), own);
            }
            catch (Exception e) when (e is LanguageFileException or IOException or UnauthorizedAccessException)
            {
                throw new LanguageFileException($"{Path.GetFileName(path)} in Languages:Folder can't be used: {e.Message}");
            }
        }
        // The names of the countries are read only when needed, because few pages show one.
        return new Language(tag, own!, new(() => CountriesOf(tag)));
    }

    private static FrozenDictionary<string, string> CountriesOf(string tag) =>
        (ResourceOf($"{Countries}{tag}.txt") ?? ResourceOf($"{Countries}{EnglishTag}.txt")!)
            .Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .ToFrozenDictionary(line => line[..2], line => line[3..], StringComparer.Ordinal);

    private static string? ResourceOf(string name)
    {
        using var stream = typeof(LanguageSet).Assembly.GetManifestResourceStream(name);
        if (stream is null)
            return null;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
