namespace FunctionsAuth.Cli;

/// <summary>The exit codes of the tool, for scripts.</summary>
public static class ExitCodes
{
    public const int Done = 0;

    /// <summary>The server refused the request, or a part of it.</summary>
    public const int Refused = 1;

    /// <summary>The command line is wrong, a file can't be read, or a question was not answered with yes.</summary>
    public const int Usage = 2;

    /// <summary>Nobody is signed in, or the sign-in has ended.</summary>
    public const int NotSignedIn = 3;

    /// <summary>The server did not answer, or could not execute the request at the moment.</summary>
    public const int Unreachable = 4;

    /// <summary><c>plan --exit-code</c> found changes.</summary>
    public const int HasChanges = 5;

    /// <summary>The user stopped the command; this is the usual value in shells.</summary>
    public const int Stopped = 130;
}
