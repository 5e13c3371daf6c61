using System.Globalization;

namespace FunctionsAuth.Protocol.Languages;

/// <summary>
/// A text for users that can be translated. The code contains it in English. The English text with its numbered placeholders is the key of the translations
/// in the language files.
/// </summary>
public sealed class Phrase
{
    private readonly FormattableString text;

    private Phrase(FormattableString text, IReadOnlyDictionary<string, string>? byTag = null) => (this.text, ByTag) = (text, byTag);

    /// <summary>Translations by the author of the text, by language tag; null if the author wrote only one language.</summary>
    public IReadOnlyDictionary<string, string>? ByTag { get; }

    /// <summary>The English text, with placeholders such as <c>{0}</c> for the values.</summary>
    public string Pattern => text.Format;

    /// <summary>
    /// The values: texts of users and operators, which are never translated; other phrases; numbers, of which the first decides the plural form; times and
    /// time spans.
    /// </summary>
    public IReadOnlyList<object?> Values => text.GetArguments();

    /// <param name="text">A single literal, so that the tests find it: <c>$"You have {count} codes left."</c>.</param>
    public static Phrase Of(FormattableString text) => new(text);

    /// <summary>
    /// A text that is not from this code, such as a name. It is translated if it equals one of the texts of the language files, such as the name of a
    /// standard scope.
    /// </summary>
    /// <param name="byTag">See <see cref="ByTag"/>.</param>
    public static Phrase Named(string text, IReadOnlyDictionary<string, string>? byTag = null) => new(new Literal(text), byTag);

    /// <summary>The text in English, for operators and logs.</summary>
    public override string ToString() => text.ToString(CultureInfo.InvariantCulture);

    private sealed class Literal(string text) : FormattableString
    {
        public override int ArgumentCount => 0;

        public override string Format => text;

        public override object?[] GetArguments() => [];

        public override object? GetArgument(int index) => throw new ArgumentOutOfRangeException(nameof(index));

        public override string ToString(IFormatProvider? formatProvider) => text;
    }
}
