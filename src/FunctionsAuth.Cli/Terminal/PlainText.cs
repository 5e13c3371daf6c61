namespace FunctionsAuth.Cli.Terminal;

/// <summary>Text of a server for a terminal.</summary>
internal static class PlainText
{
    /// <summary>Removes control characters, because a terminal would execute them, and anybody may have written the text.</summary>
    public static string Of(string text) => text.Any(IsUnsafe) ? string.Concat(text.Select(c => IsUnsafe(c) ? '\uFFFD' : c)) : text;

    private static bool IsUnsafe(char c) => char.IsControl(c) && c is not ('\n' or '\t');
}
