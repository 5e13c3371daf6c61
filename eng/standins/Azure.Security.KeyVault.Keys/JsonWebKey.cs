using System.Security.Cryptography;

namespace Azure.Security.KeyVault.Keys;

/// <summary>An RSA or EC key in JSON Web Key form; numbers are unsigned big-endian bytes.</summary>
public class JsonWebKey
{
    public JsonWebKey(IEnumerable<KeyOperation> keyOps) => KeyOps = [.. keyOps ?? []];

    public JsonWebKey(RSA rsaProvider, bool includePrivateParameters = false, IEnumerable<KeyOperation>? keyOps = null)
        : this(keyOps ?? AsymmetricOps(includePrivateParameters, canEncrypt: true))
    {
        ArgumentNullException.ThrowIfNull(rsaProvider);
        var key = rsaProvider.ExportParameters(includePrivateParameters);
        KeyType = KeyType.Rsa;
        (N, E, D, P, Q, DP, DQ, QI) = (key.Modulus, key.Exponent, key.D, key.P, key.Q, key.DP, key.DQ, key.InverseQ);
    }

    public JsonWebKey(ECDsa ecdsa, bool includePrivateParameters = false, IEnumerable<KeyOperation>? keyOps = null)
        : this(keyOps ?? AsymmetricOps(includePrivateParameters, canEncrypt: false))
    {
        ArgumentNullException.ThrowIfNull(ecdsa);
        var key = ecdsa.ExportParameters(includePrivateParameters);
        KeyType = KeyType.Ec;
        CurveName = Curves.First(c => c.Oid == key.Curve.Oid.Value || c.Friendly == key.Curve.Oid.FriendlyName).Name;
        (X, Y, D) = (key.Q.X, key.Q.Y, key.D);
    }

    public string? Id { get; set; }

    public KeyType KeyType { get; set; }

    public IReadOnlyCollection<KeyOperation> KeyOps { get; }

    public byte[]? N { get; set; }

    public byte[]? E { get; set; }

    public byte[]? DP { get; set; }

    public byte[]? DQ { get; set; }

    public byte[]? QI { get; set; }

    public byte[]? P { get; set; }

    public byte[]? Q { get; set; }

    public KeyCurveName? CurveName { get; set; }

    public byte[]? X { get; set; }

    public byte[]? Y { get; set; }

    public byte[]? D { get; set; }

    public byte[]? K { get; set; }

    public byte[]? T { get; set; }

    private static IReadOnlyList<(KeyCurveName Name, string Oid, string Friendly)> Curves { get; } =
    [
        (KeyCurveName.P256, "1.2.840.10045.3.1.7", "nistP256"),
        (KeyCurveName.P384, "1.3.132.0.34", "nistP384"),
        (KeyCurveName.P521, "1.3.132.0.35", "nistP521"),
        (KeyCurveName.P256K, "1.3.132.0.10", "secp256k1"),
    ];

    public RSA ToRSA(bool includePrivateParameters = false)
    {
        if (KeyType != KeyType.Rsa && KeyType != KeyType.RsaHsm) throw new InvalidOperationException("The key is not an RSA key.");
        var key = new RSAParameters { Modulus = N, Exponent = E };
        if (includePrivateParameters && D is not null)
            (key.D, key.P, key.Q, key.DP, key.DQ, key.InverseQ) = (D, P, Q, DP, DQ, QI);
        return RSA.Create(key);
    }

    public ECDsa ToECDsa(bool includePrivateParameters = false)
    {
        if (KeyType != KeyType.Ec && KeyType != KeyType.EcHsm) throw new InvalidOperationException("The key is not an EC key.");
        return ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.CreateFromValue(Curves.First(c => c.Name == CurveName).Oid),
            Q = new ECPoint { X = X, Y = Y },
            D = includePrivateParameters ? D : null,
        });
    }

    private static IEnumerable<KeyOperation> AsymmetricOps(bool isPrivate, bool canEncrypt)
    {
        if (canEncrypt)
        {
            yield return KeyOperation.Encrypt;
            yield return KeyOperation.WrapKey;
        }
        yield return KeyOperation.Verify;
        if (!isPrivate) yield break;
        yield return KeyOperation.Sign;
        if (!canEncrypt) yield break;
        yield return KeyOperation.Decrypt;
        yield return KeyOperation.UnwrapKey;
    }
}
