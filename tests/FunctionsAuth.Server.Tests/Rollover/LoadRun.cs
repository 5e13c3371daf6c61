using System.Diagnostics;
using Azure.Security.KeyVault.Keys;

namespace FunctionsAuth.Server.Tests.Rollover;

/// <param name="Name">What the report calls it.</param>
/// <param name="Seconds">Announce, the longest lifetime of a token, and RotateEvery.</param>
/// <param name="Clients">How many log in and verify at the same time.</param>
internal sealed record LoadPlan(string Name, (int Announce, int Token, int RotateEvery) Seconds, int Clients, TimeSpan Pause)
{
    /// <summary>Their least; the skew is for a vault's dates, which are whole seconds.</summary>
    public Dictionary<string, string?> Settings() => new()
    {
        ["Keys:RefreshEvery"] = "00:00:01",
        ["Keys:JwksMaxAge"] = "00:00:01",
        ["Keys:ClockSkew"] = "00:00:01",
        ["Keys:Announce"] = $"00:00:{Seconds.Announce:00}",
        ["Keys:RotateEvery"] = $"00:00:{Seconds.RotateEvery:00}",
        ["Lifetimes:LongestToken"] = $"00:00:{Seconds.Token:00}",
        ["Lifetimes:AccessToken"] = $"00:00:{Seconds.Token:00}",
        ["Lifetimes:IdToken"] = $"00:00:{Seconds.Token:00}",
    };
}

/// <summary>A cluster under load: its clients, its timer, and what they saw.</summary>
internal sealed record LoadRun(LoadPlan Plan, LoadFigures Figures, (int Runs, int Failures) Timer, IReadOnlyList<string> Errors)
{
    /// <param name="begin">Runs when every client has signed in and got its first tokens; then the timer starts.</param>
    /// <param name="until">Ends the load.</param>
    public static async Task<LoadRun> RunAsync(LoadPlan plan, KeyClient[] vaults, Func<Task> begin, Func<LoadFigures, Task> until)
    {
        await using var cluster = await LoadCluster.StartAsync(plan.Settings(), vaults);
        var figures = new LoadFigures();
        List<LoadClient> clients = [.. Enumerable.Range(0, plan.Clients).Select(number => new LoadClient(cluster, figures, number))];
        await Task.WhenAll(clients.Select(client => Task.Run(client.RoundAsync)));

        await begin();
        figures.Begin();
        using var stop = new CancellationTokenSource();
        var timer = Task.Run(() => cluster.RunTimerAsync(stop.Token));
        List<Task> load = [.. clients.Select(client => Task.Run(() => client.RunAsync(plan.Pause, stop.Token))), Task.Run(() => WatchAsync(cluster, figures, stop.Token))];
        await until(figures);
        await stop.CancelAsync();
        await Task.WhenAll(load);
        figures.End();
        return new LoadRun(plan, figures, await timer, [.. cluster.Errors]);
    }

    private static async Task WatchAsync(LoadCluster cluster, LoadFigures figures, CancellationToken stop)
    {
        var pause = TimeSpan.FromMilliseconds(50);
        while (!stop.IsCancellationRequested)
        {
            var waited = Stopwatch.StartNew();
            await Task.Delay(pause, CancellationToken.None);
            await cluster.AskTablesAsync();
            figures.StoodStill(waited.Elapsed - pause);
        }
    }
}
