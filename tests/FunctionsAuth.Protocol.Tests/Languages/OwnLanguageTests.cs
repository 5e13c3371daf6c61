using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Languages;

namespace FunctionsAuth.Protocol.Tests.Languages;

/// <summary>Files of an operator: texts that are changed, and languages that are added.</summary>
public sealed class OwnLanguageTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("languages").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_file_changes_texts_and_leaves_the_others()
    {
        Write("de", """{ "Sign in": "Einloggen" }""");
        Write("en", """{ "Sign in": "Log in" /* as our app calls it */, }""");
        var languages = new LanguageSet(Options);
        Assert.Equal("Einloggen", languages["de"].Of("Sign in"));
        Assert.Equal("Abbrechen", languages["de"].Of("Cancel"));
        Assert.Equal("Log in", languages["en"].Of("Sign in"));
        Assert.Equal(LanguageSet.BuiltIn, languages.Tags);
    }

    [Fact]
    public void A_file_adds_a_language_whose_missing_texts_are_English()
    {
        Write("cs", """{ "$plural": "czech", "$day": "d. M. yyyy", "Sign in": "Přihlásit se", "{0} days": { "one": "{0} den", "few": "{0} dny", "other": "{0} dní" } }""");
        var languages = new LanguageSet(Options);
        var czech = languages.Find("cs-CZ")!;
        Assert.Equal(("Přihlásit se", "Cancel", "3 dny", "3. 5. 2027"), (czech.Of("Sign in"), czech.Of("Cancel"), czech.Span(TimeSpan.FromDays(3)), czech.Day(new(2027, 5, 3, 0, 0, 0, TimeSpan.Zero))));
        Assert.Contains("cs", languages.Tags);
        Assert.Null(LanguageSet.ProblemOf(Options));
    }

    [Theory]
    [InlineData("{", "not valid JSON")]
    [InlineData("[]", "not a JSON object")]
    [InlineData("""{ "Sign in": 1 }""", "“Sign in” must be a string")]
    [InlineData("""{ "Sign in": " " }""", "“Sign in” must be a string")]
    [InlineData("""{ "Sign in to {0}": "Anmelden" }""", "must have the same placeholders")]
    [InlineData("""{ "Sign in": "Anmelden {0}" }""", "must have the same placeholders")]
    [InlineData("""{ "{0} days": { "one": "{0} Tag" , "few": "{0} Tage" } }""", "must have the forms one, other")]
    [InlineData("""{ "$plural": "german" }""", "$plural must be one of none, one")]
    [InlineData("""{ "$direction": "left" }""", "$direction must be ltr or rtl")]
    [InlineData("""{ "$months": ["Januar"] }""", "$months must have twelve texts")]
    [InlineData("""{ "$day": "%" }""", "$day must be a date format")]
    public void A_file_that_is_wrong_is_refused_at_the_start(string json, string problem)
    {
        Write("de", json);
        var told = LanguageSet.ProblemOf(Options)!;
        Assert.StartsWith("de.json in Languages:Folder can't be used: ", told, StringComparison.Ordinal);
        Assert.Contains(problem, told, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_is_no_language_and_a_folder_that_is_not_there_are_refused()
    {
        Write("german-language-of-ours", "{}");
        Assert.Contains("must be a language tag", Assert.Single(ProblemsOf(Options.Languages)), StringComparison.Ordinal);
        Assert.Equal("Languages:Folder does not exist", Assert.Single(ProblemsOf(new LanguageOptions { Folder = Path.Combine(folder, "none") })));
        Assert.Contains("Languages:Default must be one of en, ar, de", LanguageSet.ProblemOf(new ServerOptions { Languages = new LanguageOptions { Default = "xx" } }), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("de", "de")]
    [InlineData("DE-ch", "de")]
    [InlineData("pt-BR", "pt")]
    [InlineData("zh", "zh-Hans")]
    [InlineData("zh-CN", "zh-Hans")]
    [InlineData("zh-Hans-SG", "zh-Hans")]
    [InlineData("zh-TW", null)]
    [InlineData("zh-Hant", null)]
    [InlineData("sv", null)]
    [InlineData("-", null)]
    [InlineData("", null)]
    public void A_wish_finds_the_nearest_language(string wish, string? tag) => Assert.Equal(tag, new LanguageSet(new ServerOptions()).Find(wish)?.Tag);

    private static IEnumerable<string> ProblemsOf(LanguageOptions languages) => new ServerOptions { Issuer = new Uri("https://login.example"), Languages = languages }.Problems();

    private ServerOptions Options => new() { Languages = new LanguageOptions { Folder = folder } };

    private void Write(string tag, string json) => File.WriteAllText(Path.Combine(folder, $"{tag}.json"), json);
}
