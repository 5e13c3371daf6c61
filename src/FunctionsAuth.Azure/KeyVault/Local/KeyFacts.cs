using System.Text.Json.Serialization;

namespace FunctionsAuth.Azure.KeyVault.Local;

/// <summary>What is kept beside a key: one version's state. Moments are whole seconds, as Key Vault's are.</summary>
internal sealed record KeyFacts
{
    public required DateTimeOffset Created { get; init; }

    public required DateTimeOffset Updated { get; init; }

    public bool Enabled { get; init; } = true;

    /// <summary>What the key was made for (<c>key_ops</c>); null: everything.</summary>
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
