using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FunctionsAuth.LocalHost.Hosting;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Certificates;

/// <summary>A server behind a proxy that ends TLS and writes the client's certificate into a header.</summary>
internal sealed class CertificateServer : IAsyncDisposable
{
    public const string Header = "X-Client-Cert";
    public const string ProofHeader = "X-Proxy-Proof";
    public const string Proof = "proof-of-the-proxy-0123456789-abcdefgh";
    public const string Alias = "https://mtls.login.example";

    private readonly TestAuthority authority = TestAuthority.Root();

    private CertificateServer() => Issuing = authority.Intermediate("CN=Issuing authority");

    public RunningServer Running { get; private set; } = null!;

    /// <summary>Between the root and the clients; both are in the settings.</summary>
    public TestAuthority Issuing { get; }

    public static async Task<CertificateServer> StartAsync(params (string Name, string? Value)[] settings)
    {
        var server = new CertificateServer();
        var all = new Dictionary<string, string?>
        {
            ["ClientCertificates:Source"] = "header",
            ["ClientCertificates:Header"] = Header,
            ["ClientCertificates:ProofHeader"] = ProofHeader,
            ["ClientCertificates:ProofSecret"] = Proof,
            ["ClientCertificates:PublicUrl"] = Alias,
            ["ClientCertificates:TrustedAuthorities:0"] = server.authority.Pem + "\n" + server.Issuing.Pem,
        };
        foreach (var (name, value) in settings)
            all[name] = value;
        foreach (var name in settings.Where(setting => setting.Value is null).Select(setting => setting.Name))
            all.Remove(name);
        server.Running = await RunningServer.StartAsync(new ServerSetup { Settings = all });
        return server;
    }

    /// <summary>Imports a client that may get tokens for itself.</summary>
    /// <param name="members">Of JSON.</param>
    public Task ImportAsync(string clientId, string members) => LocalServer.ImportAsync(
        Running.Services, $$"""{ "clients": [{ "client_id": "{{clientId}}", "grant_types": ["client_credentials"], "scope": "api.read", {{members}} }] }""");

    /// <summary>Asks for a token of the client itself, as the proxy passes it on.</summary>
    public Task<JsonAnswer> TokenAsync(string? clientId, X509Certificate2? certificate) =>
        PostAsync("token", [("grant_type", "client_credentials"), ("client_id", clientId)], certificate);

    public Task<JsonAnswer> PostAsync(string route, IEnumerable<(string Name, string? Value)> fields, X509Certificate2? certificate, string? authorization = null, string? dpop = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, route)
        {
            Content = new FormUrlEncodedContent(fields.Where(field => field.Value is not null).Select(field => new KeyValuePair<string, string>(field.Name, field.Value!))),
        };
        if (authorization is not null)
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        if (dpop is not null)
            request.Headers.TryAddWithoutValidation("DPoP", dpop);
        return SendAsync(request, certificate);
    }

    public Task<JsonAnswer> UserInfoAsync(string accessToken, X509Certificate2? certificate)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "userinfo");
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {accessToken}");
        return SendAsync(request, certificate);
    }

    /// <summary>The header and the proof as they are given, right or wrong.</summary>
    public Task<JsonAnswer> SendAsync(string clientId, string[] certificates, string[] proofs)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "token")
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string> { ["grant_type"] = "client_credentials", ["client_id"] = clientId }),
        };
        return SendAsync(request, certificates, proofs);
    }

    public async ValueTask DisposeAsync()
    {
        await Running.DisposeAsync();
        Issuing.Dispose();
        authority.Dispose();
    }

    public static string Encode(X509Certificate2 certificate) => Convert.ToBase64String(certificate.RawData);

    public static string ThumbprintOf(X509Certificate2 certificate) => Base64Url.EncodeToString(SHA256.HashData(certificate.RawData));

    private Task<JsonAnswer> SendAsync(HttpRequestMessage request, X509Certificate2? certificate) => SendAsync(request, certificate is null ? [] : [Encode(certificate)], [Proof]);

    private async Task<JsonAnswer> SendAsync(HttpRequestMessage request, string[] certificates, string[] proofs)
    {
        foreach (var certificate in certificates)
            request.Headers.TryAddWithoutValidation(Header, certificate);
        foreach (var proof in proofs)
            request.Headers.TryAddWithoutValidation(ProofHeader, proof);
        return await JsonAnswer.ReadAsync(await Running.Http.SendAsync(request));
    }
}
