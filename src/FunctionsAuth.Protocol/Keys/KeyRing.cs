using FunctionsAuth.Protocol.Configuration;

namespace FunctionsAuth.Protocol.Keys;

/// <summary>What a version does.</summary>
public enum KeyState
{
    /// <summary>In the JWKS, not signing: clients get to know it.</summary>
    Announced,
    Signing,

    /// <summary>In the JWKS until the last token that it signed has expired.</summary>
    Retained,

    /// <summary>Of no use any more: the rollover timer disables it, and with that it leaves the JWKS.</summary>
    Retired,
}

/// <summary>One version and what it does.</summary>
public sealed class KeyRingMember(KeyVersion version, KeyState state, DateTimeOffset since, Func<DateTimeOffset?> until)
{
    public KeyVersion Version => version;

    public KeyState State => state;

    /// <summary>When that state began, as far as its dates tell.</summary>
    public DateTimeOffset Since => since;

    /// <summary>When it will end if nothing is changed; null when time alone doesn't end it. Computed when asked for.</summary>
    public DateTimeOffset? Until => until();
}

/// <summary>What the ring is computed with, beside the versions and the clock.</summary>
/// <param name="Announce">How long a version is published before it signs.</param>
/// <param name="Retain">The longest lifetime of a token.</param>
/// <param name="ClockSkew">The most by which any two clocks of instances and vaults differ.</param>
public sealed record KeyRingRules(TimeSpan Announce, TimeSpan Retain, TimeSpan ClockSkew)
{
    public static KeyRingRules From(ServerOptions options) => new(options.Keys.Announce, options.Lifetimes.LongestToken, options.Keys.ClockSkew);
}

/// <summary>
/// What each version of one type of key does at one moment: a pure function of the versions, the rules and the clock, so
/// that all instances agree without talking to each other. docs/keys.md shows it as a timeline and says why it holds.
/// </summary>
public sealed class KeyRing
{
    private KeyRing(IReadOnlyList<KeyRingMember> members, SigningVersions signing, IReadOnlyList<KeyVersion> published, DateTimeOffset changesAt)
    {
        Members = members;
        Signing = signing.Versions;
        Spread = signing.Spread;
        IsAnnounced = signing.IsAnnounced;
        Published = published;
        ChangesAt = changesAt;
    }

    /// <summary>Every version, oldest first.</summary>
    public IReadOnlyList<KeyRingMember> Members { get; }

    /// <summary>What signs, a version of each vault: the first <see cref="Spread"/> share the work, the others stand in. Empty when nothing is usable.</summary>
    public IReadOnlyList<KeyVersion> Signing { get; }

    public int Spread { get; }

    /// <summary>What signs was announced long enough. False at the first start, and when no other is left.</summary>
    public bool IsAnnounced { get; }

    /// <summary>What stands in the JWKS.</summary>
    public IReadOnlyList<KeyVersion> Published { get; }

    /// <summary>What no live token was signed with, and nothing will be.</summary>
    public IEnumerable<KeyVersion> Retired => Members.Where(member => member.State == KeyState.Retired).Select(member => member.Version);

    /// <summary>Until then the same versions make the same ring.</summary>
    public DateTimeOffset ChangesAt { get; }

    public static KeyRing At(IEnumerable<KeyVersion> versions, KeyRingRules rules, DateTimeOffset now) => new Computation(versions, rules, now).Ring();

    private sealed record SigningVersions(IReadOnlyList<KeyVersion> Versions, int Spread, bool IsAnnounced);

    private sealed class Computation(IEnumerable<KeyVersion> versions, KeyRingRules rules, DateTimeOffset now)
    {
        // Ties are broken by kid: two instances that create keys in the same second must agree.
        private readonly List<KeyVersion> versions = [.. versions.OrderBy(v => v.CreatedAt).ThenBy(v => v.PublicKey.Kid, StringComparer.Ordinal)];

        public KeyRing Ring()
        {
            var signing = Signing();
            KeyRingMember[] members = [.. versions.Select(version => Describe(version, signing.Versions.Contains(version)))];
            return new KeyRing(
                members,
                signing,
                [.. from version in versions where !(KeepUntil(EndOfUse(version)) <= now) select version],
                Changes().FirstOrDefault(DateTimeOffset.MaxValue));
        }

        /// <summary>
        /// Of each vault the newest usable version that was announced long enough. While no vault has one, the oldest usable
        /// one: a first deployment works at once, and two instances that made keys together agree.
        /// </summary>
        private SigningVersions Signing()
        {
            List<KeyVersion> announced = [.. versions.Where(v => IsUsable(v, rules.ClockSkew) && SignsFrom(v) <= now)
                .GroupBy(v => v.Store).Select(vault => vault.Last())
                .OrderBy(v => v.IsReserve).ThenBy(v => v.Store, StringComparer.Ordinal)];
            if (announced.Count > 0)
                return new(announced, announced.Count(v => v.IsReserve == announced[0].IsReserve), IsAnnounced: true);
            List<KeyVersion> oldest = [.. versions.Where(v => IsUsable(v, TimeSpan.Zero))
                .OrderByDescending(v => IsUsable(v, rules.ClockSkew))
                .GroupBy(v => v.Store).Select(vault => vault.First())
                .OrderByDescending(v => IsUsable(v, rules.ClockSkew))];
            return new(oldest, Math.Min(1, oldest.Count), IsAnnounced: false);
        }

