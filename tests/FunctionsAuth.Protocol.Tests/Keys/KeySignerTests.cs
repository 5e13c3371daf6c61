using System.Security.Cryptography;
using FunctionsAuth.Protocol.Keys;
using FunctionsAuth.Protocol.Tests.Keys.World;
using FunctionsAuth.Protocol.Wire;
using Microsoft.Extensions.Logging.Abstractions;

namespace FunctionsAuth.Protocol.Tests.Keys;

/// <summary>When a key in memory signs at once, and when the longer way is taken that waits, chooses and says why not.</summary>
public sealed class KeySignerTests
{
    private static readonly byte[] Digest = SHA256.HashData("a token"u8);

    [Fact]
    public async Task A_key_in_memory_signs_at_once()
    {
        var scene = await Scene.BeginAsync(new MemoryStore("one"));
        var signing = scene.Signer.SignAsync(SigningAlgorithms.RS256, _ => Digest, CancellationToken.None);
        Assert.True(signing.IsCompletedSuccessfully);
        Assert.Equal((1, 0), (scene.Stores[0].AtOnce, scene.Stores[0].Waited));
        Assert.True((await signing).Signature is { Length: 1 });
    }

    [Fact]
    public async Task A_store_that_does_not_sign_at_once_is_asked_and_waited_for()
    {
        var scene = await Scene.BeginAsync(new MemoryStore("one") { SignsAtOnce = false });
        await scene.SignAsync();
        Assert.Equal((0, 1), (scene.Stores[0].AtOnce, scene.Stores[0].Waited));
    }

    [Fact]
    public async Task After_a_failure_the_longer_way_is_taken_until_a_signature_succeeds()
    {
        var scene = await Scene.BeginAsync(new MemoryStore("one") { SignsAtOnce = false, Fails = true });
        await Assert.ThrowsAsync<KeyStoreException>(scene.SignAsync);
        scene.Stores[0].SignsAtOnce = true;
        scene.Stores[0].Fails = false;
        scene.Clock.Now += TimeSpan.FromSeconds(1);
        await scene.SignAsync();
        Assert.Equal((0, 2), (scene.Stores[0].AtOnce, scene.Stores[0].Waited));
        await scene.SignAsync();
        Assert.Equal((1, 2), (scene.Stores[0].AtOnce, scene.Stores[0].Waited));
    }

    [Fact]
    public async Task Two_stores_that_share_the_work_take_turns()
    {
        var scene = await Scene.BeginAsync(new MemoryStore("one"), new MemoryStore("two"));
        for (var i = 0; i < 4; i++)
            await scene.SignAsync();
        Assert.Equal([2, 2], scene.Stores.Select(store => store.AtOnce + store.Waited));
    }

    private sealed record Scene(SimulatedClock Clock, KeySigner Signer, IReadOnlyList<MemoryStore> Stores)
    {
        public static async Task<Scene> BeginAsync(params IReadOnlyList<MemoryStore> stores)
        {
            var clock = new SimulatedClock { Now = RingCase.Start };
            var keys = new SigningKeys([.. stores], new NoKeyCopies(), KeyHistories.Defaults, clock, NullLogger<SigningKeys>.Instance);
            await keys.WarmAsync(CancellationToken.None);
            return new Scene(clock, new KeySigner(keys, clock, NullLogger<KeySigner>.Instance), stores);
        }

        public Task SignAsync() => Signer.SignAsync(SigningAlgorithms.RS256, _ => Digest, CancellationToken.None);
    }

    /// <summary>One version, announced long ago.</summary>
    private sealed class MemoryStore(string name) : IKeyStore
    {
        public bool SignsAtOnce { get; set; } = true;

        public bool Fails { get; set; }

        public int AtOnce { get; private set; }

        public int Waited { get; private set; }

        public string Name => name;

        public bool IsReserve => false;

        public bool IsApart => false;

        public Task<IReadOnlyList<KeyVersion>> ListAsync(SigningKeyType type, CancellationToken cancellation) => Task.FromResult<IReadOnlyList<KeyVersion>>(
            type == SigningKeyType.Rsa ? [new KeyVersion { Id = name, Store = name, PublicKey = TestKeys.Number(name[0]), CreatedAt = RingCase.Start.AddDays(-10) }] : []);

        public Task<bool> HasAnyAsync(SigningKeyType type, CancellationToken cancellation) => Task.FromResult(true);

        public byte[]? TrySign(KeyVersion version, string algorithm, Func<KeyVersion, byte[]> digestFor)
        {
            if (!SignsAtOnce)
                return null;
            AtOnce++;
            return [digestFor(version)[0]];
        }

        public Task<byte[]> SignAsync(KeyVersion version, string algorithm, byte[] digest, CancellationToken cancellation)
        {
            Waited++;
            return Fails ? Task.FromException<byte[]>(new KeyStoreException(KeyStoreFailure.Failed)) : Task.FromResult<byte[]>([digest[0]]);
        }

        public Task CreateAsync(SigningKeyType type, KeyVersion? newest, CancellationToken cancellation) => Task.CompletedTask;

        public Task DisableAsync(KeyVersion version, CancellationToken cancellation) => Task.CompletedTask;

        public Task<bool> RotatesItselfAsync(SigningKeyType type, CancellationToken cancellation) => Task.FromResult(false);
    }
}
