using FunctionsAuth.Protocol.Keys;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Tests.Keys.World;
using Microsoft.Extensions.Logging.Abstractions;

namespace FunctionsAuth.Protocol.Tests.Keys;

/// <summary>How an instance reads the vaults: what <see cref="KeyWorld"/> takes for granted, on the same histories.</summary>
public sealed class SigningKeysTests
{
    /// <summary>After a failed reading it is not tried again for so long.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    [Fact]
    public void No_request_is_answered_by_what_a_vault_held_longer_ago_than_twice_RefreshEvery() =>
        PropertyReport.Check(KeyHistories.Any, 300, (history, counts) =>
        {
            var scene = new Scene(history);
            foreach (var change in history.Events)
            {
                // Some requests soon after each other, some after long silence.
                for (var i = 0; i < 8; i++)
                {
                    scene.Truth.Now += 2 * history.Options.Keys.RefreshEvery * history.Draw(8, i, change.Which) * history.Draw(20, i) / 100;
                    scene.Ask(counts);
                }
                scene.Truth.Now += change.After;
                scene.Ask(counts);
                scene.Do(change);
            }
        });

    [Fact]
    public void An_instance_that_is_asked_all_the_time_knows_a_change_after_RefreshEvery()
    {
        var truth = new SimulatedClock { Now = RingCase.Start };
        var vault = new SimulatedVault("vault", false, truth, truth) { FirstKey = 0 };
        var (old, young) = (vault.Create(at: truth.Now.AddDays(-1)), vault.Create());
        var options = KeyHistories.Defaults;
        var keys = new SigningKeys([vault.SeenBy(() => true)], new NoKeyCopies(), options, truth, NullLogger<SigningKeys>.Instance);
        var turns = new Turns();
        Assert.Equal([old.Facts.PublicKey, young.Facts.PublicKey], Ask());
        vault.Disable(old);
        var end = truth.Now + options.Keys.RefreshEvery;
        // Whoever asks when a reading is due begins it and still gets what was known before, so the last one asks at the very end.
        for (; truth.Now <= end; truth.Now += TimeSpan.FromSeconds(1))
            Ask();
        Assert.Equal([young.Facts.PublicKey], Ask());

        IReadOnlyList<PublicKey> Ask()
        {
            var published = turns.Run(() => keys.PublishedAsync(CancellationToken.None).AsTask());
            turns.RunBackground();
            return published;
        }
    }

    [Fact]
    public async Task An_instance_that_has_not_read_every_vault_signs_only_with_what_was_announced()
    {
        var truth = new SimulatedClock { Now = RingCase.Start };
        var (known, added) = (new SimulatedVault("known", false, truth, truth) { FirstKey = 0 }, new SimulatedVault("added", false, truth, truth) { FirstKey = 1 });
        known.Create(at: truth.Now.AddDays(-30));
        var young = added.Create();
        var keys = new SigningKeys([known.SeenBy(() => false), added.SeenBy(() => true)], new NoKeyCopies(), KeyHistories.Defaults, truth, NullLogger<SigningKeys>.Instance);
        await Assert.ThrowsAsync<KeyStoreException>(() => keys.RingAsync(SigningKeyType.Rsa, CancellationToken.None).AsTask());
        truth.Now += KeyHistories.Defaults.Keys.Announce;
        Assert.Equal([young.Facts], (await keys.RingAsync(SigningKeyType.Rsa, CancellationToken.None)).Signing);
    }

    [Fact]
    public async Task Whoever_asks_while_the_copies_are_being_read_waits_for_them()
    {
        var truth = new SimulatedClock { Now = RingCase.Start };
        var vault = new SimulatedVault("vault", false, truth, truth) { FirstKey = 0 };
        var version = vault.Create();
        var copies = new HeldKeyCopies(vault.Enabled);
        var keys = new SigningKeys([vault.SeenBy(() => false, isApart: true)], copies, KeyHistories.Defaults, truth, NullLogger<SigningKeys>.Instance);
        var warming = keys.WarmAsync(CancellationToken.None);
        await copies.BothAsked;

        var asked = keys.PublishedAsync(CancellationToken.None).AsTask();
        Assert.False(asked.IsCompleted);
        copies.Answer();
        Assert.Equal([version.Facts.PublicKey], await asked);
        await warming;
    }

