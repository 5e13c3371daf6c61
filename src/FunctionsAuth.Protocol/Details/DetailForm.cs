using System.Text.Json;
using FunctionsAuth.Protocol.Pages;

namespace FunctionsAuth.Protocol.Details;

/// <summary>
/// Checks elements of a type, and makes their text for the consent page. A type whose lines would not show every member is refused, so that users see
/// everything that they grant.
/// </summary>
public sealed class DetailForm
{
    private const int MostLines = 50;
    private const int LongestText = 300;

    private readonly DetailSchema schema;
    private readonly IReadOnlyList<CheckedLine> lines;

    private DetailForm(DetailSchema schema, IReadOnlyList<CheckedLine> lines) => (this.schema, this.lines) = (schema, lines);

    /// <summary>Reads the schema and the lines of a type.</summary>
    /// <param name="problems">Gets all problems: the path of a member, and the rest of a sentence that begins with it.</param>
    /// <returns>Null when there is a problem.</returns>
    public static DetailForm? Read(AuthorizationDetailsType type, List<(string Member, string Problem)> problems)
    {
        var before = problems.Count;
        var schema = new DetailSchemaReader((path, problem) => problems.Add((path, problem))).ReadRoot(JsonSerializer.SerializeToElement(type.Schema), "schema");
        List<CheckedLine> lines = [];
        foreach (var (index, line) in type.Lines.Index())
        {
            if (CheckedLine.Of(line, $"lines[{index}]", problems) is { } read)
                lines.Add(read);
        }
        if (type.Lines.Count > MostLines)
            problems.Add(("lines", $"must have at most {MostLines} elements"));
        // Missing lines cannot be found while the schema has errors.
        if (schema is not null && problems.Count == before)
            problems.AddRange([.. LocationProblems(schema), .. CoverageProblems(DetailMember.AllOf(schema), lines)]);
        return problems.Count == before ? new DetailForm(schema!, lines) : null;
    }

    /// <inheritdoc cref="DetailSchema.ProblemOf"/>
    public string? ProblemOf(AuthorizationDetail detail, string path)
    {
        var members = MembersOf(detail);
        // A type may have no other members. Its title then says everything.
        return schema.Required.Count == 0 && !members.EnumerateObject().Any() ? null : schema.ProblemOf(members, path);
    }

    /// <summary>The lines for an element that is valid.</summary>
    public IEnumerable<ConsentLine> LinesOf(AuthorizationDetail detail) => lines.SelectMany(line => line.ShownFor(detail.Element));

    internal static string? ProblemOfText(string text) =>
        text.Length > LongestText || !ForeignText.IsFit(text) ? $"must have 1 to {LongestText} characters, all of them visible" : null;

    /// <summary>The element without its type.</summary>
    private static JsonElement MembersOf(AuthorizationDetail detail) =>
        JsonSerializer.SerializeToElement(detail.Element.EnumerateObject().Where(member => member.Name != "type").ToDictionary(member => member.Name, member => member.Value));

    private static IEnumerable<(string Member, string Problem)> LocationProblems(DetailSchema schema) =>
        schema.Properties.TryGetValue(AuthorizationDetail.Locations, out var locations) && locations is not { Type: DetailSchema.Array, Items.Type: DetailSchema.String }
            ? [($"schema.properties.{AuthorizationDetail.Locations}", "must be an array of strings: they are the identifiers of resources (RFC 9396 section 2.2)")]
            : [];

    private static IEnumerable<(string Member, string Problem)> CoverageProblems(IReadOnlyList<DetailMember> members, List<CheckedLine> lines)
    {
        var byPath = members.ToDictionary(member => member.Path);
        foreach (var (index, line) in lines.Index())
        {
            foreach (var path in line.Paths.Where(path => !byPath.ContainsKey(path)))
                yield return ($"lines[{index}].text", $"names {path}, which is not a member of the schema with a single value");
            if (line.Paths.Select(path => byPath.GetValueOrDefault(path)?.List).OfType<string>().Distinct().Count() > 1)
                yield return ($"lines[{index}].text", "names members of more than one array of objects");
        }
        foreach (var member in members.Where(member => !member.SaysNothing))
        {
            if (!lines.Any(line => line.Paths.Contains(member.Path) && line.Paths.All(path => byPath.TryGetValue(path, out var other) && other.IsThereWith(member))))
                yield return ("lines", $"must have one that shows {member.Path}, without members that can be absent when it is there");
        }
    }
}

/// <summary>A member of a type that has one or several values of its own.</summary>
/// <param name="Path">Its name, behind the names of the objects and arrays that it is in.</param>
/// <param name="Conditions">The paths, including its own, that can be absent when their parent is present.</param>
/// <param name="List">The array of objects that it is in; null for none.</param>
/// <param name="SaysNothing">It is always there and always the same.</param>
internal sealed record DetailMember(string Path, IReadOnlyList<string> Conditions, string? List, bool SaysNothing)
{
    /// <summary>Whenever the other one is there, this one is.</summary>
    public bool IsThereWith(DetailMember other) => Conditions.All(other.Conditions.Contains) && (List is null || List == other.List);

    public static IReadOnlyList<DetailMember> AllOf(DetailSchema schema) => [.. Of(schema, "", [], null)];

    private static IEnumerable<DetailMember> Of(DetailSchema schema, string path, IReadOnlyList<string> conditions, string? list)
    {
        if (schema.Type == DetailSchema.Object)
            return schema.Properties.SelectMany(member => OfMember(schema, member.Key, member.Value, path, conditions, list));
        if (schema is { Type: DetailSchema.Array, Items.Type: DetailSchema.Object })
            return Of(schema.Items, path, conditions, path);
        return [new DetailMember(path, conditions, list, schema.IsConstant && conditions.Count == 0 && list is null)];
    }

    private static IEnumerable<DetailMember> OfMember(DetailSchema parent, string name, DetailSchema schema, string path, IReadOnlyList<string> conditions, string? list)
    {
        var own = path.Length == 0 ? name : $"{path}.{name}";
        return Of(schema, own, parent.Required.Contains(name) ? conditions : [.. conditions, own], list);
    }
}
