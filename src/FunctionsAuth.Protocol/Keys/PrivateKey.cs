using System.Collections.Concurrent;
using System.Formats.Asn1;
using System.Security.Cryptography;

namespace FunctionsAuth.Protocol.Keys;

/// <summary>
/// A private key in the memory of this process. An <see cref="RSA"/> or <see cref="ECDsa"/> object serves one caller at a time, so each
/// signature borrows one. There are as many objects as there were signatures at the same time.
/// </summary>
public sealed class PrivateKey
{
    /// <summary>rsaEncryption (RFC 8017 appendix A.1).</summary>
    private const string RsaIdentifier = "1.2.840.113549.1.1.1";

    private readonly ConcurrentBag<AsymmetricAlgorithm> idle = [];
    private readonly Func<AsymmetricAlgorithm> copy;

    private PrivateKey(AsymmetricAlgorithm key)
    {
        // The copies are made from parameters, because PKCS#8 bytes could be mistaken for text and printed.
        if (key is RSA rsa)
        {
            var parameters = rsa.ExportParameters(includePrivateParameters: true);
            copy = () => RSA.Create(parameters);
            PublicKey = PublicKey.FromRsa(parameters);
        }
        else
        {
            var parameters = ((ECDsa)key).ExportParameters(includePrivateParameters: true);
            copy = () => ECDsa.Create(parameters);
            PublicKey = PublicKey.FromEc(parameters);
        }
        Size = key.KeySize;
        idle.Add(key);
    }

    public PublicKey PublicKey { get; }

    /// <summary>In bits.</summary>
    public int Size { get; }

    public static PrivateKey Create(SigningKeyType type) => type == SigningKeyType.Ec ? new(ECDsa.Create(ECCurve.NamedCurves.nistP256)) : CreateRsa(2048);

    public static PrivateKey CreateRsa(int bits) => new(RSA.Create(bits));

    /// <exception cref="CryptographicException">The bytes are no PKCS#8 key (RFC 5958), or no RSA or EC key.</exception>
    public static PrivateKey FromPkcs8(byte[] pkcs8)
    {
        AsymmetricAlgorithm key = AlgorithmOf(pkcs8) == RsaIdentifier ? RSA.Create() : ECDsa.Create();
        key.ImportPkcs8PrivateKey(pkcs8, out _);
        return new(key);
    }

    public byte[] ToPkcs8() => Use(key => key.ExportPkcs8PrivateKey());

    /// <summary>Signs a digest.</summary>
    /// <param name="algorithm">One of <see cref="SigningAlgorithms"/> that the key's type serves.</param>
    /// <param name="digest">The SHA-256 digest of what is signed: 32 bytes.</param>
    /// <returns>The signature in the form of JWS (RFC 7518 §3). For ES256 this is r || s, 64 bytes.</returns>
    /// <exception cref="ArgumentException">The key does not serve the algorithm.</exception>
    public byte[] Sign(string algorithm, byte[] digest)
    {
        if (!SigningAlgorithms.All.Contains(algorithm) || SigningKeyTypes.Of(algorithm) != PublicKey.Type)
            throw new ArgumentException($"A key of type {PublicKey.Type} does not sign {algorithm}", nameof(algorithm));
        return Use(key => key is RSA rsa
            ? rsa.SignHash(digest, HashAlgorithmName.SHA256, algorithm == SigningAlgorithms.PS256 ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1)
            : ((ECDsa)key).SignHash(digest, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
    }

    /// <summary>Runs an operation with the runtime's own key object. The operation must not keep the object.</summary>
    public T Use<T>(Func<AsymmetricAlgorithm, T> operation)
    {
        var key = idle.TryTake(out var free) ? free : copy();
        var result = operation(key);
        idle.Add(key);
        return result;
    }

    /// <summary>The object identifier of the algorithm, which stands before the key itself in PKCS#8 (RFC 5958 §2).</summary>
    private static string AlgorithmOf(byte[] pkcs8)
    {
        try
        {
            var key = new AsnReader(pkcs8, AsnEncodingRules.BER).ReadSequence();
            key.ReadIntegerBytes(); // the version
            return key.ReadSequence().ReadObjectIdentifier();
        }
        catch (AsnContentException e)
        {
            throw new CryptographicException("It is no PKCS#8 key", e);
        }
    }
}
