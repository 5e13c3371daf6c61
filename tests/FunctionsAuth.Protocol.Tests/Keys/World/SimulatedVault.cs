using FunctionsAuth.Protocol.Keys;

namespace FunctionsAuth.Protocol.Tests.Keys.World;

/// <summary>From when until when; for ever when nothing has ended it.</summary>
internal readonly record struct Stretch(DateTimeOffset From, DateTimeOffset To)
{
    public bool IsEmpty => To <= From;

    public Stretch Within(Stretch other) => new(From > other.From ? From : other.From, To < other.To ? To : other.To);
}

/// <summary>A clock that shows the true time, or one that is wrong by always as much.</summary>
internal sealed class SimulatedClock(SimulatedClock? truth = null, TimeSpan ahead = default) : TimeProvider
{
    public DateTimeOffset Now { get => truth is null ? field : truth.Now + ahead; set; }

    public TimeSpan Ahead => ahead;

    public override DateTimeOffset GetUtcNow() => Now;
}

/// <summary>A version of a key, with what an outside observer knows of it: moments are true time.</summary>
internal sealed class SimulatedVersion(KeyVersion facts, DateTimeOffset made)
{
    public KeyVersion Facts { get; set; } = facts;

    public bool IsEnabled { get; set; } = true;

    /// <summary>While somebody had disabled it by hand.</summary>
    public List<Stretch> DisabledByHand { get; } = [];

    /// <summary>When it came into being, and each time when it was enabled or revived after its expiry.</summary>
    public List<DateTimeOffset> Appeared { get; } = [made];

    /// <summary>When the timer disabled it, and whether the vault had a later one then.</summary>
    public List<(DateTimeOffset At, bool HadSuccessor)> Retired { get; } = [];

    public override string ToString() => Facts.Id;
}

/// <summary>The versions of one signing key in one vault, dated by the vault's own clock.</summary>
internal sealed class SimulatedVault(string name, bool isReserve, SimulatedClock truth, SimulatedClock clock)
{
    public static readonly DateTimeOffset Never = DateTimeOffset.MaxValue;

    private int made;

    public List<SimulatedVersion> Versions { get; } = [];

    /// <summary>The same list until something changes.</summary>
    public IReadOnlyList<KeyVersion> Enabled { get; private set; } = [];

    /// <summary>The number of its first key in <see cref="TestKeys"/>: no two vaults have the same.</summary>
    public required int FirstKey { get; init; }

    public void Do(KeyEvent what)
    {
        var version = Versions[what.Which % Versions.Count];
        switch (what.Kind)
        {
            case KeyEventKind.Create:
                Create();
                break;
            case KeyEventKind.CreateExpiring:
                Create(expiresIn: what.By);
                break;
            case KeyEventKind.CreateForLater:
                Create(startsIn: what.By);
                break;
            case KeyEventKind.Disable:
                Disable(version);
                break;
            case KeyEventKind.Enable:
                Enable(version);
                break;
            case KeyEventKind.ChangeTag:
                Update(version, facts => facts);
                break;
            case KeyEventKind.ChangeExpiry:
                Update(version, facts => facts with { ExpiresAt = clock.Now + what.By });
                break;
            case KeyEventKind.ChangeNotBefore:
                Update(version, facts => facts with { NotBefore = clock.Now + what.By });
                break;
        }
    }

    public SimulatedVersion Create(TimeSpan? startsIn = null, TimeSpan? expiresIn = null, DateTimeOffset? at = null)
    {
        var created = at ?? clock.Now;
        var facts = new KeyVersion
        {
            Id = $"{name}/{made + 1}",
            Store = name,
            IsReserve = isReserve,
            PublicKey = TestKeys.Number(FirstKey + made++),
            CreatedAt = created,
            UpdatedAt = created,
            NotBefore = created + startsIn,
            ExpiresAt = created + expiresIn,
        };
        var version = new SimulatedVersion(facts, truth.Now);
        Versions.Add(version);
        Changed();
        return version;
    }

    public void Disable(SimulatedVersion version, bool byHand = true)
    {
        if (!version.IsEnabled)
            return;
        version.IsEnabled = false;
        if (byHand)
            version.DisabledByHand.Add(new Stretch(truth.Now, Never));
        else
            version.Retired.Add((truth.Now, Versions.Any(other => other.IsEnabled && other.Facts.CreatedAt >= version.Facts.CreatedAt)));
        Update(version, facts => facts);
    }

    public void Enable(SimulatedVersion version)
    {
        if (version.IsEnabled)
            return;
        version.IsEnabled = true;
        version.Appeared.Add(truth.Now);
        if (version.DisabledByHand.Count > 0 && version.DisabledByHand[^1].To == Never)
            version.DisabledByHand[^1] = version.DisabledByHand[^1] with { To = truth.Now };
        Update(version, facts => facts);
    }

    public void Update(SimulatedVersion version, Func<KeyVersion, KeyVersion> change)
    {
        if (version.IsEnabled && version.Facts.ExpiresAt <= clock.Now)
            version.Appeared.Add(truth.Now);
        version.Facts = change(version.Facts) with { UpdatedAt = clock.Now };
        Changed();
    }

    /// <summary>As an instance sees it; it sees nothing while <paramref name="isReachable"/> says no.</summary>
    /// <param name="isApart">See <see cref="IKeyStore.IsApart"/>.</param>
    public IKeyStore SeenBy(Func<bool> isReachable, bool isApart = false) => new View(this, isReachable, isApart);

    private void Changed() => Enabled = [.. from version in Versions where version.IsEnabled select version.Facts];

    private string Name => name;

    private bool IsReserve => isReserve;

    private sealed class View(SimulatedVault vault, Func<bool> isReachable, bool isApart) : IKeyStore
    {
        public string Name => vault.Name;

        public bool IsReserve => vault.IsReserve;

        public bool IsApart => isApart;

        public Task<IReadOnlyList<KeyVersion>> ListAsync(SigningKeyType type, CancellationToken cancellation) =>
            Answer(() => type == SigningKeyType.Rsa ? vault.Enabled : []);

        /// <summary>Of the other type there are none, and nobody wants any.</summary>
        public Task<bool> HasAnyAsync(SigningKeyType type, CancellationToken cancellation) => Answer(() => type != SigningKeyType.Rsa || vault.Versions.Count > 0);

        public Task<byte[]> SignAsync(KeyVersion version, string algorithm, byte[] digest, CancellationToken cancellation) => throw new NotSupportedException();

        public Task CreateAsync(SigningKeyType type, KeyVersion? newest, CancellationToken cancellation) => Answer(() => vault.Create());

        public Task DisableAsync(KeyVersion version, CancellationToken cancellation) => Answer(() =>
        {
            vault.Disable(vault.Versions.Single(v => v.Facts.Id == version.Id), byHand: false);
            return true;
        });

        public Task<bool> RotatesItselfAsync(SigningKeyType type, CancellationToken cancellation) => Task.FromResult(false);

        private Task<T> Answer<T>(Func<T> answer) =>
            isReachable() ? Task.FromResult(answer()) : Task.FromException<T>(new KeyStoreException(KeyStoreFailure.Failed));
    }
}
