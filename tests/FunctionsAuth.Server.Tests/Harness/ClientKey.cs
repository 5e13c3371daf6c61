using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Keys;
using FunctionsAuth.Protocol.Wire;

namespace FunctionsAuth.Server.Tests.Harness;

/// <summary>The key pair of a client, and the JWTs that the client signs with it.</summary>
public sealed class ClientKey(SigningKeyType type = SigningKeyType.Ec)
{
    private readonly PrivateKey key = PrivateKey.Create(type);

    public string Algorithm { get; init; } = type == SigningKeyType.Ec ? SigningAlgorithms.ES256 : SigningAlgorithms.RS256;

    public string Kid => key.PublicKey.Kid;

    /// <summary>The public key in the form for the registration.</summary>
    public JsonObject Jwk(bool withKid = true)
    {
        var jwk = key.PublicKey.ToJwk();
        if (!withKid)
            jwk.Remove("kid");
        return jwk;
    }

    /// <param name="claims">Members of the payload.</param>
    /// <param name="header">More members of the header, such as <c>kid</c>.</param>
    public string Sign(JsonObject claims, params (string Name, string Value)[] header) =>
        Sign(claims, Algorithm, header, input => key.Sign(Algorithm, SHA256.HashData(input)));

    /// <summary>The same with members of the header that are not texts.</summary>
    public string SignWithHeader(JsonObject claims, JsonObject header)
    {
        header["alg"] = Algorithm;
        return Sign(claims, header, input => key.Sign(Algorithm, SHA256.HashData(input)));
    }

    /// <summary>The same with a secret: HS256.</summary>
    public static string SignWithSecret(JsonObject claims, string secret) =>
        Sign(claims, "HS256", [], input => HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), input));

    /// <summary>A JWT without a signature.</summary>
    public static string Unsigned(JsonObject claims) => Sign(claims, "none", [], _ => []);

    private static string Sign(JsonObject claims, string algorithm, (string Name, string Value)[] more, Func<byte[], byte[]> sign)
    {
        var header = new JsonObject { ["alg"] = algorithm };
        foreach (var (name, value) in more)
            header[name] = value;
        return Sign(claims, header, sign);
    }

    private static string Sign(JsonObject claims, JsonObject header, Func<byte[], byte[]> sign)
    {
        var input = $"{Encode(header)}.{Encode(claims)}";
        return $"{input}.{Base64Url.EncodeToString(sign(Encoding.ASCII.GetBytes(input)))}";
    }

    private static string Encode(JsonObject json) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(json));
}
