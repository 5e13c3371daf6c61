using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Languages;

namespace FunctionsAuth.Protocol.Tests.Languages;

/// <summary>Forms of texts that have a count, as Unicode CLDR has them.</summary>
public sealed class PluralTests
{
    [Theory]
    [InlineData("none", "other other other other other other other")]
    [InlineData("one", "other one other other other other other")]
    [InlineData("zero-one", "one one other other other other other")]
    [InlineData("polish", "many one few many many many few")]
    [InlineData("east-slavic", "many one few many many one few")]
    [InlineData("czech", "other one few other other other other")]
    [InlineData("romanian", "few one few few few other other")]
    [InlineData("arabic", "zero one two few many many many")]
    public void A_count_has_its_category(string rule, string categories) =>
        Assert.Equal(categories, string.Join(' ', ((long[])[0, 1, 2, 5, 11, 21, 22]).Select(PluralRule.Find(rule)!.CategoryOf)));

    [Theory]
    [InlineData("en", 1, "1 day")]
    [InlineData("en", 30, "30 days")]
    [InlineData("de", 1, "1 Tag")]
    [InlineData("de", 30, "30 Tage")]
    [InlineData("pl", 2, "2 dni")]
    [InlineData("pl", 1, "1 dzień")]
    [InlineData("ja", 2, "2日間")]
    public void A_span_of_time_is_written(string tag, int days, string text) => Assert.Equal(text, new LanguageSet(new ServerOptions())[tag].Span(TimeSpan.FromDays(days)));
}
