using System.Text.Json.Nodes;

namespace FunctionsAuth.Protocol.Manage.Plans;

/// <summary>The changes that a configuration would make.</summary>
/// <param name="Etag">The entity tag of the compared configuration. A request with it in <c>If-Match</c> makes exactly these changes.</param>
/// <param name="Text">The changes as text for people.</param>
public sealed record ConfigurationPlan(IReadOnlyList<PlannedChange> Changes, string Etag, string Text)
{
    private const string Secrets = "client_secrets";

    /// <param name="sections">The sections that the file has. Nothing is deleted from other sections.</param>
    public static ConfigurationPlan Of(JsonObject before, JsonObject after, IReadOnlySet<string> sections, bool prune, string etag)
    {
        List<PlannedChange> changes = [];
        foreach (var (section, key) in ConfigurationText.Sections)
        {
            var (stored, wanted) = (ByName(before, section, key), ByName(after, section, key));
            foreach (var (name, record) in wanted)
            {
                if (!stored.TryGetValue(name, out var known))
                    changes.Add(new PlannedChange(section, name, "create", Differences(new JsonObject { [key] = name }, record)));
                else if (Differences(known, record) is { Count: > 0 } members)
                    changes.Add(new PlannedChange(section, name, "change", members));
            }
            if (prune && sections.Contains(section))
                changes.AddRange(stored.Keys.Except(wanted.Keys).Select(name => new PlannedChange(section, name, "delete", [])));
        }
        return new ConfigurationPlan(changes, etag, string.Join('\n', changes.Select(change => change.Describe())));
    }

    private static Dictionary<string, JsonObject> ByName(JsonObject configuration, string section, string key) =>
        (configuration[section] as JsonArray ?? []).Select(item => item!.AsObject()).ToDictionary(item => (string)item[key]!);

    private static List<PlannedMember> Differences(JsonObject before, JsonObject after) =>
    [
        .. from name in before.Select(member => member.Key).Union(after.Select(member => member.Key))
           where !JsonNode.DeepEquals(before[name], after[name])
           select name == Secrets
               ? new PlannedMember(name, $"{(before[name] as JsonArray)?.Count ?? 0} secrets", $"{(after[name] as JsonArray)?.Count ?? 0} secrets")
               : new PlannedMember(name, before[name]?.DeepClone(), after[name]?.DeepClone()),
    ];
}

/// <param name="Section">Such as <c>clients</c>.</param>
/// <param name="Action"><c>create</c>, <c>change</c> or <c>delete</c>.</param>
public sealed record PlannedChange(string Section, string Name, string Action, IReadOnlyList<PlannedMember> Members)
{
    /// <summary>Lines for a person.</summary>
    public string Describe() => string.Join('\n', Members.Select(member => member.Describe()).Prepend($"{Mark} {Section} {Name}"));

    private string Mark => Action switch { "create" => "+", "delete" => "-", _ => "~" };
}

/// <param name="Before">Null if the member had its default value.</param>
/// <param name="After">Null if the member gets its default value.</param>
public sealed record PlannedMember(string Member, JsonNode? Before, JsonNode? After)
{
    public string Describe() => $"    {Member}: {TextOf(Before)} -> {TextOf(After)}";

    private static string TextOf(JsonNode? value) => value?.ToJsonString(Rules.RecordJson.Options) ?? "(default)";
}

/// <summary>What was done.</summary>
public sealed record ConfigurationResult(int Created, int Changed, int Deleted, string Etag);
