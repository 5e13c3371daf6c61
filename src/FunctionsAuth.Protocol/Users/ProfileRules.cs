using System.Text.RegularExpressions;
using FunctionsAuth.Protocol.Text;

namespace FunctionsAuth.Protocol.Users;

/// <summary>Rules for the values of one's own profile.</summary>
public static partial class ProfileRules
{
    public const int MaxLength = 200;

    private const int MaxAddressLength = 1000;

    /// <returns>A sentence for the user, or null when the value is allowed.</returns>
    public static Phrase? ProblemOf(string claim, string value) => claim switch
    {
        // OpenID Connect Core §5.1: apps show the value, so a browser must be able to load it safely.
        "picture" or "profile" or "website" => IsAddress(value) ? null : Phrase.Of($"Write an address that begins with https:// and has at most {MaxAddressLength} characters, or leave it empty."),
        "locale" => Locale().IsMatch(value) ? null : Phrase.Of($"Write a language such as en or de-CH, or leave it empty."),
        _ => value.Length > MaxLength || ShownText.HasHiddenMeaning(value) ? Phrase.Of($"Write at most {MaxLength} characters, all of them visible.") : null,
    };

    private static bool IsAddress(string value) =>
        value.Length <= MaxAddressLength && Uri.TryCreate(value, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps && uri.UserInfo.Length == 0 && !ShownText.HasInvisible(value);

    [GeneratedRegex(@"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,6}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Locale();
}
