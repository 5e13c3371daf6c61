using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FunctionsAuth.LocalHost.Hosting;
using FunctionsAuth.Protocol.Certificates;
using FunctionsAuth.Protocol.Import;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Certificates;

/// <summary>Clients that show a certificate: requirements MTL3, MTL4 and MTL5.</summary>
public sealed class CertificateAuthenticationTests : IAsyncLifetime
{
    private const string ByAuthority = """ "token_endpoint_auth_method": "tls_client_auth", """;

    private CertificateServer server = null!;

    /// <summary>What a client registers, and certificates that are its own and somebody else's.</summary>
    public static TheoryData<string, string, string, bool> AlternativeNames { get; } = new()
    {
        { "tls_client_auth_san_dns", "orders.example", "orders.example", true },
        { "tls_client_auth_san_dns", "orders.example", "ORDERS.example", true },
        { "tls_client_auth_san_dns", "orders.example", "*.example", false },
        { "tls_client_auth_san_dns", "orders.example", "orders.example.evil", false },
        { "tls_client_auth_san_dns", "*.example", "orders.example", false },
        { "tls_client_auth_san_uri", "spiffe://example/orders", "spiffe://example/orders", true },
        { "tls_client_auth_san_uri", "spiffe://example/orders", "spiffe://example/ORDERS", false },
        { "tls_client_auth_san_uri", "spiffe://example/orders", "spiffe://example/orders/", false },
        { "tls_client_auth_san_ip", "192.0.2.7", "192.0.2.7", true },
        { "tls_client_auth_san_ip", "2001:db8::7", "2001:0DB8:0:0::7", true },
        { "tls_client_auth_san_ip", "192.0.2.7", "192.0.2.8", false },
        { "tls_client_auth_san_ip", "192.0.2.7", "::ffff:192.0.2.7", false },
        { "tls_client_auth_san_email", "orders@example.com", "orders@EXAMPLE.com", true },
        { "tls_client_auth_san_email", "orders@example.com", "Orders@example.com", false },
    };

    public async Task InitializeAsync() => server = await CertificateServer.StartAsync();

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task A_client_is_known_by_the_subject_that_an_authority_certified()
    {
        await server.ImportAsync("orders", ByAuthority + """ "tls_client_auth_subject_dn": "CN=orders,O=Example" """);
        await Expect(true, server.Issuing.Issue("CN=orders, O=Example"));
        await Expect(true, server.Issuing.Issue("CN=orders, O=Example", usage: null));
        await Expect(false, server.Issuing.Issue("CN=others, O=Example"));
        await Expect(false, server.Issuing.Issue("O=Example, CN=orders"));
        await Expect(false, server.Issuing.Issue("CN=orders"));
        // For servers only, not valid any more, not valid yet, self-signed, and of another authority with the same name.
        await Expect(false, server.Issuing.Issue("CN=orders, O=Example", usage: "1.3.6.1.5.5.7.3.1"));
        await Expect(false, server.Issuing.Issue("CN=orders, O=Example", end: server.Running.Clock.GetUtcNow().AddMinutes(-1)));
        await Expect(false, server.Issuing.Issue("CN=orders, O=Example", begin: server.Running.Clock.GetUtcNow().AddMinutes(1)));
        await Expect(false, TestAuthority.SelfSigned("CN=orders, O=Example", begin: TestAuthority.Begin, end: TestAuthority.End));
        using var forged = TestAuthority.Root("CN=Issuing authority");
        await Expect(false, forged.Issue("CN=orders, O=Example"));
        // Of authorities that the settings do not have, however many lead to one that they do have.
        using var deep = Deep();
        await Expect(false, deep.Issue("CN=orders, O=Example"));

        async Task Expect(bool isOwn, X509Certificate2 certificate)
        {
            using (certificate)
            {
                var answer = await server.TokenAsync("orders", certificate);
                if (isOwn)
                    Assert.Equal("orders", JsonAnswer.Claims(answer.ShouldBeOk().AccessToken).GetProperty("client_id").GetString());
                else
                    answer.ShouldFail("invalid_client", 401);
            }
        }

        TestAuthority Deep()
        {
            var last = server.Issuing.Intermediate("CN=1");
            for (var i = 2; i <= 40; i++)
                last = last.Intermediate($"CN={i}");
            return last;
        }
    }

