using System.Globalization;
using System.Text;
using System.Text.Json.Serialization;

namespace FunctionsAuth.Protocol.Mail;

/// <summary>One message to one person. Text and HTML have the same content.</summary>
public sealed record MailMessage
{
    /// <summary>Characters: 64 before the at sign and 255 after it (RFC 5321 §4.5.3.1).</summary>
    public const int LongestAddress = 320;

    private const int LongestLocalPart = 64;
    private const int LongestDomain = 255;

    /// <summary>An address that <see cref="IsAddress"/> accepts.</summary>
    public required string To { get; init; }

    public required string Subject { get; init; }

    public required string Text { get; init; }

    public required string Html { get; init; }

    /// <summary>After this time the message is useless, for example because its link has expired; null for a day.</summary>
    public TimeSpan? GoodFor { get; init; }

    /// <summary>
    /// Accepts exactly one address: no list, no name, no comment, no quotes, no line ends and no SMTP commands. Other scripts are allowed (RFC 6531).
    /// </summary>
    public static bool IsAddress(string? text)
    {
        var at = text?.IndexOf('@', StringComparison.Ordinal) ?? -1;
        if (text is null || at is < 1 or > LongestLocalPart)
            return false;
        var (local, domain) = (text[..at], text[(at + 1)..]);
        return domain.Length is > 0 and <= LongestDomain && IsDotted(local) && IsDotted(domain) && text.All(IsPlain) && IsWellFormed(text)
            && domain.All(c => c > '\x7f' || char.IsAsciiLetterOrDigit(c) || c is '.' or '-');
    }

    private static bool IsDotted(string text) => text[0] != '.' && text[^1] != '.' && !text.Contains("..", StringComparison.Ordinal);

    // A lone surrogate has no UTF-8.
    private static bool IsWellFormed(string text) => !text.EnumerateRunes().Contains(Rune.ReplacementChar);

    // Invisible characters would make two addresses look alike.
    private static bool IsPlain(char c) =>
        c is > ' ' and not '\x7f' and not ('(' or ')' or '<' or '>' or '[' or ']' or ',' or ';' or ':' or '\\' or '"')
        && !(char.IsControl(c) || char.IsWhiteSpace(c) || char.GetUnicodeCategory(c) is UnicodeCategory.Format);
}

/// <summary>The form of a message in a row of the outbox.</summary>
[JsonSerializable(typeof(MailMessage))]
internal sealed partial class MailJson : JsonSerializerContext;
