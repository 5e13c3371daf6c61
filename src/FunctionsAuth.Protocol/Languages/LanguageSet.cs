using System.Collections.Concurrent;
using System.Collections.Frozen;
using FunctionsAuth.Protocol.Configuration;

namespace FunctionsAuth.Protocol.Languages;

/// <summary>
/// The languages that the server knows: its own, and those of the operator's folder, which may change texts of its own, too. A language is read when
/// somebody needs it first.
/// </summary>
public sealed class LanguageSet
{
    private const string Resources = "Languages.";
    private const string Countries = "Countries.";
    private const string Extension = ".json";
    private const string EnglishTag = "en";

    private readonly ConcurrentDictionary<string, Language> languages = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> ownFiles;

    /// <exception cref="LanguageFileException">A file of the folder is wrong; the message names it.</exception>
    public LanguageSet(ServerOptions options)
    {
        ownFiles = options.Languages.Files().ToDictionary(file => Path.GetFileNameWithoutExtension(file), StringComparer.OrdinalIgnoreCase);
        Tags = TagsOf(options);
        // What is wrong is said at the start and not to a person.
        foreach (var tag in ownFiles.Keys)
            _ = this[tag];
        Default = this[Tags.FirstOrDefault(tag => tag.Equals(options.Languages.Default, StringComparison.OrdinalIgnoreCase)) ?? EnglishTag];
    }

    /// <summary>BCP 47, English first.</summary>
    public IReadOnlyList<string> Tags { get; }

    /// <summary>For whoever wishes none of them.</summary>
    public Language Default { get; }

    /// <summary>The languages of this release.</summary>
    public static IReadOnlyList<string> BuiltIn { get; } =
    [
        EnglishTag,
        .. typeof(LanguageSet).Assembly.GetManifestResourceNames().Where(name => name.StartsWith(Resources, StringComparison.Ordinal))
            .Select(name => name[Resources.Length..^Extension.Length]).Where(tag => tag != EnglishTag).Order(StringComparer.Ordinal),
    ];

    /// <summary>The languages that there are with these settings.</summary>
    public static IReadOnlyList<string> TagsOf(ServerOptions options) => [.. BuiltIn.Union(options.Languages.Files().Select(file => Path.GetFileNameWithoutExtension(file)), StringComparer.OrdinalIgnoreCase)];

    /// <param name="tag">One of <see cref="Tags"/>.</param>
    public Language this[string tag] => languages.GetOrAdd(tag, Read);

    /// <summary>The language for a wish, or one that who wishes it understands as well: <c>de</c> for <c>de-CH</c> (RFC 4647 §3.4), <c>zh-Hans</c> for <c>zh-CN</c>.</summary>
    /// <returns>Null where there is none.</returns>
    public Language? Find(string wish)
    {
        for (var tag = wish; tag.Length > 0; tag = tag.LastIndexOf('-') is > 0 and var end ? tag[..end] : "")
        {
            if (Tags.FirstOrDefault(known => known.Equals(tag, StringComparison.OrdinalIgnoreCase)) is { } exact)
                return this[exact];
        }
        // Whoever wishes a language and not one of its kinds takes the one that there is. Traditional Chinese is another script.
        var language = wish.Split('-')[0];
        if (language.Equals("zh", StringComparison.OrdinalIgnoreCase) && (wish.Contains("Hant", StringComparison.OrdinalIgnoreCase) || wish.EndsWith("TW", StringComparison.OrdinalIgnoreCase) || wish.EndsWith("HK", StringComparison.OrdinalIgnoreCase)))
            return null;
        return Tags.FirstOrDefault(known => known.Split('-')[0].Equals(language, StringComparison.OrdinalIgnoreCase)) is { } kin ? this[kin] : null;
    }

    /// <summary>What is wrong with the operator's files, for whoever starts the server; null where nothing is.</summary>
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
        // Few pages name a country.
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
