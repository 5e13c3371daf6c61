using System.Security.Cryptography;
using System.Text;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Limits;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FunctionsAuth.Protocol.Certificates;

/// <summary>
/// The certificate that a proxy wrote into a header. It counts only together with the proof that the request comes from that proxy. Otherwise a
/// client that bypasses the proxy could write the header itself.
/// </summary>
public sealed partial class ForwardedCertificates(ServerOptions options, TimeProvider clock, ILogger<ForwardedCertificates> log) : IClientCertificateSource
{
    private static readonly TimeSpan BetweenWarnings = TimeSpan.FromHours(1);

    // A stranger can send such headers in any number.
    private readonly Allowance<string> warnings = new(1, BetweenWarnings, clock);

    private readonly string header = options.ClientCertificates.Header!;
    private readonly string proofHeader = options.ClientCertificates.ProofHeader!;
    private readonly byte[] proofHash = HashOf(options.ClientCertificates.ProofSecret!);

    public byte[]? Read(HttpContext http)
    {
        var values = http.Request.Headers[header];
        // Some proxies send an empty header if the client sent no certificate.
        if (values.All(string.IsNullOrEmpty))
            return null;
        if (!IsProven(http.Request.Headers))
        {
            if (warnings.TryTake(header, out _))
                LogNotProven(header, proofHeader);
            return null;
        }
        return values is [{ } value]
            ? CertificateHeader.Decode(value, options.ClientCertificates.Encoding)
            : throw OAuthError.InvalidRequest("The header with the client certificate occurs more than once");
    }

    /// <summary>The comparison takes the same time for every value.</summary>
    private bool IsProven(IHeaderDictionary headers) => headers[proofHeader] is [{ } proof] && CryptographicOperations.FixedTimeEquals(HashOf(proof), proofHash);

    private static byte[] HashOf(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    [LoggerMessage(3007, LogLevel.Warning, "A request has the header {Header} without the right {ProofHeader}: it did not come through the proxy, or the proxy has another secret. The certificate is ignored; this is not logged again for an hour")]
    private partial void LogNotProven(string header, string proofHeader);
}
