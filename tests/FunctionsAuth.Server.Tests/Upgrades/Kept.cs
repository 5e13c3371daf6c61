using System.Text.Json;

namespace FunctionsAuth.Server.Tests.Upgrades;

/// <summary>What clients and browsers keep of a server: tokens, cookies, fields of open pages. The server's rows stand beside it.</summary>
internal sealed record Kept
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>When the rows were saved, by the server's clock.</summary>
    public DateTimeOffset Now { get; init; }

    public Dictionary<string, string> Values { get; init; } = [];

    /// <summary>The keys that play the vault's, by the path of their file.</summary>
    public Dictionary<string, string> KeyFiles { get; init; } = [];

    public string this[string name]
    {
        get => Values[name];
        set => Values.Add(name, value);
    }

    public static Kept Parse(string json) => JsonSerializer.Deserialize<Kept>(json) ?? throw new InvalidDataException("Nothing was kept.");

    public string Write() => JsonSerializer.Serialize(this, Indented);
}
