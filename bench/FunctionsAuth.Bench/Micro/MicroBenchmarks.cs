using System.Text;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using FunctionsAuth.Bench.Flows;
using FunctionsAuth.LocalHost.Hosting;
using FunctionsAuth.Protocol.ClientAuthentication;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Grants;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Jwt;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace FunctionsAuth.Bench.Micro;

/// <summary>Parts of the hot path by themselves. Signing a digest and nothing else is the baseline.</summary>
[MemoryDiagnoser]
public class MicroBenchmarks : IAsyncDisposable
{
    private readonly WebApplication app = LocalServer.Build(new LocalServerOptions());
    private readonly string handle = new Handle(HandleKind.RefreshToken, RecordAddress.New(DateTimeOffset.UtcNow), Handle.NewSecret(), Handle.NewSecret()).Encode();
    private readonly Parameters form = Parameters.Parse("grant_type=client_credentials&scope=api.read");
    private readonly DefaultHttpContext request = new();
    private JwtSigner signer = null!;
    private ClientAuthenticator authenticator = null!;

    internal static void Run() => BenchmarkRunner.Run<MicroBenchmarks>(
        DefaultConfig.Instance.AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance)).WithArtifactsPath(Path.Combine(Path.GetTempPath(), "functionsauth-micro")));

    [GlobalSetup]
    public async Task PrepareAsync()
    {
        await LocalServer.ImportAsync(app.Services, """
            {
              "clients": [
                { "client_id": "service", "client_secret": "a-secret-of-the-service-0123456789-abcdef", "grant_types": ["client_credentials"] }
              ]
            }
            """);
        signer = app.Services.GetRequiredService<JwtSigner>();
        authenticator = app.Services.GetRequiredService<ClientAuthenticator>();
        request.Request.Headers.Authorization = Clients.Service["Authorization: ".Length..];
        await SignedJwtAsync();
    }

    [Benchmark(Baseline = true, Description = "ES256 JWT, written and signed")]
    public Task<string> SignedJwtAsync() => signer.SignAsync(SigningAlgorithms.ES256, JwtTypes.AccessToken, json =>
    {
        json.WriteString("iss", "https://login.example.com");
        json.WriteString("sub", "service");
        json.WriteString("aud", "https://api.example");
        json.WriteString("jti", "0123456789abcdef");
    }, CancellationToken.None);

    [Benchmark(Description = "client authentication with a secret")]
    public ValueTask<Client> AuthenticateAsync() => authenticator.AuthenticateAsync(request, form, CancellationToken.None);

    [Benchmark(Description = "handle, parsed")]
    public bool ParseHandle() => Handle.TryParse(handle, HandleKind.RefreshToken, out _);

    [Benchmark(Description = "PKCE, compared")]
    public bool ComparePkce() => Pkce.Matches(Clients.Verifier, Clients.Challenge);

    [Benchmark(Description = "form, parsed")]
    public Parameters ParseForm() => Parameters.Parse("grant_type=authorization_code&code=0123456789&redirect_uri=https%3A%2F%2Fweb.example%2Fcallback");

    [Benchmark(Description = "secret, hashed and compared")]
    public bool CompareSecret() => SecretHash.Matches(Encoding.UTF8.GetBytes(handle), null);

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
