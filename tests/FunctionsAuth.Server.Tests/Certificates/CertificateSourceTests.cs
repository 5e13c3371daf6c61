using System.Security.Cryptography.X509Certificates;
using FunctionsAuth.Azure;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Server.Tests.Harness;
using Microsoft.Extensions.Configuration;

namespace FunctionsAuth.Server.Tests.Certificates;

/// <summary>From where the server believes a certificate: requirements MTL1, MTL2 and MTL9.</summary>
public sealed class CertificateSourceTests : IAsyncLifetime
{
    private const string Client = "orders";

    private CertificateServer server = null!;
    private X509Certificate2 certificate = null!;

    /// <summary>What proxies write, by the name of the encoding.</summary>
    public static TheoryData<string, Func<X509Certificate2, string>> Encodings { get; } = new()
    {
        { "base64", one => Convert.ToBase64String(one.RawData) },
        { "rfc9440", one => $":{Convert.ToBase64String(one.RawData)}:" },
        { "pem", one => Uri.EscapeDataString(one.ExportCertificatePem()) },
        // The load balancer of AWS leaves some characters as they are.
        { "pem", one => Uri.EscapeDataString(one.ExportCertificatePem() + "\n").Replace("%2B", "+", StringComparison.Ordinal).Replace("%2F", "/", StringComparison.Ordinal).Replace("%3D", "=", StringComparison.Ordinal) },
        { "xfcc", one => $"Cert=\"{Uri.EscapeDataString(one.ExportCertificatePem())}\"" },
        { "xfcc", one => $"By=spiffe://a;Hash=00;Subject=\"CN=a\\\",b;c=d\";cert=\"{Uri.EscapeDataString(one.ExportCertificatePem())}\";URI=;DNS=a.example" },
    };

    public static TheoryData<string, string[]> Malformed { get; } = new()
    {
        { "base64", ["x", "////", "MIIB, MIIB", new string('A', 64 * 1024), ":MIIB:", "MII-_"] },
        { "rfc9440", ["MIIB", ":", "::", ":MIIB", ":MIIB:, :MIIB:", ":MIIB:;a=b"] },
        { "pem", ["MIIB", "%", "-----BEGIN CERTIFICATE-----%0A-----END CERTIFICATE-----", "-----BEGIN PRIVATE KEY-----%0AMIIB%0A-----END PRIVATE KEY-----"] },
        { "xfcc", ["Hash=00", "Cert", "Cert=\"", "Cert=\"a\\\"", ";;;", "=", new string('=', 64 * 1024)] },
    };

    public async Task InitializeAsync()
    {
        server = await CertificateServer.StartAsync();
        await server.ImportAsync(Client, """ "token_endpoint_auth_method": "tls_client_auth", "tls_client_auth_subject_dn": "CN=orders,O=Example" """);
        certificate = server.Issuing.Issue("CN=orders, O=Example");
    }

