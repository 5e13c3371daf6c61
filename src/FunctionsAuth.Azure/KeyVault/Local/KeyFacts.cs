using System.Text.Json;
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

    public string Write() => JsonSerializer.Serialize(this, KeyFactsJson.Default.KeyFacts);

    /// <summary>Every start reads these files, and a serializer would first have to be made ready for the type.</summary>
    /// <exception cref="JsonException">The text is not the JSON of a version.</exception>
    public static KeyFacts Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        try
        {
            return new KeyFacts
            {
                Created = root.GetProperty("created").GetDateTimeOffset(),
                Updated = root.GetProperty("updated").GetDateTimeOffset(),
                Enabled = !root.TryGetProperty("enabled", out var enabled) || enabled.GetBoolean(),
                Operations = root.TryGetProperty("operations", out var operations) ? [.. operations.EnumerateArray().Select(operation => operation.GetString()!)] : null,
                NotBefore = root.TryGetProperty("notBefore", out var notBefore) ? notBefore.GetDateTimeOffset() : null,
                Expires = root.TryGetProperty("expires", out var expires) ? expires.GetDateTimeOffset() : null,
            };
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new JsonException("It lacks a member, or a member has another type", e);
        }
    }
}

[JsonSerializable(typeof(KeyFacts))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true)]
internal sealed partial class KeyFactsJson : JsonSerializerContext;
