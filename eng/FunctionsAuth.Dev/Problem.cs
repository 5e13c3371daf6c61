namespace FunctionsAuth.Dev;

/// <summary>What a person can put right: one sentence on stderr, no stack trace.</summary>
internal sealed class Problem(string message, int exitCode = 2) : Exception(message)
{
    public int ExitCode => exitCode;
}