    [Fact]
    public async Task A_copy_that_can_not_be_understood_does_not_make_each_request_read_the_vault()
    {
        var truth = new SimulatedClock { Now = RingCase.Start };
        var vault = new SimulatedVault("vault", false, truth, truth) { FirstKey = 0 };
        var readings = 0;
        var store = vault.SeenBy(() => Interlocked.Increment(ref readings) < 0, isApart: true);
        var keys = new SigningKeys([store], new BrokenKeyCopies(), KeyHistories.Defaults, truth, NullLogger<SigningKeys>.Instance);
        await Assert.ThrowsAsync<FormatException>(() => keys.PublishedAsync(CancellationToken.None).AsTask());
        await Assert.ThrowsAsync<KeyStoreException>(() => keys.PublishedAsync(CancellationToken.None).AsTask());
        Assert.Equal(2, readings); // One for each type of key.
    }

    private sealed class BrokenKeyCopies : IKeyCopyStore
    {
        public Task<KeyCopy?> FindAsync(string store, SigningKeyType type, CancellationToken cancellation) => throw new FormatException();

        public Task<WriteResult<KeyCopy>> TrySaveAsync(KeyCopy copy, CancellationToken cancellation) => throw new NotSupportedException();
    }

    /// <summary>Copies that are found when <see cref="Answer"/> is called.</summary>
    private sealed class HeldKeyCopies(IReadOnlyList<KeyVersion> versions) : IKeyCopyStore
    {
        private readonly TaskCompletionSource bothAsked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int asked;

        /// <summary>The copies of both types of key are being read.</summary>
        public Task BothAsked => bothAsked.Task;

        public void Answer() => answer.SetResult();

        public async Task<KeyCopy?> FindAsync(string store, SigningKeyType type, CancellationToken cancellation)
        {
            if (Interlocked.Increment(ref asked) == 2)
                bothAsked.SetResult();
            await answer.Task;
            return new KeyCopy { Store = store, Type = type, Versions = type == SigningKeyType.Rsa ? versions : [] };
        }

        public Task<WriteResult<KeyCopy>> TrySaveAsync(KeyCopy copy, CancellationToken cancellation) => throw new NotSupportedException();
    }

    /// <summary>One instance on one vault, both with the right time.</summary>
    private sealed class Scene
    {
        private readonly KeyHistory history;
        private readonly SimulatedVault vault;
        private readonly SigningKeys keys;
        private readonly Turns turns = new();
        private readonly List<(DateTimeOffset From, IReadOnlyList<KeyVersion> Versions)> held = [];
        private Stretch outage;

        public Scene(KeyHistory history)
        {
            this.history = history;
            vault = new SimulatedVault("vault", false, Truth, Truth) { FirstKey = 0 };
            keys = new SigningKeys([vault.SeenBy(() => !IsCutOff)], new NoKeyCopies(), history.Options, Truth, NullLogger<SigningKeys>.Instance);
            vault.Create();
            held.Add((Truth.Now, vault.Enabled));
        }

        public SimulatedClock Truth { get; } = new() { Now = RingCase.Start };

        private bool IsCutOff => Truth.Now >= outage.From && Truth.Now < outage.To;

        public void Do(KeyEvent change)
        {
            if (change.Kind == KeyEventKind.Outage && !IsCutOff)
                outage = new Stretch(Truth.Now, Truth.Now + change.By);
            else
                vault.Do(change);
            held.Add((Truth.Now, vault.Enabled));
        }

        public void Ask(PropertyReport.Counts counts)
        {
            counts.Add("requests", 1);
            var ring = turns.Run(() => keys.RingAsync(SigningKeyType.Rsa, CancellationToken.None).AsTask());
            var published = turns.Run(() => keys.PublishedAsync(CancellationToken.None).AsTask());
            // The readings that were begun end before the next request.
            turns.RunBackground();
            var oldest = Truth.Now - (2 * history.Options.Keys.RefreshEvery);
            // Who could not read since then may know what it knew before; and who could again, tries it after a pause.
            if (oldest < outage.To + Pause)
                oldest = outage.From - (2 * history.Options.Keys.RefreshEvery);
            var possible = held.Where((_, i) => i + 1 == held.Count || held[i + 1].From > oldest)
                .Select(at => KeyRing.At(at.Versions, KeyRingRules.From(history.Options), Truth.Now)).ToList();
            Assert.Contains(possible, one => one.Signing.SequenceEqual(ring.Signing));
            Assert.Contains(possible, one => one.Published.Select(version => version.PublicKey).SequenceEqual(published));
        }
    }
}
