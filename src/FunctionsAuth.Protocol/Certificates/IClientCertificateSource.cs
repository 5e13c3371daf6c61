using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Certificates;

/// <summary>Says with which certificate a client opened its TLS connection. A host that ends TLS itself brings its own.</summary>
public interface IClientCertificateSource
{
    /// <returns>The certificate in DER, as it came and not looked at; null where the connection has none.</returns>
    /// <exception cref="Errors.OAuthException"><c>invalid_request</c>: it can't be read.</exception>
    byte[]? Read(HttpContext http);
}

/// <summary>No client has a certificate, whatever headers a request has.</summary>
public sealed class NoCertificates : IClientCertificateSource
{
    public byte[]? Read(HttpContext http) => null;
}
