using System.Security.Cryptography;
using Azure;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Keys;

namespace FunctionsAuth.LocalHost.Commands;

/// <summary>
/// The signing keys for whoever types the command. A store that does not answer ends the command with a sentence that says why.
/// The server's own reader is not used here, because it makes a key where there is none.
/// </summary>
internal sealed class OperatorKeys(IReadOnlyList<IKeyStore> stores, ServerOptions options, TimeProvider clock)
{
    public IReadOnlyList<IKeyStore> Stores => stores;

    public ServerOptions Options => options;

    public KeyRingRules Rules { get; } = KeyRingRules.From(options);

    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>The enabled versions in all stores.</summary>
    public async Task<IReadOnlyList<KeyVersion>> ListAsync(SigningKeyType type, CancellationToken cancellation)
    {
        List<KeyVersion> versions = [];
        foreach (var store in stores)
            versions.AddRange(await AskAsync(store, "read", () => store.ListAsync(type, cancellation)));
        return versions;
    }

    public Task<bool> HasAnyAsync(IKeyStore store, SigningKeyType type, CancellationToken cancellation) =>
        AskAsync(store, "read", () => store.HasAnyAsync(type, cancellation));

    /// <param name="newest">See <see cref="IKeyStore.CreateAsync"/>.</param>
    public Task CreateAsync(IKeyStore store, SigningKeyType type, KeyVersion? newest, CancellationToken cancellation) => AskAsync(store, "made", async () =>
    {
        await store.CreateAsync(type, newest, cancellation);
        return true;
    });

    public Task DisableAsync(KeyVersion version, CancellationToken cancellation)
    {
        var store = stores.First(store => store.Name == version.Store);
        return AskAsync(store, "disabled", async () =>
        {
            await store.DisableAsync(version, cancellation);
            return true;
        });
    }

    private static async Task<T> AskAsync<T>(IKeyStore store, string what, Func<Task<T>> operation)
    {
        try
        {
            return await operation();
        }
        catch (TemporarilyUnavailableException e) when (e.InnerException is InvalidDataException damaged)
        {
            throw new UsageException(damaged.Message);
        }
        catch (Exception e) when (e is TemporarilyUnavailableException or RequestFailedException or CryptographicException or NotSupportedException)
        {
            throw new UsageException($"The keys in {store.Name} can't be {what}. {Failures.ReasonOf(e)}");
        }
    }
}
