using System.Security.Cryptography;
using FunctionsAuth.Protocol.Keys;

namespace FunctionsAuth.Azure.KeyVault.Local;

/// <summary>A private key as text: PKCS#8 in PEM.</summary>
internal static class PrivateKeyPem
{
    private const string Label = "PRIVATE KEY";

    /// <exception cref="CryptographicException">It is no RSA or EC key.</exception>
    /// <exception cref="ArgumentException">It is no PEM.</exception>
    public static PrivateKey Read(string pem)
    {
        var fields = PemEncoding.Find(pem);
        return pem[fields.Label] == Label ? PrivateKey.FromPkcs8(Convert.FromBase64String(pem[fields.Base64Data])) : throw new ArgumentException("It is no PKCS#8 private key");
    }

    public static string Write(PrivateKey key) => PemEncoding.WriteString(Label, key.ToPkcs8());
}
