using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace FunctionsAuth.Server.Tests.Harness;

/// <summary>The JWK set in the form that a client sees. Signatures are verified only with the cryptography of the runtime.</summary>
public sealed class PublishedKeys
{
    private readonly Dictionary<string, JsonElement> keys;

    private PublishedKeys(JsonElement set) => keys = set.GetProperty("keys").EnumerateArray().ToDictionary(key => Text(key, "kid"));

    public IEnumerable<string> Kids => keys.Keys;

    public IEnumerable<string> KidsOf(string algorithm) => keys.Where(pair => Serves(pair.Value, algorithm)).Select(pair => pair.Key);

    public static async Task<PublishedKeys> ReadAsync(RunningServer server) =>
        new(JsonDocument.Parse(await server.Http.GetStringAsync(new Uri(RunningServer.Issuer + "/.well-known/jwks.json"))).RootElement);

    /// <summary>The signature is valid for a key of that algorithm.</summary>
    public bool Verify(string jwt)
    {
        var header = JsonAnswer.Header(jwt);
        if (!keys.TryGetValue(Text(header, "kid"), out var key) || !Serves(key, Text(header, "alg")))
            return false;
        var input = Encoding.ASCII.GetBytes(jwt[..jwt.LastIndexOf('.')]);
        var signature = Base64Url.DecodeFromChars(jwt.AsSpan(jwt.LastIndexOf('.') + 1));
        if (Text(header, "alg") == "ES256")
        {
            using var ec = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = Bytes(key, "x"), Y = Bytes(key, "y") } });
            return ec.VerifyData(input, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }
        using var rsa = RSA.Create(new RSAParameters { Modulus = Bytes(key, "n"), Exponent = Bytes(key, "e") });
        return rsa.VerifyData(input, signature, HashAlgorithmName.SHA256, Text(header, "alg") == "PS256" ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1);
    }

    /// <summary>RFC 7517 §4.4: a key with an algorithm is only for that algorithm. Any other key is for all algorithms of its type.</summary>
    private static bool Serves(JsonElement key, string algorithm) =>
        key.TryGetProperty("alg", out var named) ? named.GetString() == algorithm : Text(key, "kty") == (algorithm == "ES256" ? "EC" : "RSA");

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    private static byte[] Bytes(JsonElement json, string name) => Base64Url.DecodeFromChars(Text(json, name));
}
