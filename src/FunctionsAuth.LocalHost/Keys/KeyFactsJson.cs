using System.Text.Json.Serialization;

namespace FunctionsAuth.LocalHost.Keys;

[JsonSerializable(typeof(KeyFacts))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true)]
internal sealed partial class KeyFactsJson : JsonSerializerContext;
