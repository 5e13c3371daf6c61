using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using FunctionsAuth.Dev.Tools;
using FunctionsAuth.LocalHost.Hosting;
using FunctionsAuth.Server.Tests.Harness;
using Microsoft.AspNetCore.Builder;

namespace FunctionsAuth.Server.Tests.Certificates;

/// <summary>LocalHost with TLS connections of its own: clients show their certificates at one port, and nobody is asked for one at the other.</summary>
public sealed class ConnectionCertificateTests : IAsyncLifetime
{
    private readonly DateTimeOffset now = TimeProvider.System.GetUtcNow();
    private readonly Uri url = new($"https://localhost:{FreePort.Find()}");
    private readonly Uri mtlsUrl = new($"https://localhost:{FreePort.Find()}");

    private X509Certificate2 ofServer = null!;
    private X509Certificate2 ofClient = null!;
    private WebApplication app = null!;

    public async Task InitializeAsync()
    {
        using var root = TestAuthority.Root(begin: now.AddDays(-1));
        ofServer = Usable(TestAuthority.SelfSigned("CN=localhost", begin: now.AddDays(-1), end: now.AddDays(1)));
        ofClient = Usable(root.Issue("CN=orders", begin: now.AddDays(-1), end: now.AddDays(1)));
        app = LocalServer.Build(new LocalServerOptions
        {
            Url = url,
            MtlsUrl = mtlsUrl,
            Certificate = ofServer,
            Settings = new Dictionary<string, string?> { ["ClientCertificates:TrustedAuthorities:0"] = root.Pem },
        });
        await LocalServer.ImportAsync(app.Services, """
            { "scopes": [{ "name": "api.read" }], "resources": [{ "identifier": "https://api.example", "scopes": ["api.read"] }],
              "clients": [{ "client_id": "orders", "token_endpoint_auth_method": "tls_client_auth", "tls_client_auth_subject_dn": "CN=orders", "tls_client_certificate_bound_access_tokens": true,
                            "grant_types": ["client_credentials"], "scope": "api.read" }] }
            """);
        await app.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        ofServer.Dispose();
        ofClient.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_client_is_known_by_the_certificate_of_its_connection(int httpVersion)
    {
        var (answer, wasAsked) = await TokenAsync(await AliasAsync(), ofClient, httpVersion);
        Assert.True(wasAsked);
        Assert.Equal(CertificateServer.ThumbprintOf(ofClient), (string?)JsonNode.Parse(JsonAnswer.Claims((string)answer["access_token"]!).GetRawText())!["cnf"]!["x5t#S256"]);
    }

    [Fact]
    public async Task A_stranger_is_let_in_and_refused_by_the_protocol()
    {
        using var forged = TestAuthority.Root(begin: now.AddDays(-1));
        using var stranger = Usable(forged.Issue("CN=orders", begin: now.AddDays(-1), end: now.AddDays(1)));
        Assert.Equal("invalid_client", (string?)(await TokenAsync(await AliasAsync(), stranger)).Answer["error"]);
        Assert.Equal("invalid_client", (string?)(await TokenAsync(await AliasAsync(), null)).Answer["error"]);
    }

    [Fact]
    public async Task The_port_of_the_pages_asks_nobody()
    {
        var (answer, wasAsked) = await TokenAsync(new Uri(url, "token"), ofClient);
        Assert.False(wasAsked);
        Assert.Equal("invalid_client", (string?)answer["error"]);
    }

    private async Task<Uri> AliasAsync()
    {
        using var http = Client(null, () => { });
        var metadata = (await http.GetFromJsonAsync<JsonObject>(new Uri(url, ".well-known/openid-configuration")))!;
        Assert.Equal(new Uri(url, "token"), new Uri((string)metadata["token_endpoint"]!));
        var alias = new Uri((string)metadata["mtls_endpoint_aliases"]!["token_endpoint"]!);
        Assert.Equal(mtlsUrl.Port, alias.Port);
        return alias;
    }

    private async Task<(JsonObject Answer, bool WasAsked)> TokenAsync(Uri endpoint, X509Certificate2? certificate, int httpVersion = 1)
    {
        var wasAsked = false;
        using var http = Client(certificate, () => wasAsked = true);
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint)
        {
            Version = new Version(httpVersion, httpVersion == 1 ? 1 : 0),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new FormUrlEncodedContent([new("grant_type", "client_credentials"), new("client_id", "orders")]),
        };
        using var response = await http.SendAsync(request);
        return ((await response.Content.ReadFromJsonAsync<JsonObject>())!, wasAsked);
    }

    private HttpClient Client(X509Certificate2? certificate, Action asked)
    {
        var handler = new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, presented, _, _) => presented?.GetCertHashString() == ofServer.GetCertHashString();
        handler.SslOptions.LocalCertificateSelectionCallback = (_, _, _, remote, _) =>
        {
            // Called before the connection, too, and then without the server's certificate.
            if (remote is null)
                return null!;
            asked();
            return certificate!;
        };
        return new HttpClient(handler);
    }

    /// <summary>Windows wants the private key from a PKCS #12 file.</summary>
    private static X509Certificate2 Usable(X509Certificate2 certificate)
    {
        using (certificate)
            return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }
}
