using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace FunctionsAuth.Dev.Tools;

internal static class Certificate
{
    public static (string Certificate, string Key)? Of(Arguments arguments) => (arguments["--cert"], arguments["--key"]) switch
    {
        ({ } certificate, { } key) => (Existing(certificate), Existing(key)),
        (null, null) => arguments.Has("--https") ? ForLocalhost() : null,
        _ => throw new Problem("Use --cert and --key together. Both are PEM files: the certificate and its private key."),
    };

    private static string Existing(string file) => File.Exists(file) ? Path.GetFullPath(file) : throw new Problem($"There is no file {file}.");

    public static (string Certificate, string Key) ForLocalhost()
    {
        var (certificate, key) = (Repository.Local("localhost.crt"), Repository.Local("localhost.key"));
        if (!File.Exists(key) || !IsGoodForAMonth(certificate))
            Write(certificate, key);
        return (certificate, key);
    }

    private static bool IsGoodForAMonth(string file)
    {
        if (!File.Exists(file))
            return false;
        using var certificate = X509CertificateLoader.LoadCertificateFromFile(file);
        return certificate.NotAfter > DateTime.Now.AddDays(30);
    }

    private static void Write(string certificateFile, string keyFile)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false)); // server authentication
        // Browsers accept at most 397 days.
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddDays(397));
        WritePrivate(keyFile, key.ExportPkcs8PrivateKeyPem());
        WritePrivate(certificateFile, certificate.ExportCertificatePem());
    }

    private static void WritePrivate(string file, string text)
    {
        File.Delete(file); // the mode is for new files only
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var writer = new StreamWriter(file, options);
        writer.WriteLine(text);
    }
}
