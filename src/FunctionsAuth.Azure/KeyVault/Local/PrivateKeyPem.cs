using System.Security.Cryptography;
using FunctionsAuth.Protocol.Keys;

namespace FunctionsAuth.Azure.KeyVault.Local;

/// <summary>Reads and writes a private key as PKCS#8 in PEM (RFC 7468 §10).</summary>
internal static class PrivateKeyPem
{
    private const string Label = "PRIVATE KEY";

    /// <exception cref="CryptographicException">The key is no RSA or EC key.</exception>
    /// <exception cref="ArgumentException">The text is no PEM of a PKCS#8 key.</exception>
    public static PrivateKey Read(string pem)
    {
        var fields = PemEncoding.Find(pem);
        return pem[fields.Label] == Label ? PrivateKey.FromPkcs8(Convert.FromBase64String(pem[fields.Base64Data])) : throw new ArgumentException("It is no PKCS#8 private key");
    }

    public static string Write(PrivateKey key) => PemEncoding.WriteString(Label, key.ToPkcs8());
}
