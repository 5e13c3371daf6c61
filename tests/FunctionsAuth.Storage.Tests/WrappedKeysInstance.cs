using System.Security.Cryptography;
using Azure.Data.Tables;
using Azure.Security.KeyVault.Keys;
using FunctionsAuth.Azure;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Keys;
using FunctionsAuth.Protocol.Wire;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;

namespace FunctionsAuth.Storage.Tests;

/// <summary>One instance of the server with Keys:Mode wrapped, as far as its signing keys go.</summary>
public sealed class WrappedKeysInstance : IAsyncDisposable
{
    private static readonly byte[] Digest = SHA256.HashData("what is signed"u8);

    private readonly ServiceProvider services;

    public WrappedKeysInstance(TableServiceClient tables, string prefix, KeyClient vault, TimeProvider clock)
    {
        var settings = new Dictionary<string, string?> { ["Issuer"] = "https://login.example", ["Keys:Mode"] = "wrapped", ["Storage:TablePrefix"] = prefix }
            .ToDictionary(pair => $"{ServerOptions.Section}:{pair.Key}", pair => pair.Value);
        services = new ServiceCollection().AddLogging().AddSingleton(tables).AddSingleton(vault).AddSingleton(clock)
            .AddServer(AppSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(settings).Build()))
            .BuildServiceProvider();
    }

    public IKeyStore Keys => services.GetRequiredService<IReadOnlyList<IKeyStore>>().Single();

    private SigningKeys Rings => services.GetRequiredService<SigningKeys>();

    /// <summary>Reads all keys if it has not yet, and if it is time to.</summary>
    public async Task<bool> TryStartAsync()
    {
        try
        {
            return (await Rings.PublishedAsync(CancellationToken.None)).Count > 0;
        }
        catch (KeyStoreException)
        {
            return false;
        }
    }

    /// <summary>What the timer does.</summary>
    public Task RolloverAsync() => services.GetRequiredService<KeyRollover>().RunAsync(CancellationToken.None);

    /// <summary>What the instance does by itself every few minutes.</summary>
    public Task<IReadOnlyList<KeyVersion>> RefreshAsync(SigningKeyType type) => Rings.ReadVersionsAsync(Keys, type, CancellationToken.None);

    public async Task<IReadOnlyList<KeyVersion>> PublishedAsync(SigningKeyType type) => (await Rings.RingAsync(type, CancellationToken.None)).Published;

    /// <summary>Signs as a token is signed. Whatever is signed must verify with the key whose kid the token would have.</summary>
    public async Task<KeyVersion> SignAsync(string algorithm, CancellationToken cancellation = default)
    {
        var (key, signature) = await services.GetRequiredService<KeySigner>().SignAsync(algorithm, _ => Digest, cancellation);
        ShouldVerify(key.PublicKey, algorithm, signature);
        return key;
    }

    /// <summary>Signs with that version, whatever the ring says.</summary>
    public async Task SignAsync(KeyVersion version)
    {
        var algorithm = version.PublicKey.Type == SigningKeyType.Ec ? SigningAlgorithms.ES256 : SigningAlgorithms.RS256;
        ShouldVerify(version.PublicKey, algorithm, await Keys.SignAsync(version, algorithm, Digest, CancellationToken.None));
    }

    public ValueTask DisposeAsync() => services.DisposeAsync();

    private static void ShouldVerify(PublicKey key, string algorithm, byte[] signature) =>
        Assert.True(Verifies(key.Key, algorithm, signature), $"What was signed with {key.Kid} does not verify with it");

    private static bool Verifies(SecurityKey key, string algorithm, byte[] signature)
    {
        if (key is ECDsaSecurityKey ec)
            return ec.ECDsa.VerifyHash(Digest, signature, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        using var rsa = RSA.Create(((RsaSecurityKey)key).Parameters);
        return rsa.VerifyHash(Digest, signature, HashAlgorithmName.SHA256, algorithm == SigningAlgorithms.PS256 ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1);
    }
}

/// <summary>A clock that a test moves. No limit of the server runs out on it, however busy the machine is.</summary>
public sealed class SettableTime : TimeProvider
{
    private long ticks = new DateTimeOffset(2040, 1, 1, 0, 0, 0, TimeSpan.Zero).Ticks;

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref ticks), TimeSpan.Zero);

    public void Advance(TimeSpan by) => Interlocked.Add(ref ticks, by.Ticks);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new NeverTimer();

    private sealed class NeverTimer : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
