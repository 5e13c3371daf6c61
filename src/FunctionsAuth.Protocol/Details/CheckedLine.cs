using System.Text.Json;
using FunctionsAuth.Protocol.Pages;

namespace FunctionsAuth.Protocol.Details;

/// <summary>A line of a type. It names the same members in every language.</summary>
internal sealed class CheckedLine
{
    private const string BracesProblem = "must have braces only around the names of members, such as {amount.value}";

    private readonly Phrase text;

    private CheckedLine(Phrase text, IReadOnlyList<string> paths) => (this.text, Paths) = (text, paths);

    /// <summary>The members that it names.</summary>
    public IReadOnlyList<string> Paths { get; }

    /// <returns>Null when the line has an error.</returns>
    public static CheckedLine? Of(DetailLine line, string path, List<(string Member, string Problem)> problems)
    {
        var before = problems.Count;
        var paths = PathsOf(line.Text);
        if ((DetailForm.ProblemOfText(line.Text) ?? (paths is null ? BracesProblem : null)) is { } problem)
            problems.Add(($"{path}.text", problem));
        problems.AddRange(LocalTexts.ProblemsOf(line.Localized, ["text"], local => DetailForm.ProblemOfText(local) ?? ProblemOfLocal(local, paths)).Select(found => ($"{path}.{found.Member}", found.Problem)));
        return problems.Count == before ? new CheckedLine(line.ShownText, paths!) : null;
    }

    private static string? ProblemOfLocal(string local, IReadOnlyList<string>? paths) => PathsOf(local) switch
    {
        null => BracesProblem,
        { } own when paths is not null && !own.Order().SequenceEqual(paths.Order()) => "must name the same members as the text in the first language",
        _ => null,
    };

    private static List<string>? PathsOf(string text) => DetailTemplate.Split(text)?.Where(part => part.IsMember).Select(part => part.Text).Distinct().ToList();

    /// <summary>The line, if all members that it names are present: once, or for each element of the array of objects that it shows.</summary>
    public IEnumerable<ConsentLine> ShownFor(JsonElement detail)
    {
        var length = Paths.Max(path => (int?)LengthOf(detail, path.Split('.'))) ?? 0;
        for (var index = 0; index < Math.Max(1, length); index++)
        {
            var values = Paths.ToDictionary(path => path, path => ValuesOf(detail, path.Split('.'), index));
            if (values.Values.All(found => found.Count > 0))
                yield return new ConsentLine(text, values);
        }
    }

    /// <summary>The number of elements of the array of objects on the path; 0 without an array.</summary>
    private static int LengthOf(JsonElement element, ReadOnlySpan<string> path)
    {
        if (path.IsEmpty)
            return 0;
        if (element.ValueKind == JsonValueKind.Array)
            return element.GetArrayLength();
        return element.ValueKind == JsonValueKind.Object && element.TryGetProperty(path[0], out var member) ? LengthOf(member, path[1..]) : 0;
    }

    private static IReadOnlyList<string> ValuesOf(JsonElement element, ReadOnlySpan<string> path, int index)
    {
        if (path.IsEmpty)
            return element.ValueKind == JsonValueKind.Array ? [.. element.EnumerateArray().Select(TextOf)] : [TextOf(element)];
        if (element.ValueKind == JsonValueKind.Array)
            return ValuesOf(element[index], path, index);
        return element.ValueKind == JsonValueKind.Object && element.TryGetProperty(path[0], out var member) ? ValuesOf(member, path[1..], index) : [];
    }

    private static string TextOf(JsonElement element) => element.ValueKind == JsonValueKind.String ? element.GetString()! : element.GetRawText();
}