    [Fact]
    public async Task A_certificate_is_good_until_its_end_by_the_clock_of_the_server()
    {
        await server.ImportAsync("orders", ByAuthority + """ "tls_client_auth_subject_dn": "CN=orders" """);
        using var certificate = server.Issuing.Issue("CN=orders", end: server.Running.Clock.GetUtcNow().AddMinutes(5));
        (await server.TokenAsync("orders", certificate)).ShouldBeOk();
        server.Running.Clock.Advance(TimeSpan.FromMinutes(6));
        (await server.TokenAsync("orders", certificate)).ShouldFail("invalid_client", 401);
    }

    [Theory]
    [MemberData(nameof(AlternativeNames))]
    public async Task A_client_is_known_by_an_alternative_name(string member, string registered, string certified, bool isOwn)
    {
        await server.ImportAsync("orders", ByAuthority + $""" "{member}": "{registered}" """);
        using var certificate = server.Issuing.IssueFor(names =>
        {
            // Of several names one is enough, and only of the kind that was registered.
            names.AddDnsName("first.example");
            names.AddUri(new Uri("urn:first"));
            names.AddUserPrincipalName(registered);
            switch (member)
            {
                case "tls_client_auth_san_dns":
                    names.AddDnsName(certified);
                    break;
                case "tls_client_auth_san_uri":
                    names.AddUri(new Uri(certified));
                    break;
                case "tls_client_auth_san_ip":
                    names.AddIpAddress(IPAddress.Parse(certified));
                    break;
                default:
                    names.AddEmailAddress(certified);
                    break;
            }
        });
        var answer = await server.TokenAsync("orders", certificate);
        if (isOwn)
            answer.ShouldBeOk();
        else
            answer.ShouldFail("invalid_client", 401);
    }

    [Fact]
    public async Task A_name_of_one_kind_is_none_of_another()
    {
        await server.ImportAsync("orders", ByAuthority + """ "tls_client_auth_san_dns": "orders.example" """);
        using var byEmail = server.Issuing.IssueFor(names => names.AddEmailAddress("orders.example"));
        (await server.TokenAsync("orders", byEmail)).ShouldFail("invalid_client", 401);
        using var bySubject = server.Issuing.Issue("CN=orders.example");
        (await server.TokenAsync("orders", bySubject)).ShouldFail("invalid_client", 401);
    }

    [Fact]
    public async Task A_client_is_known_by_the_key_that_it_registered_whoever_signed_the_certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var rsa = RSA.Create(2048);
        var (ec, modulus) = (key.ExportParameters(false), rsa.ExportParameters(false));
        await server.ImportAsync("self", $$"""
            "token_endpoint_auth_method": "self_signed_tls_client_auth", "jwks": { "keys": [
              { "kty": "EC", "crv": "P-256", "x": "{{Encode(ec.Q.X!)}}", "y": "{{Encode(ec.Q.Y!)}}" },
              { "kty": "RSA", "e": "{{Encode(modulus.Exponent!)}}", "n": "{{Encode([0, .. modulus.Modulus!])}}" } ] }
            """);
        using var own = TestAuthority.SelfSigned(key: key);
        (await server.TokenAsync("self", own)).ShouldBeOk();
        using var again = TestAuthority.SelfSigned("CN=renewed", key);
        (await server.TokenAsync("self", again)).ShouldBeOk();
        using var withRsa = TestAuthority.SelfSigned(key: rsa);
        (await server.TokenAsync("self", withRsa)).ShouldBeOk();
        using var foreign = TestAuthority.SelfSigned();
        (await server.TokenAsync("self", foreign)).ShouldFail("invalid_client", 401);
        using var otherCurve = TestAuthority.SelfSigned(key: ECDsa.Create(ECCurve.NamedCurves.nistP384));
        (await server.TokenAsync("self", otherCurve)).ShouldFail("invalid_client", 401);
        using var ofAuthority = server.Issuing.Issue("CN=self");
        (await server.TokenAsync("self", ofAuthority)).ShouldFail("invalid_client", 401);
        (await server.TokenAsync("self", null)).ShouldFail("invalid_client", 401);

