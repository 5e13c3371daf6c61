using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace FunctionsAuth.Protocol.Languages;

/// <summary>
/// Texts of operators and clients in several languages. They are written as members with a language tag, such as <c>client_name#de</c> (OpenID Connect
/// Registration §2.1). One member of the record stores all of them under these names.
/// </summary>
public static partial class LocalTexts
{
    /// <summary>
    /// The member of a record that stores the texts. No input can set it directly, because a name with <c>#</c> is read as a member with a language tag.
    /// </summary>
    public const string Member = "#";

    private const char Separator = '#';

    /// <summary>Returns the object with its tagged members moved into <see cref="Member"/>.</summary>
    /// <param name="list">A member that is an array of objects, whose tagged members are moved in the same way; null for none.</param>
    public static JsonElement Gather(JsonElement item, string? list = null)
    {
        var hasList = list is not null && item.ValueKind == JsonValueKind.Object && item.TryGetProperty(list, out var elements) && elements.ValueKind == JsonValueKind.Array;
        if (item.ValueKind != JsonValueKind.Object || !(hasList || item.EnumerateObject().Any(IsTagged)))
            return item;
        var gathered = new JsonObject();
        var localized = new JsonObject();
        foreach (var member in item.EnumerateObject())
            (IsTagged(member) ? localized : gathered)[member.Name] = hasList && member.Name == list ? new JsonArray([.. member.Value.EnumerateArray().Select(element => NodeOf(Gather(element)))]) : NodeOf(member.Value);
        if (localized.Count > 0)
            gathered[Member] = localized;
        return JsonSerializer.SerializeToElement(gathered);
    }

    private static JsonNode? NodeOf(JsonElement value) =>
        JsonNode.Parse(value.GetRawText(), null, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });

    /// <summary>The texts of one member, by language tag; null if there are none.</summary>
    /// <param name="member">The name of the member, such as <c>client_name</c>.</param>
    public static IReadOnlyDictionary<string, string>? Of(IReadOnlyDictionary<string, string>? localized, string member)
    {
        if (localized is null)
            return null;
        var own = localized.Where(entry => entry.Key.StartsWith(member + Separator, StringComparison.Ordinal)).ToDictionary(entry => entry.Key[(member.Length + 1)..], entry => entry.Value, StringComparer.OrdinalIgnoreCase);
        return own.Count == 0 ? null : own;
    }

    /// <param name="members">The members that can have languages.</param>
    /// <param name="problemOf">The problem of a text; null if there is none.</param>
    public static IEnumerable<(string Member, string Problem)> ProblemsOf(IReadOnlyDictionary<string, string>? localized, IReadOnlyList<string> members, Func<string, string?> problemOf)
    {
        foreach (var (name, text) in localized ?? new Dictionary<string, string>())
        {
            var parts = name.Split(Separator, 2);
            if (!members.Contains(parts[0]))
                yield return (name, $"can't have a language: only {string.Join(" and ", members)} can");
            else if (parts.Length < 2 || !Tag().IsMatch(parts[1]))
                yield return (name, "must end in a language tag, such as #de or #pt-BR");
            else if (problemOf(text) is { } problem)
                yield return (name, problem);
        }
    }

    public static bool IsTagged(string member) => member.Contains(Separator, StringComparison.Ordinal);

    private static bool IsTagged(JsonProperty member) => IsTagged(member.Name);

    [GeneratedRegex(@"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}\z")]
    private static partial Regex Tag();
}
