namespace FunctionsAuth.Cli;

/// <summary>What scripts learn from how the tool ends.</summary>
public static class ExitCodes
{
    public const int Done = 0;

    /// <summary>The server refused it, or a part of it.</summary>
    public const int Refused = 1;

    /// <summary>The command line is wrong, a file can't be read, or a question was not answered with yes.</summary>
    public const int Usage = 2;

    /// <summary>Nobody is signed in, or not any more.</summary>
    public const int NotSignedIn = 3;

    /// <summary>The server did not answer, or could not do it at the moment.</summary>
    public const int Unreachable = 4;

    /// <summary><c>plan --exit-code</c> found changes.</summary>
    public const int HasChanges = 5;

    /// <summary>The person stopped it, as shells count it.</summary>
    public const int Stopped = 130;
}
