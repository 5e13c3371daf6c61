namespace FunctionsAuth.Dev;

/// <summary>A problem that the user can correct: one sentence on stderr, without a stack trace.</summary>
internal sealed class Problem(string message, int exitCode = 2) : Exception(message)
{
    public int ExitCode => exitCode;
}
