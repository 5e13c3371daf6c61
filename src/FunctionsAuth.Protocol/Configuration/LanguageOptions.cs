namespace FunctionsAuth.Protocol.Configuration;

/// <summary>The languages of pages and mails.</summary>
public sealed record LanguageOptions
{
    /// <summary>The language (BCP 47) for people whose browser wants no language that the server has.</summary>
    public string Default { get; init; } = "en";

    /// <summary>
    /// A folder with files such as <c>de.json</c>, which change texts or add a language. The path is relative to the folder of the app. Without this
    /// setting, the server uses the folder <c>languages</c> there, if it exists.
    /// </summary>
    public string? Folder { get; init; }

    private string FullFolder => Path.Combine(AppContext.BaseDirectory, Folder ?? "languages");

    /// <summary>The files in the folder.</summary>
    internal IEnumerable<string> Files() => Directory.Exists(FullFolder) ? Directory.GetFiles(FullFolder, "*.json").Order(StringComparer.Ordinal) : [];

    internal IEnumerable<string> Problems()
    {
        if (Folder is not null && !Directory.Exists(FullFolder))
            yield return "Languages:Folder does not exist";
        foreach (var file in Files().Select(Path.GetFileNameWithoutExtension).Where(tag => !IsTag(tag!)))
            yield return $"Languages:Folder has the file {file}.json: its name must be a language tag, such as de.json or pt-BR.json";
    }

    private static bool IsTag(string tag) => tag.Split('-') is [{ Length: 2 or 3 } language, .. var rest] && language.All(char.IsAsciiLetter) && rest.All(part => part.Length is >= 2 and <= 8 && part.All(char.IsAsciiLetterOrDigit));
}
