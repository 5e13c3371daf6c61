namespace FunctionsAuth.Protocol.Import;

/// <summary>One problem in an import file.</summary>
/// <param name="Line">Counted from 1.</param>
/// <param name="Path">The place in the JSON, such as <c>clients[2].redirect_uris[0]</c>; empty for the file as a whole.</param>
/// <param name="Problem">The problem, as the rest of a sentence that begins with the path. It quotes no secret.</param>
public sealed record ImportProblem(int Line, string Path, string Problem)
{
    /// <summary>The sentence, for the person who wrote the file.</summary>
    public override string ToString() => $"Line {Line}: {(Path.Length == 0 ? "the file" : Path)} {Problem}.";
}

/// <summary>The whole import file is refused. The message has one line for each problem.</summary>
public sealed class ImportException(IReadOnlyList<ImportProblem> problems) : Exception(string.Join('\n', problems))
{
    /// <summary>All problems, in the order of the lines.</summary>
    public IReadOnlyList<ImportProblem> Problems => problems;
}
