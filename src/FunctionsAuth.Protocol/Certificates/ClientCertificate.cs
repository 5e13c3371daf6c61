using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FunctionsAuth.Protocol.Errors;

namespace FunctionsAuth.Protocol.Certificates;

/// <summary>
/// The certificate of a client's TLS connection. The party that terminated the connection verified that the client has the private key. Nothing else
/// was checked.
/// </summary>
public sealed class ClientCertificate : IDisposable
{
    /// <summary>Longer certificates are refused.</summary>
    internal const int MostBytes = 16 * 1024;

    private ClientCertificate(X509Certificate2 certificate)
    {
        Certificate = certificate;
        Thumbprint = Base64Url.EncodeToString(SHA256.HashData(certificate.RawDataMemory.Span));
    }

    public X509Certificate2 Certificate { get; }

    /// <summary>SHA-256 of the DER, base64url: <c>x5t#S256</c> of RFC 8705 §3.1.</summary>
    public string Thumbprint { get; }

    /// <exception cref="OAuthException"><c>invalid_request</c>: it is not an X.509 certificate in DER, or has more than <see cref="MostBytes"/> bytes.</exception>
    public static ClientCertificate Parse(byte[] der)
    {
        if (der.Length > MostBytes)
            throw Malformed();
        try
        {
            var certificate = X509CertificateLoader.LoadCertificate(der);
            // The loader also accepts PEM, and ignores data after the certificate.
            return certificate.RawDataMemory.Length == der.Length ? new ClientCertificate(certificate) : throw Malformed();
        }
        catch (CryptographicException)
        {
            throw Malformed();
        }
    }

    public void Dispose() => Certificate.Dispose();

    internal static OAuthException Malformed() => OAuthError.InvalidRequest($"The client certificate is malformed or has more than {MostBytes} bytes");
}
