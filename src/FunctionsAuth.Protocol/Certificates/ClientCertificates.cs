using FunctionsAuth.Protocol.Errors;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Certificates;

/// <summary>The certificates of clients, each read once a request.</summary>
public sealed class ClientCertificates(IClientCertificateSource source)
{
    /// <returns>Null where the client showed none.</returns>
    /// <exception cref="OAuthException"><c>invalid_request</c>: it can't be read.</exception>
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
