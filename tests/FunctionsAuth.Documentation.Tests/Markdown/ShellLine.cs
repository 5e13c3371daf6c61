using System.Text;
using System.Text.RegularExpressions;

namespace FunctionsAuth.Documentation.Tests.Markdown;

/// <summary>The command lines in code.</summary>
internal static partial class ShellLine
{
    /// <summary>The commands in a block: lines that go on behind a backslash are one.</summary>
    public static IEnumerable<string> Commands(string block) =>
        Continued().Replace(block, " ").Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0 && !line.StartsWith('#'));

    /// <summary>The words behind a program's name, as a shell would split them, up to a comment, a pipe or the next command; null where the line does not call the program.</summary>
    public static List<string>? WordsBehind(string line, string program)
    {
        if (Regex.Match(line, $@"(?:^|[\s(;&|])(?:\$ )?{Regex.Escape(program)}(?=\s|$)") is not { Success: true } call)
            return null;
        return Split(Placeholder().Replace(line[(call.Index + call.Length)..], "placeholder"));
    }

    private static List<string> Split(string text)
    {
        List<string> words = [];
        StringBuilder? word = null;
        char? quote = null;
        foreach (var c in text)
        {
            if (quote is not null)
            {
                if (c == quote)
                    quote = null;
                else
                    word!.Append(c);
            }
            else if (c is '"' or '\'')
            {
                quote = c;
                word ??= new StringBuilder();
            }
            else if (c is '#' or '|' or ';' or '&' or '>' or '<' or ')' && (word is null || c is ')' or ';'))
                break;
            else if (!char.IsWhiteSpace(c))
                (word ??= new StringBuilder()).Append(c);
            else if (word is not null)
            {
                words.Add(word.ToString());
                word = null;
            }
        }
        if (word is not null)
            words.Add(word.ToString());
        // Three dots behind an option are its value.
        return [.. words.Where((one, i) => one is not ("..." or "…" or "--") || (i > 0 && words[i - 1].StartsWith("--", StringComparison.Ordinal) && words[i - 1].Length > 2))];
    }

    [GeneratedRegex(@"[ \t]*[\\`]\n[ \t]*")]
    private static partial Regex Continued();

    [GeneratedRegex(@"<[^>\n]+>")]
    private static partial Regex Placeholder();
}
