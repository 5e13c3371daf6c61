using System.Security.Cryptography.X509Certificates;
using FunctionsAuth.Protocol.Certificates;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace FunctionsAuth.LocalHost.Hosting;

/// <summary>
/// The client certificates of TLS connections that end here. Only one port asks for certificates, because browsers would show their users a choice of
/// certificates.
/// </summary>
internal sealed class ConnectionCertificates : IClientCertificateSource
{
    public byte[]? Read(HttpContext http) => http.Connection.ClientCertificate?.RawData;

    /// <summary>
    /// Asks for certificates at the port of this address, and accepts any. The protocol decides later, when it knows the client, whether a
    /// certificate is trusted.
    /// </summary>
    public static void Ask(HttpsConnectionAdapterOptions https, Uri address)
    {
        https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
        https.AllowAnyClientCertificate();
        https.OnAuthenticate = (connection, tls) =>
        {
            tls.ClientCertificateRequired = connection.LocalEndPoint is System.Net.IPEndPoint endpoint && endpoint.Port == address.Port;
            // Addresses in a certificate of a stranger are not fetched.
            tls.CertificateChainPolicy = new X509ChainPolicy { DisableCertificateDownloads = true, RevocationMode = X509RevocationMode.NoCheck };
        };
    }
}
