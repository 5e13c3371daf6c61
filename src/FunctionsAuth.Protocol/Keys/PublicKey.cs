using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.Tokens;

namespace FunctionsAuth.Protocol.Keys;

/// <summary>A public key and its <c>kid</c>, the RFC 7638 thumbprint, which every instance computes alike.</summary>
public sealed class PublicKey
{
    private PublicKey(string algorithm, SecurityKey key, (string Name, string Value)[] members)
    {
        Algorithm = algorithm;
        // RFC 7638 §3.2: the required members in alphabetical order, without white space.
        var canonical = "{" + string.Join(',', members.Select(m => $"\"{m.Name}\":\"{m.Value}\"")) + "}";
        Kid = Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)));
        Key = key;
        Key.KeyId = Kid;
        Members = members;
    }

    /// <summary>RS256 or ES256.</summary>
    public string Algorithm { get; }

    public string Kid { get; }

    /// <summary>For verification.</summary>
    public SecurityKey Key { get; }

    private (string Name, string Value)[] Members { get; }

    public static PublicKey FromRsa(RSAParameters key) => new(
        SigningAlgorithms.RS256,
        new RsaSecurityKey(new RSAParameters { Modulus = key.Modulus, Exponent = key.Exponent }),
        [("e", Base64Url.EncodeToString(key.Exponent)), ("kty", "RSA"), ("n", Base64Url.EncodeToString(key.Modulus))]);

    public static PublicKey FromEc(ECParameters key)
    {
        var verifier = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = key.Q });
        return new PublicKey(
            SigningAlgorithms.ES256,
            new ECDsaSecurityKey(verifier),
            [("crv", "P-256"), ("kty", "EC"), ("x", Base64Url.EncodeToString(key.Q.X)), ("y", Base64Url.EncodeToString(key.Q.Y))]);
    }

    /// <summary>The key as a member of a JWK set (RFC 7517 §4).</summary>
    public JsonObject ToJwk()
    {
        var jwk = new JsonObject { ["kid"] = Kid, ["use"] = "sig", ["alg"] = Algorithm };
        foreach (var (name, value) in Members)
            jwk[name] = value;
        return jwk;
    }
}
