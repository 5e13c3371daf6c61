using System.Security.Cryptography;

namespace FunctionsAuth.Conformance.Client;

/// <summary>Values that nobody can guess, of the lengths and characters that the suite uses.</summary>
internal static class RandomText
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const string LettersAndDigits = Letters + "0123456789";

    public static string Of(int length) => RandomNumberGenerator.GetString(LettersAndDigits, length);

    /// <summary>With the four other characters that a URL never encodes at its end.</summary>
    public static string LongOf(int length) => Of(length - 4) + "-._~";

    /// <summary>A state of logout: 50 letters, 10 digits, 30 of the rest of printable ASCII without space, plus and semicolon.</summary>
    public static string Printable() =>
        RandomNumberGenerator.GetString(Letters, 50) + RandomNumberGenerator.GetString("0123456789", 10) + RandomNumberGenerator.GetString("!\"#$%&'()*,-./:<=>?@[\\]^_`{|}~", 30);
}
