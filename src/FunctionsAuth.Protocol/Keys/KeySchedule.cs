namespace FunctionsAuth.Protocol.Keys;

/// <summary>
/// The dates of the versions of one type of key, as they are known at one moment: when each version begins to sign, when it stopped at the
/// latest, and when the last token that it signed has expired.
/// </summary>
public sealed class KeySchedule(IEnumerable<KeyVersion> versions, KeyRingRules rules, DateTimeOffset now)
{
    // The kid breaks ties, because two instances that create keys in the same second must agree.
    private readonly List<KeyVersion> versions = [.. versions.OrderBy(v => v.CreatedAt).ThenBy(v => v.PublicKey.Kid, StringComparer.Ordinal)];

    /// <summary>Every version, oldest first.</summary>
    public IReadOnlyList<KeyVersion> Versions => versions;

    /// <summary>
    /// The next moment at which a ring of these versions may change: a date of a version, or the end of the time for which another version
    /// is kept because of that date. <see cref="DateTimeOffset.MaxValue"/> when there is none.
    /// </summary>
    public DateTimeOffset ChangesAt()
    {
        var next = DateTimeOffset.MaxValue;
        foreach (var version in versions)
        {
            foreach (var date in Dates(version))
                next = Sooner(Sooner(next, date), KeepUntil(date));
        }
        return next;

        DateTimeOffset Sooner(DateTimeOffset known, DateTimeOffset moment) => moment > now && moment < known ? moment : known;
    }

    /// <summary>When the version begins to sign: it was announced long enough, and it is valid by every clock.</summary>
    public DateTimeOffset SignsFrom(KeyVersion version)
    {
        var announced = ReadByAll(version);
        return version.NotBefore is { } start && start + rules.ClockSkew > announced ? start + rules.ClockSkew : announced;
    }

    /// <summary>
    /// No instance can have signed with the version after this moment: from then until now there was always a later version in the same
    /// store that was announced and usable. The version may have stopped long before. At most the present moment.
    /// </summary>
    public DateTimeOffset SignedUntil(KeyVersion version)
    {
        var until = EndOfUse(version) is { } end && end < now ? end : now;
        while (EarliestStart(version, until) is { } earlier)
            until = earlier;
        return until;
    }

    /// <summary>When the last token that the version can have signed has expired.</summary>
    public DateTimeOffset NeededUntil(KeyVersion version) => KeepUntil(SignedUntil(version));

    internal bool HasBegunToSign(KeyVersion version) => SignsFrom(version) <= now;

    internal bool IsNeededNoMore(KeyVersion version) => NeededUntil(version) <= now;

    /// <summary>True until the tokens of an expired version have expired, and always for a version that never expires.</summary>
    internal bool IsPublished(KeyVersion version) => EndOfUse(version) is not { } end || now < KeepUntil(end);

    /// <summary>The version is valid by this instance's clock.</summary>
    internal bool IsUsable(KeyVersion version) => IsUsable(version, TimeSpan.Zero);

    /// <summary>The version is valid by the clock of every instance and store.</summary>
    internal bool IsUsableByEveryClock(KeyVersion version) => IsUsable(version, rules.ClockSkew);

    private bool IsUsable(KeyVersion version, TimeSpan margin) => !(now < version.NotBefore + margin) && !(now >= version.ExpiresAt - margin);

    private IEnumerable<KeyVersion> Later(KeyVersion version) =>
        versions.SkipWhile(v => v != version).Skip(1).Where(v => v.Store == version.Store);

    /// <summary>When the first of the later versions begins to sign that does so before a moment and still signs then; null when there is none.</summary>
    private DateTimeOffset? EarliestStart(KeyVersion version, DateTimeOffset until)
    {
        DateTimeOffset? earliest = null;
        foreach (var later in Later(version))
        {
            var start = SignsFrom(later);
            if (start < until && !StopsBefore(later, until) && !(start >= earliest))
                earliest = start;
        }
        return earliest;
    }

    /// <summary>
    /// When the version expires; null when it never does. The expiry may have been set to a moment that had already passed. The version then
    /// signed until every instance had read the change, which takes less time than the announcement of a version.
    /// </summary>
    private DateTimeOffset? EndOfUse(KeyVersion version) => version.ExpiresAt < ReadByAll(version) ? ReadByAll(version) : version.ExpiresAt;

    /// <summary>Some instance may have treated the version as expired before that moment.</summary>
    private bool StopsBefore(KeyVersion version, DateTimeOffset moment) => LastDays(version) <= moment;

    /// <summary>
    /// When the last days of an expiring version begin; null when it never expires. An instance whose clock is one skew fast stops using the
    /// version one more skew before its expiry. The version that follows may not be announced by then, so that the version before signs again.
    /// </summary>
    private DateTimeOffset? LastDays(KeyVersion version) => version.ExpiresAt - rules.Announce - (2 * rules.ClockSkew);

    /// <summary>
    /// When tokens that were signed until a moment have expired. The lifetime of a token counts by its signer's clock, which may be one skew
    /// slow, and instances stop signing with a version up to one skew apart.
    /// </summary>
    private DateTimeOffset KeepUntil(DateTimeOffset signedUntil) => signedUntil + (2 * rules.ClockSkew) + rules.Retain;

    /// <summary>When every instance has read the version, and every client can know it.</summary>
    private DateTimeOffset ReadByAll(KeyVersion version) => version.KnownFrom + rules.Announce;

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
}
