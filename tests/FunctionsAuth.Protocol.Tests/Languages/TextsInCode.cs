using System.Text;
using System.Text.RegularExpressions;

namespace FunctionsAuth.Protocol.Tests.Languages;

/// <summary>Every English text that the code says to people: the keys of the files of languages.</summary>
internal static partial class TextsInCode
{
    /// <summary>Each with the files that say it.</summary>
    public static IReadOnlyDictionary<string, List<string>> All { get; } = Find();

    private static Dictionary<string, List<string>> Find()
    {
        Dictionary<string, List<string>> found = [];
        var files = new[] { "FunctionsAuth.Protocol", "FunctionsAuth.Pages" }
            .SelectMany(project => Directory.GetFiles(Repository.PathOf("src", project), "*", SearchOption.AllDirectories))
            .Where(file => Path.GetExtension(file) is ".cs" or ".razor" && !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal));
        foreach (var file in files)
        {
            var code = Comment().Replace(File.ReadAllText(file), "");
            foreach (Match call in Call().Matches(code))
                Add(PatternAt(code, call.Index + call.Length), file);
            // What the catalogs of built-in scopes and the list of own clients call things is looked up by its words.
            if (Path.GetFileName(file) is "StandardScopes.cs" or "ManageScopes.cs" or "ScopeRegistry.cs" or "OwnClients.cs")
            {
                foreach (Match name in Naming().Matches(code))
                    Add(name.Groups[1].Value, file);
            }
        }
        return found;

        void Add(string text, string file)
        {
            if (!found.TryGetValue(text, out var places))
                found[text] = places = [];
            places.Add(Path.GetFileName(file));
        }
    }

    /// <summary>The literal that begins there, with numbers in its holes.</summary>
    private static string PatternAt(string code, int start)
    {
        var text = new StringBuilder();
        var holes = 0;
        for (var at = start + 1; code[at] != '"'; at++)
        {
            if (code[at] == '\\')
            {
                text.Append(code[++at]);
            }
            else if (code[at] == '{')
            {
                text.Append('{').Append(holes++).Append('}');
                at = EndOfHole(code, at);
            }
            else
            {
                text.Append(code[at]);
            }
        }
        return text.ToString();
    }

    private static int EndOfHole(string code, int at)
    {
        var depth = 0;
        for (; ; at++)
        {
            if (code[at] == '"')
                at = code.IndexOf('"', at + 1);
            else if (code[at] == '{')
                depth++;
            else if (code[at] == '}' && --depth == 0)
                return at;
        }
    }

    [GeneratedRegex(@"(?<![\w.])(?:T\(|S\(\$|F\(\$|Phrase\.Of\(\$)(?="")")]
    private static partial Regex Call();

    [GeneratedRegex(@"(?:DisplayName|Description|ClientName) = ""([^""]+)""")]
    private static partial Regex Naming();

    [GeneratedRegex(@"^\s*///.*$", RegexOptions.Multiline)]
    private static partial Regex Comment();
}
