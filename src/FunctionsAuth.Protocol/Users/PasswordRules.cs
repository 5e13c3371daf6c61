using System.Text;
using FunctionsAuth.Protocol.Text;

namespace FunctionsAuth.Protocol.Users;

/// <summary>Rules for passwords: NIST SP 800-63B-4 §3.1.1.2. Length counts, and the passwords that attackers try first are refused.</summary>
public static class PasswordRules
{
    /// <summary>In characters.</summary>
    public const int MinLength = 12;

    /// <summary>A longer password makes hashing slower and helps nobody. In characters.</summary>
    public const int MaxLength = 1000;

    /// <summary>A shorter username or word occurs in too many good passwords.</summary>
    private const int ShortestWord = 4;

    private const int FewestDifferent = 5;

    /// <summary>The number of characters that a password must have in addition to common words.</summary>
    private const int FewestOwn = 6;

    // Words that attackers try first and words that people combine to reach the minimum length. Longer words come first.
    private static readonly string[] Common =
    [
        "correcthorsebatterystaple", "qwertzuiopasdfghjklyxcvbnm", "qwertyuiopasdfghjklzxcvbnm", "azertyuiop", "qwertyuiop", "qwertzuiop", "asdfghjkl", "yxcvbnm", "zxcvbnm",
        "1q2w3e4r5t6z", "1q2w3e4r5t6y", "1q2w3e4r", "qazwsxedc", "administrator", "passwordpassword", "iloveyou", "sunshine", "princess", "football", "baseball", "superman",
        "trustno1", "starwars", "whatever", "changeme", "password", "passwort", "passw0rd", "geheim", "welcome", "willkommen", "dragon", "monkey", "master", "shadow", "secret",
        "summer", "winter", "spring", "autumn", "january", "december", "hallo", "hello", "letmein", "qwerty", "qwertz", "azerty", "asdfgh", "login", "admin", "guest",
        "abcdefghijklmnopqrstuvwxyz", "abcdefgh", "abcdef", "12345678901234567890", "1234567890", "12345678", "123456", "1234", "0987654321", "987654321", "654321", "4321", "1111", "0000", "test", "user", "love", "pass",
    ];

    /// <summary>The normalized form of the password, which does not depend on the keyboard. This form is hashed.</summary>
    public static string Normalize(string password) => NormalForm.Canonical(password);

    /// <returns>A sentence for the user who chose the password, or null when the password is allowed.</returns>
    public static Phrase? ProblemOf(string password, string username)
    {
        if (password.EnumerateRunes().Count() < MinLength || password.Length > MaxLength)
            return Phrase.Of($"Choose a password of {MinLength} to {MaxLength} characters.");
        var text = LoginName.Normalize(password);
        var name = LoginName.Normalize(username);
        if (name.Length >= ShortestWord && text.Contains(name, StringComparison.Ordinal))
            return Phrase.Of($"Choose a password that does not have your username in it.");
        return IsGuessed(text) ? Phrase.Of($"Choose a password that is harder to guess, such as four words that have nothing to do with each other.") : null;
    }

    /// <summary>Few different characters, repetitions, a row of the alphabet or the keyboard, or a common password with little added.</summary>
    private static bool IsGuessed(string text) =>
        text.Distinct().Count() < FewestDifferent || IsRepeated(text) || OwnOf(text) < FewestOwn;

    private static bool IsRepeated(string text)
    {
        for (var length = 1; length <= text.Length / 2; length++)
        {
            if (text.Length % length == 0 && text.Chunk(length).All(part => part.AsSpan().SequenceEqual(text.AsSpan(0, length))))
                return true;
        }
        return false;
    }

    /// <summary>The number of characters that remain without common words. Digits and signs that look like letters count as letters.</summary>
    private static int OwnOf(string text)
    {
        var left = new StringBuilder(text).Replace('0', 'o').Replace('1', 'i').Replace('3', 'e').Replace('4', 'a').Replace('5', 's').Replace('@', 'a').Replace('$', 's').Replace('!', 'i').ToString();
        return Math.Min(WithoutCommon(text), WithoutCommon(left));
    }

    private static int WithoutCommon(string text)
    {
        foreach (var word in Common)
            text = text.Replace(word, "", StringComparison.Ordinal);
        // People add years, digits and signs to a word to reach the minimum length.
        return text.Trim().Count(char.IsLetter) + (text.Count(c => !char.IsLetter(c)) / 2);
    }
}
