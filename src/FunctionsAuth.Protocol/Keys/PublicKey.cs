using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.Tokens;

namespace FunctionsAuth.Protocol.Keys;

/// <summary>A type of signing key: RSA with 2048 bits for RS256 and PS256, or EC on P-256 for ES256.</summary>
public enum SigningKeyType
{
    Rsa,
    Ec,
}

public static class SigningKeyTypes
{
    /// <summary>The type of key that signs with an algorithm. One RSA key serves RS256 and PS256.</summary>
    public static SigningKeyType Of(string algorithm) => algorithm == SigningAlgorithms.ES256 ? SigningKeyType.Ec : SigningKeyType.Rsa;
}

/// <summary>A public key and its <c>kid</c>. The <c>kid</c> is the thumbprint of RFC 7638, so every instance computes the same one.</summary>
public sealed class PublicKey
{
    private PublicKey(SigningKeyType type, SecurityKey key, (string Name, string Value)[] members)
    {
        Type = type;
        // RFC 7638 §3.2: the required members in alphabetical order, without white space.
        var canonical = "{" + string.Join(',', members.Select(m => $"\"{m.Name}\":\"{m.Value}\"")) + "}";
        Kid = Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)));
        Key = key;
        Key.KeyId = Kid;
        Members = members;
    }

    public SigningKeyType Type { get; }

    public string Kid { get; }

    /// <summary>The key in the form with which Microsoft.IdentityModel verifies signatures.</summary>
    public SecurityKey Key { get; }

    private (string Name, string Value)[] Members { get; }

    public static PublicKey FromRsa(RSAParameters key) => new(
        SigningKeyType.Rsa,
        new RsaSecurityKey(new RSAParameters { Modulus = key.Modulus, Exponent = key.Exponent }),
        [("e", Base64Url.EncodeToString(key.Exponent)), ("kty", "RSA"), ("n", Base64Url.EncodeToString(key.Modulus))]);

    public static PublicKey FromEc(ECParameters key)
    {
        var verifier = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = key.Q });
        return new PublicKey(
            SigningKeyType.Ec,
            new ECDsaSecurityKey(verifier),
            [("crv", "P-256"), ("kty", "EC"), ("x", Base64Url.EncodeToString(key.Q.X)), ("y", Base64Url.EncodeToString(key.Q.Y))]);
    }

    /// <summary>The key that <see cref="ToJwk"/> wrote.</summary>
    public static PublicKey FromJwk(JsonObject jwk)
    {
        return (string?)jwk["kty"] == "RSA"
            ? FromRsa(new RSAParameters { Modulus = Bytes("n"), Exponent = Bytes("e") })
            : FromEc(new ECParameters { Q = new ECPoint { X = Bytes("x"), Y = Bytes("y") } });

        byte[] Bytes(string name) => Base64Url.DecodeFromChars((string)jwk[name]!);
    }

    /// <summary>The key as a member of a JWK set (RFC 7517 §4).</summary>
    /// <param name="algorithms">Those that the owner signs with; all if it is left out.</param>
    public JsonObject ToJwk(IReadOnlyList<string>? algorithms = null)
    {
        var jwk = new JsonObject { ["kid"] = Kid, ["use"] = "sig" };
        // An RSA key that signs RS256 and PS256 has no "alg": a client would refuse the algorithm that is not named.
        List<string> own = [.. (algorithms ?? SigningAlgorithms.All).Where(algorithm => SigningKeyTypes.Of(algorithm) == Type)];
        if (own.Count == 1)
            jwk["alg"] = own[0];
        foreach (var (name, value) in Members)
            jwk[name] = value;
        return jwk;
    }
}
