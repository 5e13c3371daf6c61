using FunctionsAuth.Protocol.Json;

namespace FunctionsAuth.Protocol.Import;

/// <summary>Collects problems, so that the author of a file sees all of them at once.</summary>
internal sealed class ProblemList(JsonLines lines)
{
    private readonly List<ImportProblem> problems = [.. lines.Repeats.Select(repeat => new ImportProblem(repeat.Line, repeat.Path, "occurs twice"))];

    public void Add(string path, string problem) => problems.Add(new ImportProblem(lines.Of(path), path, problem));

    /// <exception cref="ImportException">There is a problem.</exception>
    public void ThrowIfAny()
    {
        // Both members of a repeated name can have the same problem. The known line is that of the first.
        if (problems.Count > 0)
            throw new ImportException([.. problems.Distinct().OrderBy(problem => problem.Line)]);
    }
}
