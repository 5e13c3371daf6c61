namespace FunctionsAuth.Cli;

/// <summary>Ends a command with a sentence for the person who typed it.</summary>
/// <param name="exitCode">One of <see cref="ExitCodes"/>.</param>
/// <param name="lines">Lines below the sentence, such as each error of a file.</param>
internal sealed class CliFailure(int exitCode, string sentence, params IReadOnlyList<string> lines) : Exception(sentence)
{
    public int ExitCode => exitCode;

    public IReadOnlyList<string> Lines => lines;

    /// <summary>The record that the command names does not exist.</summary>
    public bool IsMissing { get; init; }

    public static CliFailure Usage(string sentence) => new(ExitCodes.Usage, sentence);

    public static CliFailure NotSignedIn(string sentence) => new(ExitCodes.NotSignedIn, sentence);

    public static CliFailure Unreachable(string sentence) => new(ExitCodes.Unreachable, sentence);

    /// <summary>This tool does not understand the answer of the server.</summary>
    public static CliFailure Refused(string sentence, params IReadOnlyList<string> lines) => new(ExitCodes.Refused, sentence, lines);
}
