using System.Collections.Concurrent;
using Azure.Security.KeyVault.Keys;
using FunctionsAuth.Functions;
using FunctionsAuth.Protocol.Keys;
using FunctionsAuth.Server.Tests.Harness;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace FunctionsAuth.Server.Tests.Keys;

/// <summary>Instances of a server that share scripted vaults, tables and a clock.</summary>
public sealed class VaultScene : IAsyncDisposable
{
    public const string Rsa = "signing-rsa";
    public const string Ec = "signing-ec";

    private readonly ConcurrentBag<RunningServer> servers = [];

    public VaultScene(int vaults = 1) => Vaults = [.. Enumerable.Range(0, vaults).Select(_ => new ScriptedVault(Clock))];

    public TestClock Clock { get; } = new();

    public TestStorage Storage { get; } = new(BackEnd.Memory);

    public List<ScriptedVault> Vaults { get; }

    public ScriptedVault Vault => Vaults[0];

    /// <summary>A scene in which every vault has had its keys for long.</summary>
    public static async Task<VaultScene> WithKeysAsync(int vaults = 1)
    {
        var scene = new VaultScene(vaults);
        foreach (var vault in scene.Vaults)
            await scene.MakeKeysAsync(vault);
        scene.Clock.Advance(TimeSpan.FromDays(2));
        return scene;
    }

    /// <returns>The version of the RSA key.</returns>
    public async Task<string> MakeKeysAsync(ScriptedVault vault)
    {
        await vault.Keys.CreateEcKeyAsync(new CreateEcKeyOptions(Ec));
        return (await vault.Keys.CreateRsaKeyAsync(new CreateRsaKeyOptions(Rsa))).Value.Properties.Version;
    }

    /// <summary>Starts an instance, which has read the keys, or tried to.</summary>
    public async Task<RunningServer> StartAsync(params (string Name, string Value)[] settings)
    {
        var server = await StartColdAsync(settings);
        await server.Services.GetServices<IHostedService>().OfType<BackgroundService>().Single(service => service.GetType().Name == "KeyWarmup").ExecuteTask!;
        return server;
    }

    /// <summary>Starts an instance that may still be reading the keys.</summary>
    public async Task<RunningServer> StartColdAsync(params (string Name, string Value)[] settings)
    {
        var server = await RunningServer.StartAsync(Storage.Setup(settings) with { Services = AddServices });
        servers.Add(server);
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in servers)
            await server.DisposeAsync();
    }

    private void AddServices(IServiceCollection services)
    {
        services.AddSingleton<TimeProvider>(Clock);
        foreach (var vault in Vaults)
            services.AddSingleton<KeyClient>(vault);
    }
}

/// <summary>What tests of the key vault ask a server, and what they do with it.</summary>
internal static class VaultSceneServers
{
    /// <summary>A request for one RS256 signature, and nothing else.</summary>
    public static Task<JsonAnswer> AskAsync(this RunningServer server) =>
        new ClientApp(server, "service").PostAsync("token", [("grant_type", "client_credentials")]);

    public static async Task<string> TokenAsync(this RunningServer server) => (await server.AskAsync()).ShouldBeOk().AccessToken;

    public static string KidOf(string token) => JsonAnswer.Header(token).GetProperty("kid").GetString()!;

    public static Task RolloverAsync(this RunningServer server) => new KeyRolloverFunction(server.Get<KeyRollover>()).Run(new TimerInfo(), CancellationToken.None);

    /// <summary>The JWKS endpoint's answer, whatever it is.</summary>
    public static async Task<JsonAnswer> JwksAsync(this RunningServer server) =>
        await JsonAnswer.ReadAsync(await server.Http.GetAsync(".well-known/jwks.json"));

    public static async Task<JsonAnswer> ReadyAsync(this RunningServer server) => await JsonAnswer.ReadAsync(await server.Http.GetAsync("health/ready"));

    /// <summary>What the readiness check says of signing with that algorithm.</summary>
    public static string SaysOf(this JsonAnswer ready, string algorithm) => ready.Json.GetProperty("checks").GetProperty($"signing {algorithm}").GetString()!;

    public static IReadOnlyList<string> Events(this RunningServer server, int id) =>
        [.. server.Log.Lines.Where(line => line.Split(' ', 4)[2] == $"{id}:")];
}
