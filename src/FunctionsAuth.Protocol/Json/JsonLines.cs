using System.Text.Json;

namespace FunctionsAuth.Protocol.Json;

/// <summary>
/// Finds the line on which each member and each element of a JSON text begins, because the documents of System.Text.Json do not store lines. It also finds
/// problems that these documents hide: duplicate members, and text that is not valid Unicode.
/// </summary>
internal sealed class JsonLines
{
    private readonly Dictionary<string, int> lines = [];
    private readonly List<(int Line, string Path)> repeats = [];
    private int scanned;
    private int line = 1;

    /// <summary>Duplicate members. The rest of the file can still be checked.</summary>
    public IReadOnlyList<(int Line, string Path)> Repeats => repeats;

    /// <exception cref="JsonTextException">The text is not valid JSON.</exception>
    public static JsonLines Read(ReadOnlySpan<byte> json)
    {
        var lines = new JsonLines();
        try
        {
            lines.Scan(json);
            return lines;
        }
        catch (JsonException exception)
        {
            throw new JsonTextException((int)(exception.LineNumber ?? 0) + 1, exception.Message.Split(" LineNumber:")[0].TrimEnd('.'));
        }
        catch (InvalidOperationException)
        {
            throw new JsonTextException(lines.line, "it has an escape sequence that is not a valid character");
        }
    }

    /// <summary>The line of a path, or of the longest part of the path that the file contains.</summary>
    public int Of(string path)
    {
        while (path.Length > 0)
        {
            if (lines.TryGetValue(path, out var found))
                return found;
            path = path[..Math.Max(0, path.LastIndexOfAny(['.', '[']))];
        }
        return lines.GetValueOrDefault("", 1);
    }

    /// <summary>The path of a member of the object at <paramref name="path"/>.</summary>
    public static string Member(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    private void Scan(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        Stack<Container> open = [];
        while (reader.Read())
        {
            MoveTo(json, (int)reader.TokenStartIndex);
            if (reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray)
            {
                open.Pop();
                continue;
            }
            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                Enter(open.Peek(), reader.GetString()!);
                continue;
            }
            if (reader.TokenType == JsonTokenType.String)
                _ = reader.GetString();
            var path = open.Count == 0 ? "" : open.Peek().PathOfValue();
            lines.TryAdd(path, line);
            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                open.Push(new Container(path, reader.TokenType == JsonTokenType.StartArray));
        }
    }

    private void MoveTo(ReadOnlySpan<byte> json, int position)
    {
        line += json[scanned..position].Count((byte)'\n');
        scanned = position;
    }

    private void Enter(Container container, string member)
    {
        var path = container.Enter(member, out var repeated);
        if (repeated)
            repeats.Add((line, path));
        lines.TryAdd(path, line);
    }

    private sealed class Container(string path, bool isArray)
    {
        private readonly HashSet<string> members = [];
        private int elements;
        private string current = "";

        public string Enter(string member, out bool repeated)
        {
            repeated = !members.Add(member);
            return current = Member(path, member);
        }

        public string PathOfValue() => isArray ? $"{path}[{elements++}]" : current;
    }
}

/// <summary>A text is not valid JSON.</summary>
/// <param name="line">The line, counted from 1.</param>
/// <param name="reason">The problem, as a clause.</param>
public sealed class JsonTextException(int line, string reason) : Exception($"Line {line}: {reason}")
{
    public int Line => line;

    public string Reason => reason;
}
