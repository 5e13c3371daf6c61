using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace FunctionsAuth.Protocol.Jwt;

/// <summary>Writes the header or the payload of a JWT.</summary>
internal static class JwtJson
{
    // A JWT never stands in HTML: at+jwt stays readable.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static ReadOnlyMemory<byte> Write(Action<Utf8JsonWriter> writeMembers)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, Plain))
        {
            json.WriteStartObject();
            writeMembers(json);
            json.WriteEndObject();
        }
        return buffer.WrittenMemory;
    }
}
