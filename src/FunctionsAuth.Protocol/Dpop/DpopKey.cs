using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using FunctionsAuth.Protocol.Json;
using FunctionsAuth.Protocol.Keys;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.Dpop;

/// <summary>The key in the header of a proof (RFC 9449 §4.2). It is trusted only as the key that signed the proof.</summary>
internal static class DpopKey
{
    private const int CoordinateLength = 32;
    private const int SmallestModulus = 2048 / 8;
    private const int LargestModulus = 4096 / 8;
    private const int LargestExponent = 8;

    // RFC 7518 §6.2.2, §6.3.2 and §6.4: the private half of a key.
    private static readonly string[] PrivateMembers = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

    /// <returns>Null for a private key, a key of a type that the algorithms of the server do not use, a key that is too short, or no key.</returns>
    public static PublicKey? Read(JsonElement jwk)
    {
        if (jwk.ValueKind != JsonValueKind.Object || PrivateMembers.Any(name => jwk.TryGetProperty(name, out _)))
            return null;
        try
        {
            return jwk.TextOf("kty") switch
            {
                "EC" when jwk.TextOf("crv") == "P-256" && Bytes(jwk, "x", CoordinateLength, CoordinateLength) is { } x && Bytes(jwk, "y", CoordinateLength, CoordinateLength) is { } y
                    => PublicKey.FromEc(new ECParameters { Q = new ECPoint { X = x, Y = y } }),
                "RSA" when Bytes(jwk, "n", SmallestModulus, LargestModulus) is { } modulus && modulus[0] >= 0x80 && Bytes(jwk, "e", 1, LargestExponent) is { } exponent
                    => PublicKey.FromRsa(new RSAParameters { Modulus = modulus, Exponent = exponent }),
                _ => null,
            };
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            // The point is not on the curve.
            return null;
        }
    }

    private static byte[]? Bytes(JsonElement jwk, string name, int least, int most)
    {
        var text = jwk.TextOf(name);
        if (text is null || !Base64Url.IsValid(text, out var length) || length < least || length > most)
            return null;
        return StrictBase64Url.TryDecode(text, length, out var bytes) ? bytes : null;
    }
}
