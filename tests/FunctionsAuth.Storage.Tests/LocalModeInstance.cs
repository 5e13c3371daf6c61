using System.Security.Cryptography;
using FunctionsAuth.Azure;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Keys;
using FunctionsAuth.Protocol.Wire;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace FunctionsAuth.Storage.Tests;

/// <summary>One instance of the server with Keys:Mode local, as far as its signing keys go.</summary>
public sealed class LocalModeInstance : IAsyncDisposable
{
    private readonly ServiceProvider services;

    public LocalModeInstance(string folder, TimeProvider clock)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Issuer"] = "http://localhost:7071",
            ["Storage:ConnectionString"] = "UseDevelopmentStorage=true",
            ["Keys:Mode"] = "local",
            ["Keys:Folder"] = folder,
            ["Keys:RotateEvery"] = "30.00:00:00",
        }.ToDictionary(pair => $"{ServerOptions.Section}:{pair.Key}", pair => pair.Value);
        services = new ServiceCollection().AddLogging().AddSingleton(clock)
            .AddServer(AppSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(settings).Build()))
            .BuildServiceProvider();
    }

    public IKeyStore Keys => services.GetRequiredService<IReadOnlyList<IKeyStore>>().Single();

    private SigningKeys Rings => services.GetRequiredService<SigningKeys>();

    /// <summary>What a host does before it takes requests.</summary>
    public async Task StartAsync()
    {
        foreach (var service in services.GetServices<IHostedService>())
            await service.StartAsync(CancellationToken.None);
    }

    /// <summary>Reads the keys of each type, and makes the first one where there is none.</summary>
    public async Task ReadAsync()
    {
        foreach (var type in Enum.GetValues<SigningKeyType>())
            await InTimeAsync(() => Rings.ReadVersionsAsync(Keys, type, CancellationToken.None));
    }

    /// <summary>What the timer does.</summary>
    public Task RolloverAsync() => InTimeAsync(async () =>
    {
        await services.GetRequiredService<KeyRollover>().RunAsync(CancellationToken.None);
        return true;
    });

    /// <returns>The kids of what was read last.</returns>
    public async Task<IReadOnlyList<string>> PublishedAsync() =>
        [.. (await Rings.PublishedAsync(CancellationToken.None)).Select(key => key.Kid).Order(StringComparer.Ordinal)];

    /// <returns>The kid of the key that signed.</returns>
    public async Task<string> SignAsync(string algorithm = SigningAlgorithms.RS256)
    {
        var (key, _) = await InTimeAsync(() => services.GetRequiredService<KeySigner>().SignAsync(algorithm, _ => SHA256.HashData("what is signed"u8), CancellationToken.None));
        return key.PublicKey.Kid;
    }

    public ValueTask DisposeAsync() => services.DisposeAsync();

    /// <summary>The server gives up after 5 s, which can happen on a machine that is busy; so clients and timers ask again.</summary>
    private static async Task<T> InTimeAsync<T>(Func<Task<T>> operation)
    {
        while (true)
        {
            try
            {
                return await operation();
            }
            catch (KeyStoreException e) when (e.Failure == KeyStoreFailure.TimedOut)
            {
                // Again.
            }
        }
    }
}
