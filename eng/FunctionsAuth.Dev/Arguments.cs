using System.Globalization;

namespace FunctionsAuth.Dev;

/// <summary>The words after the name of a command, checked against the options of the command.</summary>
internal sealed class Arguments
{
    private readonly List<KeyValuePair<string, string>> values = [];
    private readonly HashSet<string> flags = [];

    public List<string> Operands { get; } = [];

    public bool Has(string flag) => flags.Contains(flag);

    public IEnumerable<string> All(string name) => values.Where(pair => pair.Key == name).Select(pair => pair.Value);

    public string? this[string name] => All(name).LastOrDefault();

    public int? Port => this["--port"] is not { } text ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is >= 1 and <= 65535 ? port
        : throw new Problem($"--port must be a number between 1 and 65535; it is {text}.");

    /// <summary>The options with these names as they were typed, to pass them on to another program.</summary>
    public IEnumerable<string> Typed(params string[] names) =>
        names.SelectMany(name => flags.Contains(name) ? [name] : All(name).SelectMany(value => (string[])[name, value]));

    public static Arguments Parse(Command command, IEnumerable<string> typed)
    {
        var parsed = new Arguments();
        var rest = new Queue<string>(typed);
        while (rest.TryDequeue(out var word))
        {
            var parts = word.Split('=', 2);
            var option = command.Options.FirstOrDefault(option => option.Name == parts[0]);
            if (option is { Value: not null })
                parsed.values.Add(new(option.Name, parts.Length == 2 ? parts[1] : rest.TryDequeue(out var next) ? next : throw new Problem($"{word} needs a value: {option}.")));
            else if (option is not null && parts.Length == 1)
                parsed.flags.Add(word);
            else if ((!word.StartsWith('-') || IsKid(word)) && parsed.Operands.Count < command.Operands.Length)
                parsed.Operands.Add(word);
            else
                throw new Problem($"`{command.Name}` has no option {word}. `dotnet dev.cs help {command.Name}` lists its options.");
        }
        return parsed.Operands.Count >= command.OperandsNeeded ? parsed
            : throw new Problem($"`{command.Name}` needs {command.Operands[parsed.Operands.Count]}: dotnet dev.cs {command.Usage}");
    }

    /// <summary>A key id is a SHA-256 in base64url. One in 64 begins with a hyphen.</summary>
    private static bool IsKid(string word) => word.Length == 43;
}
