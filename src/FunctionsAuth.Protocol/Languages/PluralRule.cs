namespace FunctionsAuth.Protocol.Languages;

/// <summary>Decides which form of a text a count needs. The rules and their names are from Unicode CLDR, for whole numbers.</summary>
public sealed class PluralRule
{
    public const string Other = "other";

    private static readonly PluralRule[] All =
    [
        // Japanese, Chinese, Korean, Vietnamese, Thai, Indonesian.
        new("none", [Other], _ => Other),

        // English, German, Dutch, Italian, Spanish, the Nordic languages, and most others.
        new("one", ["one", Other], n => n == 1 ? "one" : Other),

        // French and Brazilian Portuguese.
        new("zero-one", ["one", Other], n => n is 0 or 1 ? "one" : Other),

        // Polish and the East Slavic languages use "other" for fractions only.
        new("polish", ["one", "few", "many"], n => n == 1 ? "one" : IsFew(n) ? "few" : "many"),

        // Russian, Ukrainian.
        new("east-slavic", ["one", "few", "many"], n => n % 10 == 1 && n % 100 != 11 ? "one" : IsFew(n) ? "few" : "many"),

        // Czech, Slovak.
        new("czech", ["one", "few", Other], n => n switch { 1 => "one", >= 2 and <= 4 => "few", _ => Other }),

        new("romanian", ["one", "few", Other], n => n == 1 ? "one" : n == 0 || n % 100 is >= 1 and <= 19 ? "few" : Other),

        new("arabic", ["zero", "one", "two", "few", "many", Other], n => n switch { 0 => "zero", 1 => "one", 2 => "two", _ => (n % 100) switch { >= 3 and <= 10 => "few", >= 11 => "many", _ => Other } }),
    ];

    private readonly Func<long, string> categoryOf;

    private PluralRule(string name, string[] categories, Func<long, string> categoryOf) => (Name, Categories, this.categoryOf) = (name, categories, categoryOf);

    /// <summary>The name of the rule in language files.</summary>
    public string Name { get; }

    /// <summary>The forms that a text with a count must have.</summary>
    public IReadOnlyList<string> Categories { get; }

    public static IEnumerable<string> Names => All.Select(rule => rule.Name);

    public static PluralRule? Find(string name) => Array.Find(All, rule => rule.Name == name);

    public string CategoryOf(long count) => categoryOf(Math.Abs(count));

    private static bool IsFew(long n) => n % 10 is >= 2 and <= 4 && n % 100 is not (>= 12 and <= 14);
}
