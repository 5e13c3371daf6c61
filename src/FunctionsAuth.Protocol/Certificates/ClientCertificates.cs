using FunctionsAuth.Protocol.Errors;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Certificates;

/// <summary>The certificates of clients. Each is read once per request.</summary>
public sealed class ClientCertificates(IClientCertificateSource source)
{
    /// <returns>Null if the client sent none.</returns>
    /// <exception cref="OAuthException"><c>invalid_request</c>: it cannot be read.</exception>
    public ClientCertificate? Read(HttpContext http)
    {
        if (http.Items.TryGetValue(typeof(ClientCertificate), out var known))
            return (ClientCertificate?)known;
        var certificate = source.Read(http) is { } der ? ClientCertificate.Parse(der) : null;
        if (certificate is not null)
            http.Response.RegisterForDispose(certificate);
        http.Items[typeof(ClientCertificate)] = certificate;
        return certificate;
    }
}