        private KeyRingMember Describe(KeyVersion version, bool signs)
        {
            var signedUntil = SignedUntil(version);
            var (state, since) =
                signs ? (KeyState.Signing, SignsFrom(version) <= now ? SignsFrom(version) : version.KnownFrom)
                : now >= KeepUntil(signedUntil) ? (KeyState.Retired, KeepUntil(signedUntil))
                : SignsFrom(version) > now ? (KeyState.Announced, version.KnownFrom)
                : (KeyState.Retained, signedUntil);
            return new KeyRingMember(version, state, since, () => EndOf(version, state));
        }

        private DateTimeOffset? EndOf(KeyVersion version, KeyState state)
        {
            foreach (var moment in Changes())
            {
                if (At(versions, rules, moment).Members.First(member => member.Version == version).State != state)
                    return moment;
            }
            return null;
        }

        private IEnumerable<KeyVersion> Later(KeyVersion version) =>
            versions.SkipWhile(v => v != version).Skip(1).Where(v => v.Store == version.Store);

        /// <summary>
        /// After that no instance can have signed with it: from then on until now a later version of the vault was announced,
        /// usable, and as it is today. A bound: it may have stopped long before.
        /// </summary>
        private DateTimeOffset SignedUntil(KeyVersion version)
        {
            var until = EndOfUse(version) is { } end && end < now ? end : now;
            while (Earliest(from later in Later(version) where SignsFrom(later) < until && !StopsBefore(later, until) select SignsFrom(later)) is { } earlier)
                until = earlier;
            return until;
        }

        /// <summary>
        /// Its expiry. But somebody may have set that to a moment long past: it signed until then, and until every instance had
        /// read it, which is sooner than a version is announced. Null when it never expires.
        /// </summary>
        private DateTimeOffset? EndOfUse(KeyVersion version) => version.ExpiresAt < ReadByAll(version) ? ReadByAll(version) : version.ExpiresAt;

        /// <summary>
        /// Some instance may have held it for expired then: it stops one skew early, by a clock that is one skew fast. Before
        /// that, the one that will follow it may not be announced yet, and the one that it followed have to help out.
        /// </summary>
        private bool StopsBefore(KeyVersion version, DateTimeOffset moment) => LastDays(version) <= moment;

        private DateTimeOffset? LastDays(KeyVersion version) => version.ExpiresAt - rules.Announce - (2 * rules.ClockSkew);

        /// <summary>
        /// By the clock of the signer, a token may live for <see cref="KeyRingRules.Retain"/>; and instances switch as much
        /// apart as their clocks are.
        /// </summary>
        private DateTimeOffset KeepUntil(DateTimeOffset signedUntil) => signedUntil + (2 * rules.ClockSkew) + rules.Retain;

        private DateTimeOffset? KeepUntil(DateTimeOffset? signedUntil) => signedUntil is { } moment ? KeepUntil(moment) : null;

        private DateTimeOffset SignsFrom(KeyVersion version)
        {
            var announced = ReadByAll(version);
            return version.NotBefore is { } start && start + rules.ClockSkew > announced ? start + rules.ClockSkew : announced;
        }

        private bool IsUsable(KeyVersion version, TimeSpan margin) =>
            !(now < version.NotBefore + margin) && !(now >= version.ExpiresAt - margin);

        private DateTimeOffset ReadByAll(KeyVersion version) => version.KnownFrom + rules.Announce;

        /// <summary>The moments to come at which something may change: a date of a version, or what it keeps another one for.</summary>
        private IEnumerable<DateTimeOffset> Changes() =>
            from moment in versions.SelectMany(Dates).SelectMany(date => new[] { date, KeepUntil(date) }).Distinct()
            where moment > now
            orderby moment
            select moment;

        private IEnumerable<DateTimeOffset> Dates(KeyVersion version)
        {
            yield return ReadByAll(version);
            if (LastDays(version) is { } last)
                yield return last;
            foreach (var margins in (int[])[-2, -1, 0, 1])
            {
                if (version.NotBefore is { } start)
                    yield return start + (margins * rules.ClockSkew);
                if (version.ExpiresAt is { } expiry)
                    yield return expiry + (margins * rules.ClockSkew);
            }
        }

        private static DateTimeOffset? Earliest(IEnumerable<DateTimeOffset> moments) => moments.Cast<DateTimeOffset?>().Min();
    }
}
