using FunctionsAuth.Protocol.Json;

namespace FunctionsAuth.Protocol.Import;

/// <summary>Collects what is wrong, so that a person who repairs a file sees all of it at once.</summary>
internal sealed class ProblemList(JsonLines lines)
{
    private readonly List<ImportProblem> problems = [.. lines.Repeats.Select(repeat => new ImportProblem(repeat.Line, repeat.Path, "occurs twice"))];

    public void Add(string path, string problem) => problems.Add(new ImportProblem(lines.Of(path), path, problem));

    /// <exception cref="ImportException">There is a problem.</exception>
    public void ThrowIfAny()
    {
        // The two members of a repeated one can have the same problem; the line that is known is the first one's.
        if (problems.Count > 0)
            throw new ImportException([.. problems.Distinct().OrderBy(problem => problem.Line)]);
    }
}
