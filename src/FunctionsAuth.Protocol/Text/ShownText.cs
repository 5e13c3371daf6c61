using System.Globalization;
using System.Text;

namespace FunctionsAuth.Protocol.Text;

/// <summary>Text that users read to make decisions, such as the names of users and apps.</summary>
public static class ShownText
{
    private const char ZeroWidthNonJoiner = '\u200C';
    private const char ZeroWidthJoiner = '\u200D';

    // Characters that are drawn as nothing or as a space, although their category is letter or mark.
    private static readonly int[] Blank = [0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B, 0x180C, 0x180D, 0x180E, 0x180F, 0x2800, 0x3164, 0xFFA0];

    /// <summary>
    /// Whether the text contains invisible characters that change the look of the text around them: controls, overrides of the writing direction, line ends.
    /// The joiners are allowed, because Persian, Hindi and emoji need them.
    /// </summary>
    public static bool HasHiddenMeaning(string text) => text.EnumerateRunes().Any(rune => rune.Value is not (ZeroWidthNonJoiner or ZeroWidthJoiner) && IsControl(rune));

    /// <summary>Whether the text contains any invisible character, so that two different texts could look the same.</summary>
    public static bool HasInvisible(string text) => text.EnumerateRunes().Any(rune => IsControl(rune) || IsInvisible(rune));

    private static bool IsControl(Rune rune) => Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    private static bool IsInvisible(Rune rune) =>
        Blank.Contains(rune.Value) || rune.Value is (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0000 and <= 0xE0FFF)
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.PrivateUse or UnicodeCategory.Surrogate;
}
