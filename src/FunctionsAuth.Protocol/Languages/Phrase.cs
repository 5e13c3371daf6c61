using System.Globalization;

namespace FunctionsAuth.Protocol.Languages;

/// <summary>
/// Something that a person reads, in any language. It is written in English where it is said, and the English text with its numbered holes is the
/// key under which the files of the other languages have it.
/// </summary>
public sealed class Phrase
{
    private readonly FormattableString text;

    private Phrase(FormattableString text, IReadOnlyDictionary<string, string>? byTag = null) => (this.text, ByTag) = (text, byTag);

    /// <summary>What its author says in other languages, by language tag; null where it is said in one.</summary>
    public IReadOnlyDictionary<string, string>? ByTag { get; }

    /// <summary>The English text, with <c>{0}</c> and so on for what stands in it.</summary>
    public string Pattern => text.Format;

    /// <summary>
    /// What stands in it: texts of people and operators, which are never translated; other phrases; numbers, of which the first decides the plural; moments
    /// and spans of time.
    /// </summary>
    public IReadOnlyList<object?> Values => text.GetArguments();

    /// <param name="text">One literal, so that the tests find it: <c>$"You have {count} codes left."</c>.</param>
    public static Phrase Of(FormattableString text) => new(text);

    /// <summary>A text that is not one of ours, such as a name. If it is one of ours all the same, such as the name of a standard scope, it is translated.</summary>
    /// <param name="byTag">See <see cref="ByTag"/>.</param>
    public static Phrase Named(string text, IReadOnlyDictionary<string, string>? byTag = null) => new(new Literal(text), byTag);

    /// <summary>In English: for operators and logs.</summary>
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
