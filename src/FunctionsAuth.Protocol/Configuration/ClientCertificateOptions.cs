using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace FunctionsAuth.Protocol.Configuration;

/// <summary>
/// Where the server finds the TLS certificate of a client (RFC 8705), and which authorities it trusts. Without these settings, no client has a
/// certificate, whatever headers a request has.
/// </summary>
public sealed record ClientCertificateOptions
{
    /// <summary>Nowhere.</summary>
    public const string None = "none";

    /// <summary>The TLS connection itself, on LocalHost.</summary>
    public const string Kestrel = "kestrel";

    /// <summary>The header <see cref="Header"/>, in requests that prove to come from the proxy that writes it.</summary>
    public const string InHeader = "header";

    /// <summary>DER in base64, as <c>X-ARR-ClientCert</c> has it.</summary>
    public const string Base64 = "base64";

    /// <summary>DER in base64 between colons, as <c>Client-Cert</c> of RFC 9440 has it.</summary>
    public const string Rfc9440 = "rfc9440";

    /// <summary>PEM with percent escapes, as nginx writes <c>$ssl_client_escaped_cert</c>.</summary>
    public const string Pem = "pem";

    /// <summary><c>X-Forwarded-Client-Cert</c> of Envoy: the member <c>Cert</c> of its one element.</summary>
    public const string Xfcc = "xfcc";

    private const int ShortestSecret = 32;
    private const int LongestHeaderName = 100;

    private static readonly string[] Sources = [None, Kestrel, InHeader];
    private static readonly string[] Encodings = [Base64, Rfc9440, Pem, Xfcc];

    /// <summary>
    /// Where the certificate is: nowhere (<c>none</c>), in a header that a proxy writes (<c>header</c>), or in the TLS connection itself (<c>kestrel</c>,
    /// only on LocalHost, where <c>run --mtls-url</c> sets it).
    /// </summary>
    public string Source { get; init; } = None;

    /// <summary>
    /// The header with the certificate, such as <c>Client-Cert</c>. It is required with the source <c>header</c>. The proxy must replace a header of that
    /// name from a client.
    /// </summary>
    public string? Header { get; init; }

    /// <summary>
    /// How the certificate is written in the header: <c>base64</c> (X-ARR-ClientCert), <c>rfc9440</c> (Client-Cert), <c>pem</c> (nginx) or <c>xfcc</c>
    /// (Envoy).
    /// </summary>
    public string Encoding { get; init; } = Base64;

    /// <summary>The header in which the proxy sends <see cref="ProofSecret"/>. It is required with the source <c>header</c>.</summary>
    public string? ProofHeader { get; init; }

    /// <summary>
    /// A secret that only the proxy and this server know: at least 32 ASCII characters, without spaces. It proves that the proxy wrote the header. In
    /// Azure, use a Key Vault reference.
    /// </summary>
    public string? ProofSecret { get; init; }

    /// <summary>
    /// The authorities whose certificates the method <c>tls_client_auth</c> accepts: roots and intermediates, each as PEM or as the path of a PEM file.
    /// Without any, the server does not offer the method.
    /// </summary>
    public IReadOnlyList<string> TrustedAuthorities { get; init; } = [];

    /// <summary>
    /// The https URL at which clients with certificates reach the endpoints, if it is another host or port than the public address (RFC 8705, section 5).
    /// </summary>
    public Uri? PublicUrl { get; init; }

    /// <summary>Clients can have certificates.</summary>
    public bool IsOn => Source != None;

    /// <summary>Without the secret, so that none gets into a log.</summary>
    public override string ToString() => nameof(ClientCertificateOptions);

    /// <summary>The certificates of <see cref="TrustedAuthorities"/>.</summary>
    /// <exception cref="CryptographicException">An entry is no certificate.</exception>
    /// <exception cref="IOException">A file can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A file must not be read.</exception>
    internal X509Certificate2Collection ReadAuthorities()
    {
        X509Certificate2Collection all = [];
        foreach (var entry in TrustedAuthorities.OfType<string>())
        {
            X509Certificate2Collection own = [];
            own.ImportFromPem(entry.Contains("-----BEGIN", StringComparison.Ordinal) ? entry : File.ReadAllText(entry));
            all.AddRange(own.Count > 0 ? own : throw new CryptographicException("There is no certificate in it."));
        }
        return all;
    }

    /// <summary>A certificate that ends chains: it names itself as its issuer.</summary>
    internal static bool IsRoot(X509Certificate2 authority) => authority.SubjectName.RawData.AsSpan().SequenceEqual(authority.IssuerName.RawData);

    internal IEnumerable<string> Problems(Uri? publicUrl) => [.. SourceProblems(), .. AuthorityProblems(), .. UrlProblems(publicUrl)];

    private IEnumerable<string> SourceProblems()
    {
        if (!Sources.Contains(Source))
            yield return $"ClientCertificates:Source must be one of {string.Join(", ", Sources)}";
        if (!Encodings.Contains(Encoding))
            yield return $"ClientCertificates:Encoding must be one of {string.Join(", ", Encodings)}";
        foreach (var (name, value) in new[] { (nameof(Header), Header), (nameof(ProofHeader), ProofHeader), (nameof(ProofSecret), ProofSecret) })
        {
            if ((Source == InHeader) != (value is not null))
                yield return $"ClientCertificates:{name} must be set with ClientCertificates:Source {InHeader}, and only then";
        }
        if (!IsHeaderName(Header) || !IsHeaderName(ProofHeader) || (Header is not null && string.Equals(Header, ProofHeader, StringComparison.OrdinalIgnoreCase)))
            yield return "ClientCertificates:Header and ClientCertificates:ProofHeader must be the names of two headers: letters, digits and hyphens";
        if (ProofSecret is { } secret && (secret.Length < ShortestSecret || !secret.All(c => c is > ' ' and <= '~')))
            yield return $"ClientCertificates:ProofSecret must have at least {ShortestSecret} ASCII characters, without spaces";
    }

    private static bool IsHeaderName(string? name) => name is null || (name.Length is > 0 and <= LongestHeaderName && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'));

    private IEnumerable<string> AuthorityProblems()
    {
        if (TrustedAuthorities.Count == 0)
            return [];
        if (!IsOn)
            return [$"ClientCertificates:TrustedAuthorities is of no use with ClientCertificates:Source {None}"];
        try
        {
            return ReadAuthorities().Any(IsRoot) ? [] : ["ClientCertificates:TrustedAuthorities must have a root: a certificate that names itself as its issuer"];
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            return [$"ClientCertificates:TrustedAuthorities must be certificates as PEM, or paths of PEM files. {e.Message}"];
        }
    }

    private IEnumerable<string> UrlProblems(Uri? publicUrl)
    {
        if (PublicUrl is null)
            yield break;
        if (!IsOn)
            yield return $"ClientCertificates:PublicUrl is of no use with ClientCertificates:Source {None}";
        if (!PublicUrl.IsAbsoluteUri || PublicUrl.Scheme != Uri.UriSchemeHttps || PublicUrl.Query.Length > 0 || PublicUrl.Fragment.Length > 0 || PublicUrl.UserInfo.Length > 0)
            yield return "ClientCertificates:PublicUrl must be an absolute https URL without query, fragment or user";
        // Otherwise the pages that people see would be where browsers are asked for certificates.
        else if (publicUrl is { IsAbsoluteUri: true } && publicUrl.Authority == PublicUrl.Authority)
            yield return "ClientCertificates:PublicUrl must have another host or port than the server's public address";
    }
}
