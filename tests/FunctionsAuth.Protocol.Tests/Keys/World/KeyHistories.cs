using FsCheck;
using FsCheck.Fluent;
using FunctionsAuth.Protocol.Configuration;

namespace FunctionsAuth.Protocol.Tests.Keys.World;

/// <summary>Random histories: settings that the server accepts, clocks as wrong as they may be, and up to 14 events.</summary>
internal static class KeyHistories
{
    public static readonly ServerOptions Defaults = new() { Issuer = new Uri("https://login.example") };

    private const int MostEvents = 14;

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    public static Arbitrary<KeyHistory> Any { get; } = Arb.From(
        from options in Gen.Frequency((1, Gen.Constant(Defaults)), (5, Options()))
        from vaults in Gen.Choose(1, 2).SelectMany(count => Gen.ListOf(Vault(options), count))
        from instances in Gen.Choose(2, 3).SelectMany(count => Gen.ListOf(ClockAhead(options), count))
        from count in Gen.Choose(0, MostEvents)
        from events in Gen.ListOf(Event(options), count)
        from seed in Gen.Choose(0, int.MaxValue - 1)
        select new KeyHistory(options, [.. vaults], [.. instances], [.. events], seed),
        Smaller);

    /// <summary>Settings at the edges of what is allowed, and a short and a usual value between.</summary>
    private static Gen<ServerOptions> Options() =>
        from refresh in Gen.Elements(Second, Minute, 5 * Minute, Hour)
        from maxAge in Gen.Elements(TimeSpan.Zero, 5 * Minute, Hour, Day)
        from skew in Gen.Elements(TimeSpan.Zero, Second, 5 * Minute, Hour)
        from spare in Gen.Elements(TimeSpan.Zero, TimeSpan.Zero, Minute, 2 * Hour, Day)
        from longest in Gen.Elements(Second, 10 * Minute, Hour, Day)
        from rotate in Gen.Elements<TimeSpan?>(null, TimeSpan.Zero, Hour, 10 * Day)
        let keys = new KeyOptions { RefreshEvery = refresh, JwksMaxAge = maxAge, ClockSkew = skew }
        let announce = KeyHistory.LeastAnnounce(keys) + spare
        let token = longest < Hour ? longest : Hour
        select Checked(Defaults with
        {
            Keys = keys with { Announce = announce, RotateEvery = rotate is null ? TimeSpan.Zero : announce + longest + rotate.Value },
            Lifetimes = new LifetimeOptions { LongestToken = longest, AccessToken = token, IdToken = token },
        });

    private static ServerOptions Checked(ServerOptions options)
    {
        Assert.Empty(options.Problems());
        return options;
    }

    /// <summary>All clocks are ahead of the true time by 0 to the allowed skew, so no two of them differ by more.</summary>
    private static Gen<TimeSpan> ClockAhead(ServerOptions options) =>
        from percent in Gen.Frequency((2, Gen.Elements(0, 100)), (1, Gen.Choose(0, 100)))
        select Rounded(options.Keys.ClockSkew * percent / 100);

    private static Gen<VaultSetup> Vault(ServerOptions options) =>
        from ahead in ClockAhead(options)
        from age in Gen.Frequency((1, Gen.Constant(TimeSpan.Zero)), (2, Span(options)))
        from isReserve in Gen.Frequency((4, Gen.Constant(false)), (1, Gen.Constant(true)))
        select new VaultSetup(ahead, age == TimeSpan.Zero ? age : age + options.Keys.Announce, isReserve);

    private static Gen<KeyEvent> Event(ServerOptions options) =>
        from after in Span(options)
        from kind in Gen.Frequency(
            (5, Gen.Constant(KeyEventKind.Create)),
            (2, Gen.Constant(KeyEventKind.CreateExpiring)),
            (1, Gen.Constant(KeyEventKind.CreateForLater)),
            (4, Gen.Constant(KeyEventKind.Disable)),
            (4, Gen.Constant(KeyEventKind.Enable)),
            (3, Gen.Constant(KeyEventKind.ChangeTag)),
            (3, Gen.Constant(KeyEventKind.ChangeExpiry)),
            (1, Gen.Constant(KeyEventKind.ChangeNotBefore)),
            (2, Gen.Constant(KeyEventKind.Outage)))
        from place in Gen.Choose(0, 2)
        from which in Gen.Choose(0, 4)
        from length in Span(options)
        from isPast in Gen.Frequency((4, Gen.Constant(false)), (1, Gen.Constant(true)))
        select new KeyEvent(after, kind, place, which, isPast && kind is KeyEventKind.ChangeExpiry or KeyEventKind.ChangeNotBefore ? -length : length);

    /// <summary>Up to one and a half times something that matters. In whole seconds, as vaults date.</summary>
    private static Gen<TimeSpan> Span(ServerOptions options) =>
        from unit in Gen.Elements(
            2 * options.Keys.RefreshEvery, options.Keys.Announce, options.Keys.Announce, options.Lifetimes.LongestToken, options.Keys.ClockSkew, options.Keys.JwksMaxAge, 15 * Minute)
        from percent in Gen.Frequency((3, Gen.Choose(0, 150)), (1, Gen.Elements(0, 99, 100, 101)))
        select Rounded(unit * percent / 100);

    private static TimeSpan Rounded(TimeSpan span) => TimeSpan.FromSeconds(Math.Floor(span.TotalSeconds));

    private static IEnumerable<KeyHistory> Smaller(KeyHistory history)
    {
        for (var i = 0; i < history.Events.Count; i++)
            yield return history with { Events = [.. history.Events.Take(i), .. history.Events.Skip(i + 1)] };
        if (history.Vaults.Count > 1)
            yield return history with { Vaults = [history.Vaults[0]] };
        if (history.InstanceClocksAhead.Count > 2)
            yield return history with { InstanceClocksAhead = [.. history.InstanceClocksAhead.Take(2)] };
        if (history.InstanceClocksAhead.Any(ahead => ahead > TimeSpan.Zero))
            yield return history with { InstanceClocksAhead = [.. history.InstanceClocksAhead.Select(_ => TimeSpan.Zero)] };
        for (var i = 0; i < history.Events.Count; i++)
        {
            if (history.Events[i].After > TimeSpan.Zero)
                yield return history with { Events = [.. history.Events.Select((e, at) => at == i ? e with { After = TimeSpan.Zero } : e)] };
        }
    }
}
