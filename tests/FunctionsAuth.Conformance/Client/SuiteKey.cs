using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace FunctionsAuth.Conformance.Client;

/// <summary>A client's RSA key of 2048 bits, and the JWTs that it signs with RS256.</summary>
public sealed class SuiteKey
{
    private readonly RSA rsa = RSA.Create(2048);

    /// <summary>To make one takes a while, so all clients that don't replace theirs share it.</summary>
    public static SuiteKey Shared { get; } = new();

    /// <summary>As it is registered; the suite gives its keys no <c>kid</c> unless they are fetched.</summary>
    public JsonObject Jwk(string? kid = null)
    {
        var numbers = rsa.ExportParameters(includePrivateParameters: false);
        var jwk = new JsonObject
        {
            ["kty"] = "RSA",
            ["use"] = "sig",
            ["alg"] = "RS256",
            ["n"] = Base64Url.EncodeToString(numbers.Modulus),
            ["e"] = Base64Url.EncodeToString(numbers.Exponent),
        };
        if (kid is not null)
            jwk["kid"] = kid;
        return jwk;
    }

    public JsonObject Jwks(string? kid = null) => new() { ["keys"] = new JsonArray(Jwk(kid)) };

    public string Sign(JsonObject claims, string? kid = null)
    {
        var header = new JsonObject { ["alg"] = "RS256" };
        if (kid is not null)
            header["kid"] = kid;
        var input = $"{Encode(header)}.{Encode(claims)}";
        return $"{input}.{Base64Url.EncodeToString(rsa.SignData(Encoding.ASCII.GetBytes(input), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
    }

    /// <summary>A JWT that nobody signed: <c>alg</c> is <c>none</c>.</summary>
    public static string Unsigned(JsonObject claims) => $"{Encode(new JsonObject { ["alg"] = "none" })}.{Encode(claims)}.";

    private static string Encode(JsonObject json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json.ToJsonString()));
}
