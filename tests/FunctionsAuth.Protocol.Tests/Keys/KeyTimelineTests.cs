using System.Globalization;
using System.Text;
using FunctionsAuth.Protocol.Keys;
using FunctionsAuth.Protocol.Tests.Keys.World;
using Microsoft.Extensions.Logging.Abstractions;

namespace FunctionsAuth.Protocol.Tests.Keys;

/// <summary>The worked example of docs/keys.md.</summary>
public sealed class KeyTimelineTests
{
    private const string Expected = """
        UTC               version 1  version 2  version 3  version 4  JWKS   because
        2030-01-01 00:00  signing                                     1      the first start makes version 1
        2030-04-01 00:00  signing    announced                        1 2    timer: makes version 2
        2030-04-02 00:00  retained   signing                          1 2    version 2 is known to every client
        2030-04-03 00:10  retired    signing                          1 2    the last token of version 1 has expired
        2030-04-03 00:15  disabled   signing                          2      timer: disables version 1
        2030-04-10 12:00  disabled   signing    announced             2 3    by hand: version 3 is made
        2030-04-11 12:00  disabled   retained   signing               2 3    version 3 is known to every client
        2030-04-11 18:00  disabled   signing    disabled              2      by hand: version 3 is disabled
        2030-04-14 09:00  disabled   signing    announced             2 3    by hand: version 3 is enabled again
        2030-04-15 09:00  disabled   retained   signing               2 3    version 3 is known to every client
        2030-04-16 09:10  disabled   retired    signing               2 3    the last token of version 2 has expired
        2030-04-16 09:15  disabled   disabled   signing               3      timer: disables version 2
        2030-04-20 10:00  disabled   disabled   signing    announced  3 4    by hand: version 4 is made
        2030-04-20 11:30  disabled   disabled   disabled   signing    4      by hand: version 3 is disabled

        """;

    /// <summary>What somebody does to the vault, in order.</summary>
    private static readonly IReadOnlyList<(DateTimeOffset At, string What, Action<SimulatedVault> Do)> ByHand =
    [
        (April(10, 12), "version 3 is made", vault => vault.Create()),
        (April(11, 18), "version 3 is disabled", vault => vault.Disable(vault.Versions[2])),
        (April(14, 9), "version 3 is enabled again", vault => vault.Enable(vault.Versions[2])),
        (April(20, 10), "version 4 is made", vault => vault.Create()),
        (April(20, 11.5), "version 3 is disabled", vault => vault.Disable(vault.Versions[2])),
    ];

    [Fact]
    public void The_timeline_in_the_documentation_is_what_the_ring_does()
    {
        var text = new Timeline(ByHand).Until(April(30, 0));
        TestResults.Write("key-ring-timeline.txt", text);
        Assert.Equal(Expected, text, ignoreLineEndingDifferences: true);
    }

    private static DateTimeOffset April(int day, double hour) => new DateTimeOffset(2030, 4, day, 0, 0, 0, TimeSpan.Zero).AddHours(hour);

    /// <summary>One vault, default settings, the timer every 15 minutes, and a line for each change of what the ring says.</summary>
    private sealed class Timeline
    {
        private static readonly TimeSpan TimerPeriod = TimeSpan.FromMinutes(15);

        private readonly SimulatedClock clock = new() { Now = new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero) };
        private readonly StringBuilder text = new();
        private readonly Turns turns = new();
        private readonly SimulatedVault vault;
        private readonly KeyRollover rollover;
        private readonly Queue<(DateTimeOffset At, string What, Action<SimulatedVault> Do)> left;
        private IReadOnlyList<string> states = [];

        public Timeline(IEnumerable<(DateTimeOffset At, string What, Action<SimulatedVault> Do)> byHand)
        {
            left = new(byHand);
            vault = new SimulatedVault("vault", false, clock, clock) { FirstKey = 0 };
            IReadOnlyList<IKeyStore> vaults = [vault.SeenBy(() => true)];
            var keys = new SigningKeys(vaults, new NoKeyCopies(), KeyHistories.Defaults, clock, NullLogger<SigningKeys>.Instance);
            rollover = new KeyRollover(keys, vaults, new KeyCopies(new NoKeyCopies(), KeyHistories.Defaults, clock, NullLogger<KeyCopies>.Instance), NoAudit.Events, KeyHistories.Defaults, clock, NullLogger<KeyRollover>.Instance);
        }

        private KeyRing Ring => KeyRing.At(vault.Enabled, KeyRingRules.From(KeyHistories.Defaults), clock.Now);

        public string Until(DateTimeOffset end)
        {
            Write("UTC", ["version 1", "version 2", "version 3", "version 4"], "JWKS", "because");
            vault.Create();
            Report("the first start makes version 1");
            // Nothing happens for three months, and the timer is not as fast as that.
            clock.Now = April(1, -1);
            for (; clock.Now < end; clock.Now = NextMoment())
            {
                Report(null);
                while (left.Count > 0 && left.Peek().At <= clock.Now)
                {
                    left.Peek().Do(vault);
                    Report($"by hand: {left.Dequeue().What}");
                }
                if (clock.Now.Ticks % TimerPeriod.Ticks == 0)
                    RunTimer();
            }
            return text.ToString();
        }

        private void RunTimer()
        {
            var (made, disabled) = (vault.Versions.Count, vault.Versions.Where(version => !version.IsEnabled).ToList());
            turns.Run(() => rollover.RunAsync(CancellationToken.None));
            var does = vault.Versions.Skip(made).Select(version => $"makes {Name(version)}")
                .Concat(vault.Versions.Where(version => !version.IsEnabled).Except(disabled).Select(version => $"disables {Name(version)}"));
            Report($"timer: {string.Join(", ", does)}");
        }

        private DateTimeOffset NextMoment()
        {
            var timer = new DateTimeOffset((clock.Now.Ticks / TimerPeriod.Ticks * TimerPeriod.Ticks) + TimerPeriod.Ticks, TimeSpan.Zero);
            var next = Ring.ChangesAt < timer ? Ring.ChangesAt : timer;
            return left.Count > 0 && left.Peek().At < next ? left.Peek().At : next;
        }

        /// <param name="because">Null when time has passed and nothing else.</param>
        private void Report(string? because)
        {
            var ring = Ring;
            List<string> now = [.. vault.Versions.Select(version => StateOf(version, ring))];
            if (now.SequenceEqual(states))
                return;
            because ??= string.Join(", ", vault.Versions.Zip(now, states).Where(each => each.Second != each.Third).Select(each => Explain(each.First, each.Second)).OfType<string>());
            states = now;
            var published = vault.Versions.Where(version => ring.Published.Contains(version.Facts)).Select(version => version.Facts.Id[^1..]);
            Write(clock.Now.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture), now, string.Join(' ', published), because);
        }

        private static string StateOf(SimulatedVersion version, KeyRing ring) =>
            version.IsEnabled ? ring.Members.Single(member => member.Version == version.Facts).State.ToString().ToLowerInvariant() : "disabled";

        private static string? Explain(SimulatedVersion version, string state) => state switch
        {
            "signing" => $"{Name(version)} is known to every client",
            "retired" => $"the last token of {Name(version)} has expired",
            _ => null,
        };

        private void Write(string when, IReadOnlyList<string> cells, string published, string because) =>
            text.AppendLine($"{when,-18}{string.Concat(Enumerable.Range(0, 4).Select(i => $"{(i < cells.Count ? cells[i] : ""),-11}"))}{published,-7}{because}");

        private static string Name(SimulatedVersion version) => $"version {version.Facts.Id[^1]}";
    }
}
