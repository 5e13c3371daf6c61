using System.Globalization;
using System.Text;
using FunctionsAuth.Protocol.Configuration;

namespace FunctionsAuth.Protocol.Tests.Keys.World;

internal enum KeyEventKind
{
    Create,
    CreateExpiring,
    CreateForLater,
    Disable,
    Enable,
    ChangeTag,
    ChangeExpiry,
    ChangeNotBefore,

    /// <summary>An instance can't read the vaults for a while.</summary>
    Outage,
}

/// <summary>What somebody does, or what happens to an instance.</summary>
/// <param name="After">So long after the event before.</param>
/// <param name="Where">Which vault, or which instance.</param>
/// <param name="Which">Which of the vault's versions.</param>
/// <param name="By">How far from then the new date lies, or how long the outage lasts.</param>
internal sealed record KeyEvent(TimeSpan After, KeyEventKind Kind, int Where, int Which, TimeSpan By)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"+{After:c} {Kind} {Where}/{Which} {By:c}");
}

/// <param name="ClockAhead">Of the true time.</param>
/// <param name="Age">How old its only version is when the history begins.</param>
internal sealed record VaultSetup(TimeSpan ClockAhead, TimeSpan Age, bool IsReserve);

/// <summary>Everything that isn't the server's doing. The same history always goes the same way.</summary>
/// <param name="InstanceClocksAhead">One of each instance.</param>
/// <param name="Seed">Says when instances read the vaults and on which one the timer runs.</param>
internal sealed record KeyHistory(
    ServerOptions Options, IReadOnlyList<VaultSetup> Vaults, IReadOnlyList<TimeSpan> InstanceClocksAhead, IReadOnlyList<KeyEvent> Events, int Seed)
{
    /// <summary>
    /// By so much Keys:Announce exceeds the least that it may be. An instance that can't read the vaults for no longer than
    /// that still knows every version in time.
    /// </summary>
    public TimeSpan LongestOutage => Options.Keys.Announce - LeastAnnounce(Options.Keys);

    public static TimeSpan LeastAnnounce(KeyOptions keys) => keys.JwksMaxAge + (2 * keys.RefreshEvery) + keys.ClockSkew;

    /// <summary>A number from 0 to <paramref name="below"/> - 1 that looks random.</summary>
    public int Draw(int below, params ReadOnlySpan<int> of)
    {
        var mixed = (uint)Seed;
        foreach (var number in of)
            mixed = (mixed ^ (uint)number) * 0x9E3779B1u ^ (mixed >> 15);
        mixed = (mixed ^ (mixed >> 16)) * 0x85EBCA6Bu;
        return (int)((mixed ^ (mixed >> 13)) % (uint)below);
    }

    public override string ToString()
    {
        var keys = Options.Keys;
        var text = new StringBuilder("\n");
        text.AppendLine(CultureInfo.InvariantCulture, $"Announce {keys.Announce:c}, RefreshEvery {keys.RefreshEvery:c}, JwksMaxAge {keys.JwksMaxAge:c}, ClockSkew {keys.ClockSkew:c}, RotateEvery {keys.RotateEvery:c}, LongestToken {Options.Lifetimes.LongestToken:c}");
        text.AppendJoin('\n', Vaults).AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"instances ahead by {string.Join(", ", InstanceClocksAhead)}; seed {Seed}");
        return text.AppendJoin('\n', Events).ToString();
    }
}
