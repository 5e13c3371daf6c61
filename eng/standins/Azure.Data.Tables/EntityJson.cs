using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace Azure.Data.Tables;

/// <summary>Rows as OData JSON: what JSON can't say of a property's type stands beside it as `name@odata.type`.</summary>
internal static class EntityJson
{
    private const string TypeOf = "@odata.type";

    public static byte[] Write(ITableEntity entity)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var (name, value) in Supported(entity))
            {
                if (name is not ("Timestamp" or "odata.etag") && value is not null) WriteProperty(json, name, value);
            }
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    public static string Write(DateTimeOffset moment) =>
        moment.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture);

    /// <summary>A moment without a zone is taken for UTC: the service knows no other.</summary>
    public static string Write(DateTime moment) =>
        Write(new DateTimeOffset(
            moment.Kind == DateTimeKind.Local ? moment.ToUniversalTime() : DateTime.SpecifyKind(moment, DateTimeKind.Utc)));

    public static TableEntity Read(ReadOnlyMemory<byte> body)
    {
        using var json = JsonDocument.Parse(body);
        return Read(json.RootElement);
    }

    public static List<TableEntity> ReadMany(ReadOnlyMemory<byte> body)
    {
        using var json = JsonDocument.Parse(body);
        return [.. json.RootElement.GetProperty("value").EnumerateArray().Select(Read)];
    }

    public static TableEntity Supported(object entity) => entity as TableEntity ?? throw new NotSupportedException(
        $"The stand-in of Azure.Data.Tables reads and writes TableEntity only, not {entity?.GetType().ToString() ?? "null"}.");

    private static TableEntity Read(JsonElement row)
    {
        var entity = new TableEntity();
        foreach (var property in row.EnumerateObject())
        {
            if (property.Name == "odata.etag") entity["odata.etag"] = property.Value.GetString();
            else if (!property.Name.Contains("odata.", StringComparison.Ordinal)) entity[property.Name] = ReadValue(row, property);
        }
        return entity;
    }

    private static object? ReadValue(JsonElement row, JsonProperty property)
    {
        var value = property.Value;
        var type = row.TryGetProperty(property.Name + TypeOf, out var t) ? t.GetString() : null;
        return (type, value.ValueKind) switch
        {
            (_, JsonValueKind.Null) => null,
            (null, JsonValueKind.String) when property.Name == "Timestamp" => value.GetDateTimeOffset(),
            ("Edm.DateTime", _) => value.GetDateTimeOffset(),
            ("Edm.Int64", _) => long.Parse(value.GetString()!, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture),
            ("Edm.Guid", _) => value.GetGuid(),
            ("Edm.Binary", _) => value.GetBytesFromBase64(),
            ("Edm.Double", JsonValueKind.String) => double.Parse(value.GetString()!, CultureInfo.InvariantCulture),
            ("Edm.Double", _) => value.GetDouble(),
            (_, JsonValueKind.Number) => value.TryGetInt32(out var number) ? number : (object)value.GetDouble(),
            (_, JsonValueKind.True or JsonValueKind.False) => value.GetBoolean(),
            _ => value.GetString(),
        };
    }

    private static void WriteProperty(Utf8JsonWriter json, string name, object value)
    {
        switch (value)
        {
            case string text: json.WriteString(name, text); break;
            case int number: json.WriteNumber(name, number); break;
            case bool flag: json.WriteBoolean(name, flag); break;
            case long number: WriteTyped(json, name, "Edm.Int64", number.ToString(CultureInfo.InvariantCulture)); break;
            case double number when double.IsFinite(number):
                json.WriteNumber(name, number);
                json.WriteString(name + TypeOf, "Edm.Double");
                break;
            case double number: WriteTyped(json, name, "Edm.Double", number.ToString(CultureInfo.InvariantCulture)); break;
            case DateTimeOffset moment: WriteTyped(json, name, "Edm.DateTime", Write(moment)); break;
            case DateTime moment: WriteTyped(json, name, "Edm.DateTime", Write(moment)); break;
            case Guid id: WriteTyped(json, name, "Edm.Guid", id.ToString()); break;
            case byte[] bytes: WriteTyped(json, name, "Edm.Binary", Convert.ToBase64String(bytes)); break;
            case BinaryData bytes: WriteTyped(json, name, "Edm.Binary", Convert.ToBase64String(bytes.ToMemory().Span)); break;
            default: throw new NotSupportedException($"A property of type {value.GetType()} can't be stored in a table ({name}).");
        }
    }

    private static void WriteTyped(Utf8JsonWriter json, string name, string type, string value)
    {
        json.WriteString(name, value);
        json.WriteString(name + TypeOf, type);
    }
}