    public async Task DisposeAsync()
    {
        certificate.Dispose();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task The_header_counts_beside_the_proof_alone()
    {
        var encoded = CertificateServer.Encode(certificate);
        (await server.SendAsync(Client, [encoded], [CertificateServer.Proof])).ShouldBeOk();
        foreach (var proofs in (string[][])[[], [""], ["x"], [CertificateServer.Proof[..^1]], [CertificateServer.Proof + "x"], [CertificateServer.Proof.ToUpperInvariant()], [CertificateServer.Proof, CertificateServer.Proof], ["", CertificateServer.Proof]])
            (await server.SendAsync(Client, [encoded], proofs)).ShouldFail("invalid_client", 401);
    }

    [Fact]
    public async Task A_header_without_its_proof_is_told_once_an_hour_and_without_its_content()
    {
        var encoded = CertificateServer.Encode(certificate);
        for (var i = 0; i < 3; i++)
            (await server.SendAsync(Client, [encoded], ["wrong-proof-0123456789"])).ShouldFail("invalid_client", 401);
        Assert.Single(Warnings());
        server.Running.Clock.Advance(TimeSpan.FromHours(1));
        (await server.SendAsync(Client, [encoded], [])).ShouldFail("invalid_client", 401);
        Assert.Equal(2, Warnings().Count);
        Assert.DoesNotContain(server.Running.Log.Lines, line => line.Contains(encoded[..40], StringComparison.Ordinal) || line.Contains("wrong-proof", StringComparison.Ordinal) || line.Contains(CertificateServer.Proof, StringComparison.Ordinal));

        List<string> Warnings() => [.. server.Running.Log.Lines.Where(line => line.Contains(" 3007: ", StringComparison.Ordinal))];
    }

    [Theory]
    [InlineData("X-ARR-ClientCert", "{0}")]
    [InlineData("Client-Cert", ":{0}:")]
    [InlineData("X-Forwarded-Client-Cert", "Cert=\"{0}\"")]
    [InlineData("X-SSL-Client-Cert", "{0}")]
    public async Task No_other_header_counts(string name, string form)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "token") { Content = new FormUrlEncodedContent([new("grant_type", "client_credentials"), new("client_id", Client)]) };
        request.Headers.TryAddWithoutValidation(name, string.Format(null, form, CertificateServer.Encode(certificate)));
        request.Headers.TryAddWithoutValidation(CertificateServer.ProofHeader, CertificateServer.Proof);
        (await JsonAnswer.ReadAsync(await server.Running.Http.SendAsync(request))).ShouldFail("invalid_client", 401);
    }

    [Fact]
    public async Task With_no_source_no_header_counts_and_no_method_is_there()
    {
        await using var plain = await CertificateServer.StartAsync(
            ("ClientCertificates:Source", null), ("ClientCertificates:Header", null), ("ClientCertificates:ProofHeader", null), ("ClientCertificates:ProofSecret", null),
            ("ClientCertificates:PublicUrl", null), ("ClientCertificates:TrustedAuthorities:0", null));
        await plain.ImportAsync(Client, """ "token_endpoint_auth_method": "tls_client_auth", "tls_client_auth_subject_dn": "CN=orders,O=Example" """);
        (await plain.TokenAsync(Client, certificate)).ShouldFail("invalid_client", 401);
        var metadata = await plain.Running.Http.GetStringAsync(".well-known/openid-configuration");
        Assert.DoesNotContain("tls_client", metadata, StringComparison.Ordinal);
        Assert.DoesNotContain("mtls", metadata, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_certificates_are_refused()
    {
        using var other = server.Issuing.Issue("CN=other");
        (await server.SendAsync(Client, [CertificateServer.Encode(certificate), CertificateServer.Encode(certificate)], [CertificateServer.Proof])).ShouldFail("invalid_request", 400);
        (await server.SendAsync(Client, [CertificateServer.Encode(other), CertificateServer.Encode(certificate)], [CertificateServer.Proof])).ShouldFail("invalid_request", 400);
        (await server.SendAsync(Client, [$"{CertificateServer.Encode(other)}, {CertificateServer.Encode(certificate)}"], [CertificateServer.Proof])).ShouldFail("invalid_request", 400);
    }

    [Fact]
    public async Task An_empty_header_is_no_certificate() => (await server.SendAsync(Client, [""], [CertificateServer.Proof])).ShouldFail("invalid_client", 401);

    [Theory]
    [MemberData(nameof(Encodings))]
    public async Task Each_encoding_is_read(string encoding, Func<X509Certificate2, string> write)
    {
        await using var one = await CertificateServer.StartAsync(("ClientCertificates:Encoding", encoding));
        await one.ImportAsync(Client, """ "token_endpoint_auth_method": "tls_client_auth", "tls_client_auth_subject_dn": "CN=orders" """);
        using var issued = one.Issuing.Issue("CN=orders");
        (await one.SendAsync(Client, [write(issued)], [CertificateServer.Proof])).ShouldBeOk();
    }

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task What_is_malformed_or_too_long_is_a_bad_request(string encoding, string[] values)
    {
        await using var one = await CertificateServer.StartAsync(("ClientCertificates:Encoding", encoding));
        foreach (var value in values)
            (await one.SendAsync(Client, [value], [CertificateServer.Proof])).ShouldFail("invalid_request", 400);
    }

    [Fact]
    public async Task Several_certificates_in_one_value_are_a_bad_request()
    {
        var chain = string.Concat(Enumerable.Repeat(certificate.ExportCertificatePem() + "\n", 40));
        await using var pem = await CertificateServer.StartAsync(("ClientCertificates:Encoding", "pem"));
        (await pem.SendAsync(Client, [Uri.EscapeDataString(chain)], [CertificateServer.Proof])).ShouldFail("invalid_request", 400);
        var escaped = Uri.EscapeDataString(certificate.ExportCertificatePem());
        await using var xfcc = await CertificateServer.StartAsync(("ClientCertificates:Encoding", "xfcc"));
        foreach (var value in (string[])[$"Cert=\"{escaped}\",Cert=\"{escaped}\"", $"Cert=\"{escaped}\";Cert=\"{escaped}\"", $"Hash=00,Cert=\"{escaped}\"", $"Cert=\"{escaped}\"x"])
            (await xfcc.SendAsync(Client, [value], [CertificateServer.Proof])).ShouldFail("invalid_request", 400);
        byte[] doubled = [.. certificate.RawData, .. certificate.RawData];
        (await server.SendAsync(Client, [Convert.ToBase64String(doubled)], [CertificateServer.Proof])).ShouldFail("invalid_request", 400);
        (await server.SendAsync(Client, [Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(certificate.ExportCertificatePem()))], [CertificateServer.Proof])).ShouldFail("invalid_request", 400);
    }

    [Fact]
    public async Task No_bit_of_a_certificate_can_be_changed_without_a_clear_refusal()
    {
        var random = new Random(8705);
        for (var i = 0; i < 300; i++)
        {
            var changed = certificate.RawData;
            changed[random.Next(changed.Length)] ^= (byte)(1 << random.Next(8));
            var answer = await server.SendAsync(Client, [Convert.ToBase64String(changed)], [CertificateServer.Proof]);
            Assert.True((answer.Status, answer.Error) is (400, "invalid_request") or (401, "invalid_client"), $"{answer.Status} {answer.Json} {Convert.ToBase64String(changed)}");
        }
        for (var length = 0; length < certificate.RawData.Length; length += 7)
        {
            var answer = await server.SendAsync(Client, [Convert.ToBase64String(certificate.RawData[..length])], [CertificateServer.Proof]);
            Assert.True((answer.Status, answer.Error) is (400, "invalid_request") or (401, "invalid_client"), $"{answer.Status} {answer.Json}");
        }
    }

    [Theory]
    [InlineData("ClientCertificates:Source", "arr", "ClientCertificates:Source must be one of none, kestrel, header")]
    [InlineData("ClientCertificates:Source", "none", "ClientCertificates:Header must be set with ClientCertificates:Source header, and only then")]
    [InlineData("ClientCertificates:Header", null, "ClientCertificates:Header must be set with ClientCertificates:Source header, and only then")]
    [InlineData("ClientCertificates:Header", "X-Proxy-Proof", "must be the names of two headers")]
    [InlineData("ClientCertificates:Header", "a b", "must be the names of two headers")]
    [InlineData("ClientCertificates:ProofHeader", null, "ClientCertificates:ProofHeader must be set")]
    [InlineData("ClientCertificates:ProofSecret", null, "ClientCertificates:ProofSecret must be set")]
    [InlineData("ClientCertificates:ProofSecret", "0123456789012345678901234567890", "ClientCertificates:ProofSecret must have at least 32 ASCII characters")]
    [InlineData("ClientCertificates:ProofSecret", "0123456789 0123456789 0123456789 0123456789", "ClientCertificates:ProofSecret must have at least 32 ASCII characters")]
    [InlineData("ClientCertificates:Encoding", "der", "ClientCertificates:Encoding must be one of base64, rfc9440, pem, xfcc")]
    [InlineData("ClientCertificates:PublicUrl", "http://mtls.example", "ClientCertificates:PublicUrl must be an absolute https URL")]
    [InlineData("ClientCertificates:PublicUrl", "https://login.example/mtls", "ClientCertificates:PublicUrl must have another host or port")]
    [InlineData("ClientCertificates:TrustedAuthorities:0", "/no/such/file.pem", "ClientCertificates:TrustedAuthorities must be certificates as PEM, or paths of PEM files")]
    [InlineData("ClientCertificates:TrustedAuthorities:0", "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----", "ClientCertificates:TrustedAuthorities must be certificates as PEM, or paths of PEM files")]
    public void A_wrong_setting_stops_the_start_and_no_message_has_the_secret(string name, string? value, string says)
    {
        var refusal = Assert.Throws<SettingsException>(() => AppSettings.Read(Configuration((name, value))));
        Assert.Contains(says, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(CertificateServer.Proof, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_authorities_must_have_a_root_and_may_be_in_a_file()
    {
        using var root = TestAuthority.Root();
        using var intermediate = root.Intermediate("CN=between");
        Assert.Throws<SettingsException>(() => AppSettings.Read(Configuration(("ClientCertificates:TrustedAuthorities:0", intermediate.Pem))));
        var file = Path.Combine(Directory.CreateTempSubdirectory().FullName, "authorities.pem");
        File.WriteAllText(file, intermediate.Pem + "\n" + root.Pem);
        Assert.Single(AppSettings.Read(Configuration(("ClientCertificates:TrustedAuthorities:0", file))).ClientCertificates.TrustedAuthorities);
    }

    [Fact]
    public void The_text_of_the_settings_has_no_secret() =>
        Assert.DoesNotContain(CertificateServer.Proof, new ServerOptions { ClientCertificates = new() { ProofSecret = CertificateServer.Proof } }.ToString(), StringComparison.Ordinal);

    [Fact]
    public async Task Connections_are_no_source_where_tls_ends_elsewhere()
    {
        var refusal = await Assert.ThrowsAsync<SettingsException>(() => RunningServer.StartAsync(new ServerSetup { Settings = { ["ClientCertificates:Source"] = "kestrel" } }));
        Assert.Contains("ClientCertificates:Source can be kestrel only on LocalHost", refusal.Message, StringComparison.Ordinal);
    }

    private static IConfiguration Configuration((string Name, string? Value) change)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Issuer"] = "https://login.example",
            ["ClientCertificates:Source"] = "header",
            ["ClientCertificates:Header"] = CertificateServer.Header,
            ["ClientCertificates:ProofHeader"] = CertificateServer.ProofHeader,
            ["ClientCertificates:ProofSecret"] = CertificateServer.Proof,
            [change.Name] = change.Value,
        };
        return new ConfigurationBuilder().AddInMemoryCollection(settings.Where(pair => pair.Value is not null).ToDictionary(pair => $"{ServerOptions.Section}:{pair.Key}", pair => pair.Value)).Build();
    }
}
