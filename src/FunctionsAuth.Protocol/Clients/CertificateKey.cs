using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace FunctionsAuth.Protocol.Clients;

/// <summary>The public key of a certificate, of the kinds that a <see cref="ClientKeySet"/> holds: the modulus and the exponent of RSA, or the coordinates of a point on P-256.</summary>
internal sealed record CertificateKey(bool IsRsa, byte[] First, byte[] Second)
{
    private const string P256 = "1.2.840.10045.3.1.7";

    /// <returns>Null for a key of another kind, and for a malformed one.</returns>
    public static CertificateKey? Of(X509Certificate2 certificate)
    {
        try
        {
            using var rsa = certificate.GetRSAPublicKey();
            if (rsa?.ExportParameters(false) is { } parameters)
                return new(true, parameters.Modulus!, parameters.Exponent!);
            using var ec = certificate.GetECDsaPublicKey();
            return ec?.ExportParameters(false) is { Curve: { IsNamed: true, Oid.Value: P256 }, Q: { X: { } x, Y: { } y } } ? new(false, x, y) : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
