using System.Text.Json.Serialization;

namespace FunctionsAuth.Azure.KeyVault.Local;

/// <summary>The state of one version, in the JSON file beside its key. Moments are whole seconds, as in Key Vault.</summary>
internal sealed record KeyFacts
{
    public required DateTimeOffset Created { get; init; }

    public required DateTimeOffset Updated { get; init; }

    public bool Enabled { get; init; } = true;

    /// <summary>The operations that the key allows (<c>key_ops</c>, RFC 7517 §4.3); null when it allows all.</summary>
    public IReadOnlyList<string>? Operations { get; init; }

    public DateTimeOffset? NotBefore { get; init; }

    public DateTimeOffset? Expires { get; init; }
}

[JsonSerializable(typeof(KeyFacts))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true)]
internal sealed partial class KeyFactsJson : JsonSerializerContext;
