using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace FunctionsAuth.Server.Tests.Certificates;

/// <summary>A certificate authority of a test, and what it issues: valid in the year of the test clock unless a test says otherwise.</summary>
internal sealed class TestAuthority : IDisposable
{
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    private readonly X509Certificate2 certificate;

    private TestAuthority(X509Certificate2 certificate) => this.certificate = certificate;

    public static DateTimeOffset Begin { get; } = new(2040, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static DateTimeOffset End { get; } = new(2041, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public string Pem => certificate.ExportCertificatePem();

    public static TestAuthority Root(string name = "CN=Test root", DateTimeOffset? begin = null)
    {
        var (request, _) = Request(name);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return new(request.CreateSelfSigned(begin ?? Begin, End));
    }

    /// <summary>An authority whose certificate this one issues.</summary>
    public TestAuthority Intermediate(string name) => new(Issue(name, request => request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true)), usage: null));

    /// <summary>A client's certificate, with its private key.</summary>
    /// <param name="usage">The extended key usage; null for none.</param>
    public X509Certificate2 Issue(
        string name, Action<CertificateRequest>? change = null, DateTimeOffset? begin = null, DateTimeOffset? end = null, string? usage = ClientAuthentication)
    {
        var (request, key) = Request(name);
        if (usage is not null)
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], false));
        change?.Invoke(request);
        using var issued = request.Create(certificate, begin ?? Begin, end ?? End, RandomNumberGenerator.GetBytes(16));
        return issued.CopyWithPrivateKey(key);
    }

    /// <summary>The same with subject alternative names.</summary>
    public X509Certificate2 IssueFor(Action<SubjectAlternativeNameBuilder> names) => Issue("CN=somebody", request =>
    {
        var builder = new SubjectAlternativeNameBuilder();
        names(builder);
        request.CertificateExtensions.Add(builder.Build());
    });

    /// <summary>A client's own certificate: valid long ago, unless a test says otherwise.</summary>
    public static X509Certificate2 SelfSigned(string name = "CN=self", AsymmetricAlgorithm? key = null, DateTimeOffset? begin = null, DateTimeOffset? end = null)
    {
        var request = key is RSA rsa
            ? new CertificateRequest(name, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new CertificateRequest(name, key as ECDsa ?? ECDsa.Create(ECCurve.NamedCurves.nistP256), HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(begin ?? Begin.AddYears(-10), end ?? End.AddYears(-10));
    }

    public void Dispose() => certificate.Dispose();

    /// <summary>A name as ASN.1 has it: the first relative name first, each a set of attributes.</summary>
    public static X500DistinguishedName Name(params (string Type, UniversalTagNumber Kind, string Value)[][] names)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            foreach (var name in names)
            {
                using (writer.PushSetOf())
                {
                    foreach (var (type, kind, value) in name)
                    {
                        using (writer.PushSequence())
                        {
                            writer.WriteObjectIdentifier(type);
                            writer.WriteCharacterString(kind, value);
                        }
                    }
                }
            }
        }
        return new X500DistinguishedName(writer.Encode());
    }

    private static (CertificateRequest Request, ECDsa Key) Request(string name)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return (new CertificateRequest(name, key, HashAlgorithmName.SHA256), key);
    }
}
