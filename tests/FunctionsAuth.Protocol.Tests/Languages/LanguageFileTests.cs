using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Languages;

namespace FunctionsAuth.Protocol.Tests.Languages;

/// <summary>The files of the languages say everything that the code says, and nothing else.</summary>
public sealed partial class LanguageFileTests
{
    private static readonly JsonDocumentOptions WithComments = new() { CommentHandling = JsonCommentHandling.Skip };

    public static TheoryData<string> Languages => [.. LanguageSet.BuiltIn];

    public static TheoryData<string> Others => [.. LanguageSet.BuiltIn.Where(tag => tag != "en")];

    [Fact]
    public void There_are_eleven() => Assert.Equal(["en", "ar", "de", "es", "fr", "it", "ja", "nl", "pl", "pt", "zh-Hans"], LanguageSet.BuiltIn);

    [Theory]
    [MemberData(nameof(Others))]
    public void No_text_is_missing_or_superfluous(string tag)
    {
        var own = Read(tag).Select(entry => entry.Key).Where(key => !key.StartsWith('$')).ToHashSet();
        Assert.Empty(TextsInCode.All.Where(text => !own.Contains(text.Key)).Select(text => $"{text.Key} ({text.Value[0]})"));
        Assert.Empty(own.Except(TextsInCode.All.Keys));
    }

    [Fact]
    public void English_has_no_superfluous_text() => Assert.Empty(Read("en").Select(entry => entry.Key).Where(key => !key.StartsWith('$')).Except(TextsInCode.All.Keys));

    [Theory]
    [MemberData(nameof(Languages))]
    public void Each_can_be_read_and_writes_dates(string tag)
    {
        var language = new LanguageSet(new ServerOptions())[tag];
        var at = new DateTimeOffset(2027, 5, 3, 9, 7, 0, TimeSpan.Zero);
        Assert.Contains("2027", language.Day(at), StringComparison.Ordinal);
        Assert.EndsWith("09:07 UTC", language.Moment(at), StringComparison.Ordinal);
        Assert.NotEqual("DE", language.Country("DE"));
        Assert.Equal("XX", language.Country("XX"));
        foreach (var count in (int[])[0, 1, 2, 3, 5, 11, 21, 22, 101])
            Assert.NotEmpty(language.Span(TimeSpan.FromDays(count)));
    }

    /// <summary>A translation that is the English text is a text that nobody translated, unless the languages share the word.</summary>
    [Theory]
    [MemberData(nameof(Others))]
    public void Nothing_is_left_in_English(string tag)
    {
        var same = Read(tag).Where(entry => entry.Value is JsonValue && entry.Value.GetValue<string>() == entry.Key).Select(entry => entry.Key).ToList();
        // Words that German, Dutch, Italian and others have taken over, and patterns without words.
        Assert.DoesNotContain(same, text => Word().Count(text) > 2);
        Assert.True(same.Count < 25, string.Join(" | ", same));
    }

    [Theory]
    [MemberData(nameof(Others))]
    public void No_text_has_markup(string tag) => Assert.DoesNotContain(Texts(Read(tag)), text => text.AsSpan().IndexOfAny("<>&\"") >= 0);

    private static IEnumerable<string> Texts(JsonObject file) => file.SelectMany(entry => entry.Value switch
    {
        JsonObject forms => forms.Select(form => form.Value!.GetValue<string>()),
        JsonArray => [],
        var text => [text!.GetValue<string>()],
    });

    private static JsonObject Read(string tag) =>
        JsonNode.Parse(File.ReadAllText(Repository.PathOf("src", "FunctionsAuth.Protocol", "Languages", "Texts", $"{tag}.json")), null, WithComments)!.AsObject();

    [GeneratedRegex(@"\p{L}{2,}")]
    private static partial Regex Word();
}