        static string Encode(byte[] bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);
    }

    [Fact]
    public async Task Keys_at_a_jwks_uri_are_fetched_again_when_the_client_has_a_new_one()
    {
        await using var host = await ClientHost.StartAsync();
        await using var one = await CertificateServer.StartAsync(("Fetch:TrustedHosts:0", "127.0.0.1"), ("Fetch:KeysMinAge", "00:00:10"));
        using var first = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var second = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        host.Serve("/keys", SetOf(first));
        await one.ImportAsync("self", $$""" "token_endpoint_auth_method": "self_signed_tls_client_auth", "jwks_uri": "{{new Uri(host.Url, "/keys")}}" """);
        using var before = TestAuthority.SelfSigned(key: first);
        using var after = TestAuthority.SelfSigned(key: second);
        (await one.TokenAsync("self", before)).ShouldBeOk();
        host.Serve("/keys", SetOf(second));
        (await one.TokenAsync("self", after)).ShouldFail("invalid_client", 401);
        one.Running.Clock.Advance(TimeSpan.FromSeconds(11));
        (await one.TokenAsync("self", after)).ShouldBeOk();
        (await one.TokenAsync("self", before)).ShouldFail("invalid_client", 401);

        static string SetOf(ECDsa key)
        {
            var point = key.ExportParameters(false).Q;
            return $$"""{ "keys": [{ "kty": "EC", "crv": "P-256", "x": "{{System.Buffers.Text.Base64Url.EncodeToString(point.X)}}", "y": "{{System.Buffers.Text.Base64Url.EncodeToString(point.Y)}}" }] }""";
        }
    }

    [Fact]
    public async Task The_body_must_name_the_client()
    {
        await server.ImportAsync("orders", ByAuthority + """ "tls_client_auth_subject_dn": "CN=orders" """);
        using var certificate = server.Issuing.Issue("CN=orders");
        (await server.TokenAsync(null, certificate)).ShouldFail("invalid_client", 401);
        (await server.PostAsync("token?client_id=orders", [("grant_type", "client_credentials")], certificate)).ShouldFail("invalid_client", 401);
        (await server.TokenAsync("orders", null)).ShouldFail("invalid_client", 401);
        (await server.TokenAsync("nobody", certificate)).ShouldFail("invalid_client", 401);
    }

    [Fact]
    public async Task A_certificate_stands_for_no_other_method_and_no_other_method_for_a_certificate()
    {
        await server.ImportAsync("orders", ByAuthority + """ "tls_client_auth_subject_dn": "CN=orders" """);
        using var certificate = server.Issuing.Issue("CN=orders");
        foreach (var confidential in (string[])["web", "post", "service"])
            (await server.TokenAsync(confidential, certificate)).ShouldFail("invalid_client", 401);
        (await server.PostAsync("token", [("grant_type", "client_credentials"), ("client_id", "orders"), ("client_secret", "x")], certificate)).ShouldFail("invalid_client", 401);
        (await server.PostAsync("token", [("grant_type", "client_credentials"), ("client_id", "orders")], certificate, RawRequests.Basic("orders", "x"))).ShouldFail("invalid_client", 401);
        // A client with a secret may have a certificate all the same.
        (await server.PostAsync("token", [("grant_type", "client_credentials")], certificate, RawRequests.Basic("service", RawRequests.SecretOf("service")))).ShouldBeOk();
    }

    [Theory]
    [InlineData("introspect")]
    [InlineData("revoke")]
    public async Task Other_endpoints_know_the_client_by_its_certificate(string endpoint)
    {
        await server.ImportAsync("orders", ByAuthority + """ "tls_client_auth_subject_dn": "CN=orders" """);
        using var certificate = server.Issuing.Issue("CN=orders");
        (await server.PostAsync(endpoint, [("client_id", "orders"), ("token", "x")], certificate)).ShouldBeOk();
        (await server.PostAsync(endpoint, [("client_id", "orders"), ("token", "x")], null)).ShouldFail("invalid_client", 401);
    }

    [Fact]
    public async Task A_request_is_pushed_by_the_certificate()
    {
        await LocalServer.ImportAsync(server.Running.Services, """
            { "clients": [{ "client_id": "portal", "token_endpoint_auth_method": "tls_client_auth", "tls_client_auth_san_dns": "portal.example", "redirect_uris": ["https://portal.example/callback"] }] }
            """);
        using var certificate = server.Issuing.IssueFor(names => names.AddDnsName("portal.example"));
        var request = new AuthorizationParameters("portal").All.Select(pair => (pair.Key, (string?)pair.Value)).ToList();
        Assert.Equal(201, (await server.PostAsync("par", request, certificate)).Status);
        using var other = server.Issuing.IssueFor(names => names.AddDnsName("other.example"));
        (await server.PostAsync("par", request, other)).ShouldFail("invalid_client", 401);
    }

    [Theory]
    [InlineData("", "token_endpoint_auth_method")]
    [InlineData(""" "tls_client_auth_subject_dn": "CN=a", "tls_client_auth_san_dns": "a.example" """, "token_endpoint_auth_method")]
    [InlineData(""" "tls_client_auth_subject_dn": "orders" """, "tls_client_auth_subject_dn")]
    [InlineData(""" "tls_client_auth_subject_dn": "" """, "tls_client_auth_subject_dn")]
    [InlineData(""" "tls_client_auth_san_dns": "a b" """, "tls_client_auth_san_dns")]
    [InlineData(""" "tls_client_auth_san_uri": "orders" """, "tls_client_auth_san_uri")]
    [InlineData(""" "tls_client_auth_san_ip": "1" """, "tls_client_auth_san_ip")]
    [InlineData(""" "tls_client_auth_san_ip": "[::1]:80" """, "tls_client_auth_san_ip")]
    [InlineData(""" "tls_client_auth_san_email": "orders" """, "tls_client_auth_san_email")]
    [InlineData(""" "tls_client_auth_san_dns": "a.example", "client_secret": "a-secret-of-32-characters-or-more-0123" """, "client_secret")]
    [InlineData(""" "tls_client_auth_san_dns": "a.example", "tls_client_certificate_bound_access_tokens": true, "dpop_bound_access_tokens": true """, "tls_client_certificate_bound_access_tokens")]
    public async Task A_client_has_exactly_one_subject_and_it_is_well_formed(string members, string member)
    {
        var refused = await Assert.ThrowsAsync<ImportException>(() => server.ImportAsync("orders", (ByAuthority + members).TrimEnd(' ', ',')));
        Assert.Equal($"clients[0].{member}", Assert.Single(refused.Problems).Path);
    }

    [Theory]
    [InlineData(""" "client_secret": "a-secret-of-32-characters-or-more-0123", "tls_client_auth_san_dns": "a.example" """, "tls_client_auth_san_dns")]
    [InlineData(""" "token_endpoint_auth_method": "self_signed_tls_client_auth" """, "jwks")]
    public async Task Subjects_and_keys_belong_to_their_methods(string members, string member)
    {
        var refused = await Assert.ThrowsAsync<ImportException>(() => server.ImportAsync("orders", members));
        Assert.Equal($"clients[0].{member}", Assert.Single(refused.Problems).Path);
    }

    [Theory]
    [InlineData("CN=orders,O=Example", true)]
    [InlineData("cn=orders, o=Example", true)]
    [InlineData("2.5.4.3=orders,2.5.4.10=Example", true)]
    [InlineData(@"CN=\6Frders,O=Example", true)]
    [InlineData("CN=#0C066F7264657273,O=#13074578616D706C65", true)]
    [InlineData(" CN = orders , O = Example ", true)]
    [InlineData("O=Example,CN=orders", false)]
    [InlineData("CN=Orders,O=Example", false)]
    [InlineData("CN=orders+O=Example", false)]
    [InlineData("CN=orders", false)]
    [InlineData("CN=orders,O=Example,C=DE", false)]
    [InlineData(@"CN=orders\,O=Example", false)]
    [InlineData(@"CN=orders,O=Example\ ", false)]
    [InlineData("CN=#04066F7264657273,O=Example", false)]
    public void Names_are_compared_by_their_structure(string registered, bool isSame)
    {
        var certified = TestAuthority.Name([("2.5.4.10", UniversalTagNumber.PrintableString, "Example")], [("2.5.4.3", UniversalTagNumber.UTF8String, "orders")]);
        Assert.Equal(isSame, DistinguishedName.Of(certified)!.Matches(DistinguishedName.Parse(registered)!));
    }

    [Theory]
    [InlineData("CN=a\\,b\\+c\\\"d\\\\e\\<f\\>g\\;h\\#i\\=j\\ ", "a,b+c\"d\\e<f>g;h#i=j ")]
    [InlineData(@"CN=Lu\C4\8Di\C4\87", "Lučić")]
    [InlineData("CN=Lučić 😀", "Lučić 😀")]
    [InlineData(@"CN=\ a ", " a")]
    [InlineData(@"CN=\#0401", "#0401")]
    [InlineData("CN=", "")]
    public void Escapes_are_read_as_RFC_4514_writes_them(string registered, string value) =>
        Assert.True(DistinguishedName.Of(TestAuthority.Name([("2.5.4.3", UniversalTagNumber.UTF8String, value)]))!.Matches(DistinguishedName.Parse(registered)!));

    [Fact]
    public void The_order_of_attributes_in_one_relative_name_does_not_matter()
    {
        var certified = DistinguishedName.Of(TestAuthority.Name([("2.5.4.3", UniversalTagNumber.UTF8String, "a"), ("2.5.4.11", UniversalTagNumber.UTF8String, "b")]))!;
        Assert.True(certified.Matches(DistinguishedName.Parse("CN=a+OU=b")!));
        Assert.True(certified.Matches(DistinguishedName.Parse("OU=b+CN=a")!));
        Assert.False(certified.Matches(DistinguishedName.Parse("OU=b,CN=a")!));
    }

    [Theory]
    [InlineData("")]
    [InlineData("orders")]
    [InlineData("=orders")]
    [InlineData("XX=orders")]
    [InlineData("1.2.x=orders")]
    [InlineData("CN=a,")]
    [InlineData("CN=a+")]
    [InlineData(",CN=a")]
    [InlineData("CN=a;O=b")]
    [InlineData("CN=\"a\"")]
    [InlineData(@"CN=a\")]
    [InlineData(@"CN=a\4")]
    [InlineData(@"CN=a\zz")]
    [InlineData(@"CN=\FF\FE")]
    [InlineData("CN=#zz")]
    [InlineData("CN=#")]
    [InlineData("CN=#0401")]
    [InlineData("CN=#040100FF")]
    [InlineData("CN=a\0b")]
    public void What_is_no_distinguished_name_is_none(string text) => Assert.Null(DistinguishedName.Parse(text));
}
