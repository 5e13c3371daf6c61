using System.Text.Json.Nodes;

namespace FunctionsAuth.Server.Tests.Upgrades;

/// <summary>
/// The names and types of what stands in a row, also in the JSON of records that are one text. Code of another release reads these,
/// so what a row has may grow, and nothing may go or become something else.
/// </summary>
internal static class RowShape
{
    // Texts that the server itself reads as records. What people and clients wrote, such as a user's claims, is no such record.
    private static readonly string[] Records = ["Json", "Payload"];

    public static IReadOnlySet<string> Of(SavedRow row)
    {
        SortedSet<string> shape = new(StringComparer.Ordinal);
        foreach (var (name, value) in row.Properties)
        {
            shape.Add($"{name}: {SavedRow.TypeOf(value)}");
            if (Records.Contains(name))
                Add(shape, name, JsonNode.Parse((string)value));
        }
        return shape;
    }

    private static void Add(SortedSet<string> shape, string path, JsonNode? node)
    {
        shape.Add($"{path}: {node?.GetValueKind().ToString() ?? "null"}");
        if (node is JsonObject members)
        {
            foreach (var (name, value) in members)
                Add(shape, $"{path}.{name}", value);
        }
        else if (node is JsonArray values)
        {
            foreach (var value in values)
                Add(shape, $"{path}[]", value);
        }
    }
}
