using System.Text.Json;
using FunctionsAuth.Protocol.Json;

namespace FunctionsAuth.Protocol.Jwt;

/// <summary>Writes the header or the payload of a JWT (RFC 7519 §7.1).</summary>
internal static class JwtJson
{
    public static byte[] Write(Action<Utf8JsonWriter> writeMembers) => ScratchJson.Use(
        json =>
        {
            json.WriteStartObject();
            writeMembers(json);
            json.WriteEndObject();
        },
        bytes => bytes.ToArray());
}
