using System.Security.Cryptography;
using Azure;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Keys;

namespace FunctionsAuth.LocalHost.Commands;

/// <summary>
/// The signing keys as whoever typed the command finds them: what a vault does not answer is told in a sentence. The server's own
/// readers are not used, as they make a key where there is none.
/// </summary>
internal sealed class OperatorKeys(IReadOnlyList<IKeyVault> vaults, ServerOptions options, TimeProvider clock)
{
    public IReadOnlyList<IKeyVault> Vaults => vaults;

    public ServerOptions Options => options;

    public KeyRingRules Rules { get; } = KeyRingRules.From(options);

    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>Of all vaults. Only enabled versions: others take no part.</summary>
    public async Task<IReadOnlyList<KeyVersion>> ListAsync(SigningKeyType type, CancellationToken cancellation)
    {
        List<KeyVersion> versions = [];
        foreach (var vault in vaults)
            versions.AddRange(await AskAsync(vault, "read", () => vault.ListAsync(type, cancellation)));
        return versions;
    }

    public Task<bool> HasAnyAsync(IKeyVault vault, SigningKeyType type, CancellationToken cancellation) =>
        AskAsync(vault, "read", () => vault.HasAnyAsync(type, cancellation));

    /// <param name="newest">See <see cref="IKeyVault.CreateAsync"/>.</param>
    public Task CreateAsync(IKeyVault vault, SigningKeyType type, KeyVersion? newest, CancellationToken cancellation) => AskAsync(vault, "made", async () =>
    {
        await vault.CreateAsync(type, newest, cancellation);
        return true;
    });

    public Task DisableAsync(KeyVersion version, CancellationToken cancellation)
    {
        var vault = vaults.First(vault => vault.Name == version.Vault);
        return AskAsync(vault, "disabled", async () =>
        {
            await vault.DisableAsync(version, cancellation);
            return true;
        });
    }

    private static async Task<T> AskAsync<T>(IKeyVault vault, string what, Func<Task<T>> operation)
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
            throw new UsageException($"The keys in {vault.Name} can't be {what}. {Failures.ReasonOf(e)}");
        }
    }
}
