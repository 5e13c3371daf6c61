using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Rollover;

/// <param name="Name">What the report calls it.</param>
/// <param name="Seconds">Announce, the longest lifetime of a token, and RotateEvery.</param>
/// <param name="Length">For how long they ask for tokens.</param>
internal sealed record LoadPlan(string Name, (int Announce, int Token, int RotateEvery) Seconds, TimeSpan Length)
{
    /// <summary>Their least; the skew is for a vault's dates, which are whole seconds.</summary>
    public (string Name, string Value)[] Settings() =>
    [
        ("Keys:RefreshEvery", "00:00:01"),
        ("Keys:JwksMaxAge", "00:00:01"),
        ("Keys:ClockSkew", "00:00:01"),
        ("Keys:Announce", $"00:00:{Seconds.Announce:00}"),
        ("Keys:RotateEvery", $"00:00:{Seconds.RotateEvery:00}"),
        ("Lifetimes:LongestToken", $"00:00:{Seconds.Token:00}"),
        ("Lifetimes:AccessToken", $"00:00:{Seconds.Token:00}"),
        ("Lifetimes:IdToken", $"00:00:{Seconds.Token:00}"),
    ];
}

/// <summary>A cluster under load: its clients, its timer, and what they saw.</summary>
/// <param name="Time">By the clock of the cluster, until the last token had expired.</param>
internal sealed record LoadRun(LoadPlan Plan, LoadFigures Figures, TimeSpan Time, IReadOnlyList<string> Errors)
{
    /// <param name="incident">Happens meanwhile.</param>
    public static async Task<LoadRun> RunAsync(LoadPlan plan, TestClock clock, IEnumerable<LoadVault> vaults, Func<Lockstep, Task> incident)
    {
        await using var cluster = await LoadCluster.StartAsync(clock, plan.Settings(), vaults);
        var steps = new Lockstep(clock);
        var figures = new LoadFigures(steps);
        var (start, end) = (steps.Now, steps.Now + plan.Length);
        List<Task> load =
        [
            .. Enumerable.Range(0, LoadClient.Parts).Select(number => steps.Begin(() => new LoadClient(cluster, steps, figures, number).RunAsync(end))),
            steps.Begin(() => cluster.RunTimerAsync(steps, figures)),
            steps.Begin(() => incident(steps)),
        ];
        await steps.RunAsync();
        await Task.WhenAll(load);
        return new LoadRun(plan, figures, steps.Now - start, [.. cluster.Errors]);
    }
}
