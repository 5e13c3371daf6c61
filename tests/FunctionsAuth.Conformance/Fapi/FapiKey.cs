using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using FunctionsAuth.Conformance.Client;

namespace FunctionsAuth.Conformance.Fapi;

/// <summary>A client's key as FAPI 2.0 allows it: RSA with PS256, or EC with ES256.</summary>
public sealed class FapiKey
{
    private readonly RSA? rsa;
    private readonly ECDsa? ec;

    private FapiKey(RSA? rsa, ECDsa? ec)
    {
        (this.rsa, this.ec) = (rsa, ec);
        Kid = RandomText.Of(10);
    }

    public string Kid { get; }

    /// <summary>Certificates of its clients' keys, and its own beside the servers' files.</summary>
    public static FapiKey Authority { get; } = Ec();

    public static string AuthorityName => "CN=Conformance authority,O=Suite";

    public string Algorithm => rsa is null ? "ES256" : "PS256";

    public static FapiKey Rsa() => new(RSA.Create(2048), null);

    public static FapiKey Ec() => new(null, ECDsa.Create(ECCurve.NamedCurves.nistP256));

    /// <summary>The members that make the key, and no others.</summary>
    public JsonObject PublicKey()
    {
        if (rsa?.ExportParameters(includePrivateParameters: false) is { } numbers)
            return new JsonObject { ["kty"] = "RSA", ["n"] = Base64Url.EncodeToString(numbers.Modulus), ["e"] = Base64Url.EncodeToString(numbers.Exponent) };
        var point = ec!.ExportParameters(includePrivateParameters: false).Q;
        return new JsonObject { ["kty"] = "EC", ["crv"] = "P-256", ["x"] = Base64Url.EncodeToString(point.X), ["y"] = Base64Url.EncodeToString(point.Y) };
    }

    public JsonObject Jwks()
    {
        var jwk = PublicKey();
        jwk["kid"] = Kid;
        jwk["use"] = "sig";
        return new JsonObject { ["keys"] = new JsonArray(jwk) };
    }

    /// <summary>A certificate that the suite's authority signed, or the key itself.</summary>
    public X509Certificate2 Certify(string subject, bool bySelf)
    {
        var request = Request(subject);
        var (from, until) = (DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddDays(1));
        if (bySelf)
            return Usable(request.CreateSelfSigned(from, until));
        using var signed = request.Create(new X500DistinguishedName(AuthorityName), X509SignatureGenerator.CreateForECDsa(Authority.ec!), from, until, RandomNumberGenerator.GetBytes(16));
        return Usable(rsa is null ? signed.CopyWithPrivateKey(ec!) : signed.CopyWithPrivateKey(rsa));
    }

    /// <summary>The authority's own certificate.</summary>
    public static string AuthorityPem()
    {
        var request = Authority.Request(AuthorityName);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddDays(1));
        return certificate.ExportCertificatePem();
    }

    /// <summary>Some platforms show a client's certificate only with a key that is not in memory alone.</summary>
    private static X509Certificate2 Usable(X509Certificate2 certificate)
    {
        using (certificate)
            return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }

    private CertificateRequest Request(string subject) =>
        rsa is null ? new(subject, ec!, HashAlgorithmName.SHA256) : new(subject, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

    /// <param name="header">Members beside <c>alg</c>, or instead of it.</param>
    public string Sign(JsonObject claims, JsonObject? header = null)
    {
        var whole = new JsonObject { ["alg"] = Algorithm };
        foreach (var (name, value) in header ?? new JsonObject { ["kid"] = Kid })
            whole[name] = value?.DeepClone();
        var input = $"{Encode(whole)}.{Encode(claims)}";
        return $"{input}.{Base64Url.EncodeToString(SignatureOf(whole["alg"]?.GetValue<string>(), Encoding.ASCII.GetBytes(input)))}";
    }

    private byte[] SignatureOf(string? algorithm, byte[] input) => (algorithm, rsa) switch
    {
        ("none", _) => [],
        ("RS256", not null) => rsa.SignData(input, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
        (_, not null) => rsa.SignData(input, HashAlgorithmName.SHA256, RSASignaturePadding.Pss),
        _ => ec!.SignData(input, HashAlgorithmName.SHA256),
    };

    private static string Encode(JsonObject json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json.ToJsonString()));
}
