using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Keys;
using Microsoft.Extensions.Logging.Abstractions;

namespace FunctionsAuth.Protocol.Tests.Keys.World;

/// <summary>For how long an instance went by one ring.</summary>
/// <param name="HasAnnounced">When it began, some version was announced long enough, in whichever vault: what signs then is covered by the promise.</param>
internal sealed record RingStretch(Stretch When, KeyRing Ring, bool HasAnnounced)
{
    public bool Signs(SimulatedVersion version) => Has(Ring.Signing, version);

    public bool Publishes(SimulatedVersion version) => Has(Ring.Published, version);

    private static bool Has(IReadOnlyList<KeyVersion> versions, SimulatedVersion version)
    {
        for (var i = 0; i < versions.Count; i++)
        {
            if (versions[i].Id == version.Facts.Id)
                return true;
        }
        return false;
    }
}

/// <summary>An instance of the server: what it has last read of each vault, and which rings it went by.</summary>
internal sealed class SimulatedInstance
{
    private readonly KeyHistory history;
    private readonly int number;
    private readonly IReadOnlyList<SimulatedVault> vaults;
    private readonly IReadOnlyList<KeyVersion>[] known;
    private readonly DateTimeOffset?[] readsAt;
    private readonly KeyRollover rollover;
    private readonly Turns turns = new();
    private readonly List<RingStretch> stretches = [];
    private Stretch outage;
    private int changesSeen;

    public SimulatedInstance(KeyHistory history, int number, SimulatedClock truth, IReadOnlyList<SimulatedVault> vaults)
    {
        (this.history, this.number, this.vaults) = (history, number, vaults);
        Clock = new SimulatedClock(truth, history.InstanceClocksAhead[number]);
        known = [.. vaults.Select(vault => vault.Enabled)];
        readsAt = new DateTimeOffset?[vaults.Count];
        IReadOnlyList<IKeyStore> seen = [.. vaults.Select(vault => vault.SeenBy(() => !IsCutOff(truth.Now)))];
        var keys = new SigningKeys(seen, new NoKeyCopies(), history.Options, Clock, NullLogger<SigningKeys>.Instance);
        rollover = new KeyRollover(keys, seen, new KeyCopies(new NoKeyCopies(), history.Options, Clock, NullLogger<KeyCopies>.Instance), NoAudit.Events, history.Options, Clock, NullLogger<KeyRollover>.Instance);
    }

    public SimulatedClock Clock { get; }

    public IReadOnlyList<RingStretch> Stretches => stretches;

    /// <summary>How long its outages were in all.</summary>
    public TimeSpan CutOff { get; private set; }

    private KeyRing Ring => stretches[^1].Ring;

    private ServerOptions Options => history.Options;

    public bool IsCutOff(DateTimeOffset now) => outage.From <= now && now < outage.To;

    public void BeginOutage(DateTimeOffset now, TimeSpan wanted)
    {
        var left = history.LongestOutage - CutOff;
        var lasts = wanted < left ? wanted : left;
        if (IsCutOff(now) || lasts <= TimeSpan.Zero)
            return;
        CutOff += lasts;
        outage = new Stretch(now, now + lasts);
        for (var i = 0; i < readsAt.Length; i++)
            Postpone(i);
    }

    /// <summary>Readings that would show the same again are left out. One that shows the change comes at the latest twice RefreshEvery after it.</summary>
    public void WillNotice(int vault, DateTimeOffset now)
    {
        if (readsAt[vault] is not null)
            return;
        var percent = history.Draw(150, number, vault, changesSeen++);
        readsAt[vault] = now + (2 * Options.Keys.RefreshEvery * Math.Min(percent, 100) / 100);
        Postpone(vault);
    }

    /// <summary>The next moment at which it may see something else than before, or the timer may do something else on it.</summary>
    public DateTimeOffset NextMoment()
    {
        var next = SimulatedVault.Never;
        foreach (var moment in RotationsDue().Append(Ring.ChangesAt).Where(moment => moment > Clock.Now && moment < SimulatedVault.Never))
            next = moment - Clock.Ahead < next ? moment - Clock.Ahead : next;
        foreach (var reading in readsAt)
            next = reading < next ? reading.Value : next;
        return next;
    }

    /// <summary>Begins a new stretch if anything has changed.</summary>
    public void LookAgain(DateTimeOffset now)
    {
        var mayBeOther = stretches.Count == 0 || Clock.Now >= Ring.ChangesAt;
        for (var i = 0; i < readsAt.Length; i++)
        {
            if (readsAt[i] > now || readsAt[i] is null)
                continue;
            readsAt[i] = null;
            known[i] = vaults[i].Enabled;
            mayBeOther = true;
        }
        var hasAnnounced = vaults.Any(vault => vault.Enabled.Any(version => IsAnnounced(version, Clock.Now)));
        if (!mayBeOther && hasAnnounced == stretches[^1].HasAnnounced)
            return;
        End(now);
        var ring = mayBeOther ? KeyRing.At(known.SelectMany(versions => versions), KeyRingRules.From(Options), Clock.Now) : Ring;
        stretches.Add(new RingStretch(new Stretch(now, SimulatedVault.Never), ring, hasAnnounced));
    }

    public void End(DateTimeOffset now)
    {
        if (stretches.Count > 0)
            stretches[^1] = stretches[^1] with { When = stretches[^1].When with { To = now } };
    }

    /// <summary>The rollover timer runs here. For the rest the instance goes on with what it read before, which is worse than the truth.</summary>
    public void RunTimer()
    {
        try
        {
            turns.Run(() => rollover.RunAsync(CancellationToken.None));
        }
        catch (KeyStoreException)
        {
            Assert.True(CutOff > TimeSpan.Zero);
        }
    }

    /// <summary>Known long enough to every client, and valid by every clock.</summary>
    private bool IsAnnounced(KeyVersion version, DateTimeOffset now)
    {
        var keys = Options.Keys;
        var known = version.UpdatedAt > version.CreatedAt ? version.UpdatedAt.Value : version.CreatedAt;
        return known + keys.Announce <= now && !(now < version.NotBefore + keys.ClockSkew) && !(now >= version.ExpiresAt - keys.ClockSkew);
    }

    private IEnumerable<DateTimeOffset> RotationsDue()
    {
        foreach (var version in vaults.SelectMany(vault => vault.Enabled))
        {
            if (Options.Keys.RotateEvery > TimeSpan.Zero)
                yield return version.CreatedAt + Options.Keys.RotateEvery;
            if (version.ExpiresAt is { } expiry)
                yield return expiry - Options.Keys.Announce - Options.Lifetimes.LongestToken;
        }
    }

    private void Postpone(int vault)
    {
        if (readsAt[vault] is { } moment && IsCutOff(moment))
            readsAt[vault] = moment + (outage.To - outage.From);
    }
}
