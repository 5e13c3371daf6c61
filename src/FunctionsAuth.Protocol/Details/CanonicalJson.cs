using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace FunctionsAuth.Protocol.Details;

/// <summary>
/// The canonical spelling of a JSON value, so that two values are equal if their texts are: members in the order of their names, numbers without
/// superfluous zeros, no white space.
/// </summary>
internal static class CanonicalJson
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(JsonElement value)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Plain))
            Write(writer, value);
        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    private static void Write(Utf8JsonWriter writer, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in value.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(member.Name);
                    Write(writer, member.Value);
                }
                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                    Write(writer, item);
                writer.WriteEndArray();
                break;
            case JsonValueKind.Number:
                writer.WriteRawValue(PlainNumber.Read(value) is { } number ? PlainNumber.Write(number) : value.GetRawText());
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }
}

/// <summary>Numbers that every JSON reader reads in the same way: without an exponent, and not longer than a double can hold.</summary>
internal static class PlainNumber
{
    private const int MostDigits = 15;

    // Dividing a decimal by this number removes the zeros at its end.
    private const decimal One = 1.000000000000000000000000000000000m;

    /// <returns>Null when it is not such a number.</returns>
    public static decimal? Read(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number
        && value.GetRawText() is var text
        && text.Count(char.IsAsciiDigit) <= MostDigits
        && decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    public static string Write(decimal number) => (number / One).ToString(CultureInfo.InvariantCulture);
}
