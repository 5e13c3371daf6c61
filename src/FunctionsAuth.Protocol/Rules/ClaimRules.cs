using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace FunctionsAuth.Protocol.Rules;

/// <summary>
/// Rules for the claims of a user. Claims of OpenID Connect Core §5.1 must have their defined form; the operator's own claims can have any form. Each problem
/// consists of the path of a member and the rest of a sentence that begins with this path.
/// </summary>
internal static partial class ClaimRules
{
    /// <summary>Claims about a token, a session or a client. A user's claim with such a name would forge it.</summary>
    private static readonly HashSet<string> Reserved =
    [
        "iss", "sub", "aud", "exp", "nbf", "iat", "jti", "nonce", "auth_time", "acr", "amr", "azp", "sid", "at_hash", "c_hash", "s_hash",
        "client_id", "scope", "cnf", "act", "may_act", "events", "active", "token_type", "_claim_names", "_claim_sources",
    ];

    private static readonly Dictionary<string, Func<JsonElement, string?>> Standard = new()
    {
        ["name"] = Text,
        ["given_name"] = Text,
        ["family_name"] = Text,
        ["middle_name"] = Text,
        ["nickname"] = Text,
        ["preferred_username"] = Text,
        ["gender"] = Text,
        ["zoneinfo"] = Text,
        ["locale"] = Text,
        ["phone_number"] = Text,
        ["profile"] = Url,
        ["picture"] = Url,
        ["website"] = Url,
        ["email"] = Email,
        ["email_verified"] = Boolean,
        ["phone_number_verified"] = Boolean,
        ["updated_at"] = value => value.ValueKind == JsonValueKind.Number ? null : "must be a number: seconds since 1970",
        ["birthdate"] = Birthdate,
    };

    public static IEnumerable<(string Member, string Problem)> ProblemsOf(JsonElement claims)
    {
        foreach (var claim in claims.EnumerateObject())
        {
            if (claim.Value.ValueKind == JsonValueKind.Null)
                yield return (claim.Name, "must not be null; leave it out instead");
            else if (claim.Name == "address")
            {
                foreach (var (member, problem) in Address(claim.Value))
                    yield return (member, problem);
            }
            else if ((ProblemOfName(claim.Name) ?? Standard.GetValueOrDefault(claim.Name)?.Invoke(claim.Value)) is { } problem)
                yield return (claim.Name, problem);
        }
    }

    public static string? ProblemOfName(string name) =>
        string.IsNullOrWhiteSpace(name) ? "must have a name"
        : Reserved.Contains(name) ? "is a claim of the protocol, which the server sets itself"
        : null;

    private static IEnumerable<(string Member, string Problem)> Address(JsonElement address)
    {
        if (address.ValueKind != JsonValueKind.Object)
            return [("address", "must be an object")];
        return
            from member in address.EnumerateObject()
            let problem = Text(member.Value)
            where problem is not null
            select ($"address.{member.Name}", problem);
    }

    private static string? Text(JsonElement value) =>
        value.ValueKind == JsonValueKind.String && !string.IsNullOrWhiteSpace(value.GetString()) ? null : "must be a string that is not empty";

    private static string? Boolean(JsonElement value) =>
        value.ValueKind is JsonValueKind.True or JsonValueKind.False ? null : "must be true or false";

    private static string? Url(JsonElement value) =>
        value.ValueKind == JsonValueKind.String && Uri.TryCreate(value.GetString(), UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http"
            ? null
            : "must be an absolute http or https URL";

    private static string? Email(JsonElement value) =>
        value.ValueKind == JsonValueKind.String && EmailAddress().IsMatch(value.GetString()!) ? null : "must be an email address";

    /// <summary>A date of ISO 8601-1, a year alone, or the year 0000 for a user who does not want to give the year.</summary>
    private static string? Birthdate(JsonElement value)
    {
        var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
        var isYear = Year().IsMatch(text);
        // DateOnly does not support the year 0000. The year 2000 has a 29 February, too.
        var date = text.StartsWith("0000-", StringComparison.Ordinal) ? "2000" + text[4..] : text;
        return isYear || DateOnly.TryParseExact(date, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
            ? null
            : "must be YYYY-MM-DD or YYYY";
    }

    [GeneratedRegex(@"^(?=.{3,256}\z)[^@\s]+@[^@\s]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex EmailAddress();

    [GeneratedRegex(@"^[0-9]{4}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Year();
}
