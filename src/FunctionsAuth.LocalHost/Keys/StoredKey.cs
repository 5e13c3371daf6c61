using System.Collections.Concurrent;
using System.Security.Cryptography;
using Azure.Security.KeyVault.Keys;

namespace FunctionsAuth.LocalHost.Keys;

/// <summary>
/// One version's private key. An <see cref="RSA"/> or <see cref="ECDsa"/> serves one caller at a time, so that each signature borrows one;
/// there are as many as there ever were signatures at once.
/// </summary>
internal sealed class StoredKey
{
    private readonly ConcurrentBag<AsymmetricAlgorithm> idle = [];
    private readonly string pem;

    private StoredKey(string pem)
    {
        this.pem = pem;
        var key = Import(pem);
        (IsRsa, Size) = (key is RSA, key.KeySize);
        idle.Add(key);
    }

    public bool IsRsa { get; }

    /// <summary>In bits.</summary>
    public int Size { get; }

    /// <summary>PKCS#8.</summary>
    public string Pem => pem;

    public static StoredKey CreateRsa(int bits)
    {
        using var key = RSA.Create(bits);
        return new(key.ExportPkcs8PrivateKeyPem());
    }

    public static StoredKey CreateP256()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new(key.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>Another key of the same kind and size.</summary>
    public StoredKey CreateSuccessor() => IsRsa ? CreateRsa(Size) : CreateP256();

    /// <summary>Throws <see cref="CryptographicException"/> or <see cref="ArgumentException"/> for what is no RSA or P-256 key.</summary>
    public static StoredKey FromPem(string pem) => new(pem);

    /// <summary>The public part.</summary>
    public JsonWebKey ToPublicKey() => Use(key => key switch
    {
        RSA rsa => new JsonWebKey(rsa, includePrivateParameters: false, [KeyOperation.Sign, KeyOperation.Verify]),
        _ => new JsonWebKey((ECDsa)key, includePrivateParameters: false, [KeyOperation.Sign, KeyOperation.Verify]),
    });

    public T Use<T>(Func<AsymmetricAlgorithm, T> operation)
    {
        var key = idle.TryTake(out var free) ? free : Import(pem);
        var result = operation(key);
        idle.Add(key);
        return result;
    }

    private static AsymmetricAlgorithm Import(string pem)
    {
        try
        {
            var rsa = RSA.Create();
            rsa.ImportFromPem(pem);
            return rsa;
        }
        catch (CryptographicException)
        {
            // PKCS#8 says "PRIVATE KEY" of every kind: what isn't RSA is EC.
            var ec = ECDsa.Create();
            ec.ImportFromPem(pem);
            return ec;
        }
    }
}
