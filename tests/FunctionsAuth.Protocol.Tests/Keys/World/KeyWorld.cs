using FunctionsAuth.Protocol.Configuration;

namespace FunctionsAuth.Protocol.Tests.Keys.World;

/// <summary>
/// Vaults and instances with clocks of their own, while a history takes its course. Instances read the vaults as late as
/// they may, and the rollover timer (the real one) runs every 15 minutes on any of them. Time goes on from one moment at which
/// something may change to the next, so what is found is true of every moment and not of samples.
/// </summary>
internal sealed class KeyWorld
{
    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan TimerPeriod = TimeSpan.FromMinutes(15);

    /// <summary>So often the timer runs after something has changed. Then it would only do the same again, and is left out until the next change.</summary>
    private const int TimerRuns = 3;

    private readonly KeyHistory history;
    private readonly SimulatedClock truth = new() { Now = Start };
    private readonly SimulatedVault[] vaults;
    private readonly SimulatedInstance[] instances;
    private readonly IReadOnlyList<object>[] noticed;
    private int timerRunsLeft = TimerRuns;
    private int timerRuns;

    private KeyWorld(KeyHistory history)
    {
        this.history = history;
        vaults = [.. history.Vaults.Select(NewVault)];
        noticed = [.. vaults.Select(vault => vault.Enabled)];
        instances = [.. Enumerable.Range(0, history.InstanceClocksAhead.Count).Select(number => new SimulatedInstance(history, number, truth, vaults))];
    }

    public IReadOnlyList<SimulatedInstance> Instances => instances;

    public IEnumerable<SimulatedVersion> Versions => vaults.SelectMany(vault => vault.Versions);

    public ServerOptions Options => history.Options;

    /// <summary>No instance goes by anything older, at no time.</summary>
    public TimeSpan Oldest => (2 * Options.Keys.RefreshEvery) + instances.Max(instance => instance.CutOff);

    public static KeyWorld After(KeyHistory history)
    {
        var world = new KeyWorld(history);
        world.Run();
        return world;
    }

    private SimulatedVault NewVault(VaultSetup setup, int number)
    {
        var clock = new SimulatedClock(truth, setup.ClockAhead);
        var vault = new SimulatedVault($"vault{number}", setup.IsReserve, truth, clock) { FirstKey = number * 100 };
        vault.Create(at: clock.Now - setup.Age);
        return vault;
    }

    private void Run()
    {
        var keys = Options.Keys;
        var left = new Queue<KeyEvent>(history.Events);
        var eventAt = Start + (left.TryPeek(out var first) ? first.After : TimeSpan.Zero);
        // Until everything that the last event led to is over.
        var tail = (2 * keys.Announce) + Options.Lifetimes.LongestToken + (4 * (keys.ClockSkew + TimerPeriod + keys.RefreshEvery));
        var end = Start + new TimeSpan(history.Events.Sum(e => e.After.Ticks)) + tail;
        for (; truth.Now < end; truth.Now = NextMoment(left.Count > 0 ? eventAt : end))
        {
            for (; left.Count > 0 && eventAt <= truth.Now; eventAt += left.TryPeek(out var next) ? next.After : TimeSpan.Zero)
                Do(left.Dequeue());
            if (NextTimer(truth.Now) == truth.Now)
                RunTimer();
            SpreadChanges();
            foreach (var instance in instances)
                instance.LookAgain(truth.Now);
        }
        foreach (var instance in instances)
            instance.End(end);
    }

    private void Do(KeyEvent what)
    {
        if (what.Kind == KeyEventKind.Outage)
            instances[what.Where % instances.Length].BeginOutage(truth.Now, what.By);
        else
            vaults[what.Where % vaults.Length].Do(what);
    }

    private void RunTimer()
    {
        timerRunsLeft--;
        instances[history.Draw(instances.Length, timerRuns++)].RunTimer();
    }

    private void SpreadChanges()
    {
        for (var i = 0; i < vaults.Length; i++)
        {
            if (ReferenceEquals(noticed[i], vaults[i].Enabled))
                continue;
            noticed[i] = vaults[i].Enabled;
            timerRunsLeft = TimerRuns;
            foreach (var instance in instances)
                instance.WillNotice(i, truth.Now);
        }
    }

    private DateTimeOffset NextMoment(DateTimeOffset change)
    {
        foreach (var instance in instances)
            change = Earlier(change, instance.NextMoment());
        var timer = timerRunsLeft > 0 ? NextTimer(truth.Now + TimeSpan.FromTicks(1)) : SimulatedVault.Never;
        if (change <= timer)
            timerRunsLeft = TimerRuns;
        return Earlier(change, timer);
    }

    private DateTimeOffset NextTimer(DateTimeOffset from)
    {
        var first = Start + TimeSpan.FromSeconds(history.Draw((int)TimerPeriod.TotalSeconds));
        var runs = (from - first) / TimerPeriod;
        return first + (TimerPeriod * Math.Max(0, Math.Ceiling(runs)));
    }

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;
}
