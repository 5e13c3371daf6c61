using System.Security.Cryptography;
using FunctionsAuth.Protocol.Keys;

namespace FunctionsAuth.Azure.KeyVault.Local;

/// <summary>Reads and writes a private key as PKCS#8 in PEM (RFC 7468 §10).</summary>
internal static class PrivateKeyPem
{
    private const string Label = "PRIVATE KEY";
    private const string Begin = $"-----BEGIN {Label}-----";
    private const string End = $"-----END {Label}-----";

    /// <exception cref="CryptographicException">The key is no RSA or EC key.</exception>
    /// <exception cref="FormatException">The text is no PEM of a PKCS#8 key.</exception>
    public static PrivateKey Read(string pem)
    {
        var begin = pem.IndexOf(Begin, StringComparison.Ordinal);
        var end = begin < 0 ? -1 : pem.IndexOf(End, begin, StringComparison.Ordinal);
        // Convert ignores the ends of lines.
        return end < 0 ? throw new FormatException("It is no PKCS#8 private key") : PrivateKey.FromPkcs8(Convert.FromBase64String(pem[(begin + Begin.Length)..end]));
    }

    public static string Write(PrivateKey key) => PemEncoding.WriteString(Label, key.ToPkcs8());
}
