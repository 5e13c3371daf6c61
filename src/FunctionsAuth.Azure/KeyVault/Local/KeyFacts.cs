using System.Text.Json;
using System.Text.Json.Serialization;
using FunctionsAuth.Protocol.Json;

namespace FunctionsAuth.Azure.KeyVault.Local;

/// <summary>The state of one version, in the JSON file beside its key. Moments are whole seconds, as in Key Vault.</summary>
internal sealed record KeyFacts
{
    private static readonly JsonSerializerOptions Options = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        WriteIndented = true,
        Converters = { new RecordConverter(withStored: true) },
    };

    public required DateTimeOffset Created { get; init; }

    public required DateTimeOffset Updated { get; init; }

    public bool Enabled { get; init; } = true;

    /// <summary>The operations that the key allows (<c>key_ops</c>, RFC 7517 §4.3); null when it allows all.</summary>
    public IReadOnlyList<string>? Operations { get; init; }

    [JsonPropertyName("notBefore")]
    public DateTimeOffset? NotBefore { get; init; }

    public DateTimeOffset? Expires { get; init; }

    public string Write() => JsonSerializer.Serialize(this, Options);

    /// <exception cref="JsonException">The text is not the JSON of a version.</exception>
    public static KeyFacts Read(string json) => JsonSerializer.Deserialize<KeyFacts>(json, Options) ?? throw new JsonException("null");
}
