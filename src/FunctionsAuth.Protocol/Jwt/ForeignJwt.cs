using System.Buffers.Text;
using System.Text.Json;
using FunctionsAuth.Protocol.Json;
using Microsoft.IdentityModel.JsonWebTokens;

namespace FunctionsAuth.Protocol.Jwt;

/// <summary>Checks of a client's JWT that the library does not make.</summary>
public static class ForeignJwt
{
    private static readonly string[] Dates = ["exp", "nbf", "iat"];

    /// <summary>
    /// RFC 7515 §4.1.11: an extension that the reader must understand. This server supports none, so a JWT with such an extension is not valid.
    /// </summary>
    public static bool HasCriticalExtension(JsonWebToken token)
    {
        return Parse(token.EncodedHeader).TryGetProperty("crit", out _);
    }

    /// <summary>RFC 7519 §2: a NumericDate is a number. The library also reads a text of digits.</summary>
    /// <returns>The name of the first date that is present but not a number, or null.</returns>
    public static string? FirstDateThatIsNone(JsonWebToken token)
    {
        var payload = Parse(token.EncodedPayload);
        return Dates.FirstOrDefault(name => payload.TryGetProperty(name, out var value) && !IsDate(value));
    }

    /// <summary>The date in seconds since 1970, which can have a fraction; null if it is missing. The caller has checked that it is a number.</summary>
    public static double? SecondsOf(JsonWebToken token, string name)
    {
        return Parse(token.EncodedPayload).TryGetProperty(name, out var value) ? value.GetDouble() : null;
    }

    private static bool IsDate(JsonElement value) => value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var seconds) && double.IsFinite(seconds);

    private static JsonElement Parse(string part) => StrictJson.Parse(Base64Url.DecodeFromChars(part));
}
