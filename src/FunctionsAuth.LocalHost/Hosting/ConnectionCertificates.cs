using System.Security.Cryptography.X509Certificates;
using FunctionsAuth.Protocol.Certificates;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace FunctionsAuth.LocalHost.Hosting;

/// <summary>
/// The certificates of TLS connections that end here. Clients are asked for one at one port only: browsers would show their users a choice of certificates.
/// </summary>
internal sealed class ConnectionCertificates : IClientCertificateSource
{
    public byte[]? Read(HttpContext http) => http.Connection.ClientCertificate?.RawData;

    /// <summary>Asks for certificates at the port of that address, and takes any: who trusts whom is decided by the protocol, when it knows the client.</summary>
    public static void Ask(HttpsConnectionAdapterOptions https, Uri address)
    {
        https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
        https.AllowAnyClientCertificate();
        https.OnAuthenticate = (connection, tls) =>
        {
            tls.ClientCertificateRequired = connection.LocalEndPoint is System.Net.IPEndPoint endpoint && endpoint.Port == address.Port;
            // What a stranger's certificate names is not fetched.
            tls.CertificateChainPolicy = new X509ChainPolicy { DisableCertificateDownloads = true, RevocationMode = X509RevocationMode.NoCheck };
        };
    }
}
