using System.Collections.Concurrent;
using Azure;
using Azure.Security.KeyVault.Keys;
using Azure.Security.KeyVault.Keys.Cryptography;
using FunctionsAuth.Azure.KeyVault.Local;

namespace FunctionsAuth.Server.Tests.Harness;

/// <summary>A key vault in memory. A test sees each call of the SDK with all parameters, and decides its result before it is executed.</summary>
public sealed class ScriptedVault(TimeProvider clock, string name = "vault") : KeyClient
{
    private static int count;

    private readonly ConcurrentQueue<VaultCall> calls = new();

    /// <summary>The vault itself, without the script. Its name is unique, so that counts by name belong to one vault only.</summary>
    public LocalKeyClient Keys { get; } = new(null, clock, $"{name}-{Interlocked.Increment(ref count)}");

    public string Name => VaultUri.Host;

    /// <summary>The calls since they were last cleared.</summary>
    public IReadOnlyCollection<VaultCall> Calls => calls;

    /// <summary>Is called before each call, and can wait or fail.</summary>
    public Func<VaultCall, Task>? Before { get; set; }

    /// <summary>The points at which calls wait for each other, by the kinds of the calls.</summary>
    public Rendezvous? Meeting { get; set; }

    /// <summary>The rotation policy of every key; null for a policy that does nothing.</summary>
    public KeyRotationPolicy? Policy { get; set; }

    public override Uri VaultUri => Keys.VaultUri;

    public void Forget() => calls.Clear();

    public override AsyncPageable<KeyProperties> GetPropertiesOfKeyVersionsAsync(string name, CancellationToken cancellationToken = default) =>
        new Pages(this, name, cancellationToken);

    public override Task<Response<KeyVaultKey>> GetKeyAsync(string name, string? version = null, CancellationToken cancellationToken = default) =>
        RunAsync(new VaultCall("get", name, version), () => Keys.GetKeyAsync(name, version, cancellationToken));

    public override Task<Response<KeyVaultKey>> CreateRsaKeyAsync(CreateRsaKeyOptions rsaKeyOptions, CancellationToken cancellationToken = default) =>
        RunAsync(VaultCall.Create(rsaKeyOptions), () => Keys.CreateRsaKeyAsync(rsaKeyOptions, cancellationToken));

    public override Task<Response<KeyVaultKey>> CreateEcKeyAsync(CreateEcKeyOptions ecKeyOptions, CancellationToken cancellationToken = default) =>
        RunAsync(VaultCall.Create(ecKeyOptions), () => Keys.CreateEcKeyAsync(ecKeyOptions, cancellationToken));

    public override async Task<Response<KeyVaultKey>> UpdateKeyPropertiesAsync(
        KeyProperties properties, IEnumerable<KeyOperation>? keyOperations = null, CancellationToken cancellationToken = default)
    {
        var present = (await Keys.GetKeyAsync(properties.Name, properties.Version, cancellationToken)).Value.Properties;
        return await RunAsync(
            VaultCall.Update(present, properties, keyOperations), () => Keys.UpdateKeyPropertiesAsync(properties, keyOperations, cancellationToken));
    }

    public override Task<Response<KeyRotationPolicy>> GetKeyRotationPolicyAsync(string keyName, CancellationToken cancellationToken = default) => RunAsync(
        new VaultCall("policy", keyName),
        async () => await Keys.GetKeyRotationPolicyAsync(keyName, cancellationToken) is var none && Policy is null ? none : Response.FromValue(Policy!, none.GetRawResponse()));

    public override CryptographyClient GetCryptographyClient(string keyName, string? keyVersion = null) =>
        new Operations(this, keyName, keyVersion);

    private async Task<T> RunAsync<T>(VaultCall call, Func<Task<T>> run)
    {
        calls.Enqueue(call);
        if (Meeting is { } meeting)
            await meeting.ArriveAsync(call.Kind);
        if (Before is { } before)
            await before(call);
        return await run();
    }

    /// <summary>One version in each page, and an empty page at the end, because a vault does not promise to fill its pages.</summary>
    private sealed class Pages(ScriptedVault vault, string name, CancellationToken cancellation) : AsyncPageable<KeyProperties>
    {
        public override async IAsyncEnumerable<Page<KeyProperties>> AsPages(string? continuationToken = null, int? pageSizeHint = null)
        {
            List<KeyProperties> versions = [];
            var response = await vault.RunAsync(new VaultCall("versions", name), async () =>
            {
                await foreach (var page in vault.Keys.GetPropertiesOfKeyVersionsAsync(name, cancellation).AsPages())
                    versions.AddRange(page.Values);
                return new VaultResponse(200);
            });
            foreach (var version in versions)
                yield return Page<KeyProperties>.FromValues([version], "more", response);
            yield return Page<KeyProperties>.FromValues([], null, response);
        }
    }

    private sealed class Operations(ScriptedVault vault, string keyName, string? version) : CryptographyClient
    {
        private readonly CryptographyClient inner = vault.Keys.GetCryptographyClient(keyName, version);

        public override string KeyId => inner.KeyId;

        public override Task<SignResult> SignAsync(SignatureAlgorithm algorithm, byte[] digest, CancellationToken cancellationToken = default) =>
            RunAsync("sign", algorithm.ToString(), digest, () => inner.SignAsync(algorithm, digest, cancellationToken));

        public override Task<WrapResult> WrapKeyAsync(KeyWrapAlgorithm algorithm, byte[] key, CancellationToken cancellationToken = default) =>
            RunAsync("wrap", algorithm.ToString(), key, () => inner.WrapKeyAsync(algorithm, key, cancellationToken));

        public override Task<UnwrapResult> UnwrapKeyAsync(KeyWrapAlgorithm algorithm, byte[] encryptedKey, CancellationToken cancellationToken = default) =>
            RunAsync("unwrap", algorithm.ToString(), encryptedKey, () => inner.UnwrapKeyAsync(algorithm, encryptedKey, cancellationToken));

        // This is a copy, because the server clears secret data.
        private Task<T> RunAsync<T>(string kind, string algorithm, byte[] data, Func<Task<T>> run) =>
            vault.RunAsync(new VaultCall(kind, keyName, version, algorithm) { Data = [.. data] }, run);
    }
}
