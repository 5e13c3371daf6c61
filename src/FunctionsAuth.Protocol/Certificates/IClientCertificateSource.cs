using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Certificates;

/// <summary>Finds the certificate of a client's TLS connection. A host that terminates TLS itself has its own implementation.</summary>
public interface IClientCertificateSource
{
    /// <returns>The certificate in DER, not checked; null if the connection has none.</returns>
    /// <exception cref="Errors.OAuthException"><c>invalid_request</c>: it cannot be read.</exception>
    byte[]? Read(HttpContext http);
}

/// <summary>Client certificates are off: no client has one, whatever headers a request has.</summary>
public sealed class NoCertificates : IClientCertificateSource
{
    public byte[]? Read(HttpContext http) => null;
}
