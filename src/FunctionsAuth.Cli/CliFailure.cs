namespace FunctionsAuth.Cli;

/// <summary>Ends a command with a sentence for the person who typed it.</summary>
/// <param name="exitCode">One of <see cref="ExitCodes"/>.</param>
/// <param name="lines">Below the sentence, such as each fault of a file.</param>
internal sealed class CliFailure(int exitCode, string sentence, params IReadOnlyList<string> lines) : Exception(sentence)
{
    public int ExitCode => exitCode;

    public IReadOnlyList<string> Lines => lines;

    /// <summary>What the command names is not there.</summary>
    public bool IsMissing { get; init; }

    public static CliFailure Usage(string sentence) => new(ExitCodes.Usage, sentence);

    public static CliFailure NotSignedIn(string sentence) => new(ExitCodes.NotSignedIn, sentence);

    public static CliFailure Unreachable(string sentence) => new(ExitCodes.Unreachable, sentence);

    /// <summary>What the server answered is not what this tool understands.</summary>
    public static CliFailure Refused(string sentence, params IReadOnlyList<string> lines) => new(ExitCodes.Refused, sentence, lines);
}
