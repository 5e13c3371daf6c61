using System.Text.Json.Serialization;

namespace FunctionsAuth.Azure.KeyVault.Local;

[JsonSerializable(typeof(KeyFacts))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true)]
internal sealed partial class KeyFactsJson : JsonSerializerContext;
