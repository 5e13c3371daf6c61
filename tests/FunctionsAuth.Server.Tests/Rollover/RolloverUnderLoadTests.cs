using System.Globalization;
using System.Text;
using FunctionsAuth.Protocol.Keys;
using FunctionsAuth.Server.Tests.Harness;
using Xunit.Abstractions;

namespace FunctionsAuth.Server.Tests.Rollover;

/// <summary>
/// Rollover with every time scaled to seconds, and clients that verify each token, at issue and just before it expires, with the key
/// set of the other instance. The clock moves in steps, and only when everybody has done what there is to do at that moment. So a
/// vault fails here with answers; one that never answers is the subject of <see cref="Keys.HangingVaultTests"/>.
/// </summary>
public sealed class RolloverUnderLoadTests(ITestOutputHelper output)
{
    private const int Rotations = 6;

    private static readonly SigningKeyType[] Types = Enum.GetValues<SigningKeyType>();
    private static readonly Lock Writing = new();
    private static readonly SortedDictionary<string, string> Sections = [];

    private readonly TestClock clock = new();

    /// <summary>At their least: Announce = JwksMaxAge + 2 RefreshEvery + ClockSkew, RotateEvery = Announce + LongestToken.</summary>
    [Fact]
    public async Task Through_six_rotations_of_each_key_no_request_fails_and_every_token_verifies()
    {
        // The last one is made when six times RotateEvery have passed, and signs when it was announced.
        var plan = new LoadPlan("1. Keys rotate", (4, 2, 6), TimeSpan.FromSeconds((Rotations * 6) + 4 + 2));
        var run = await LoadRun.RunAsync(plan, clock, [new LoadVault(clock, "only")], _ => Task.CompletedTask);
        ShouldVerify(run);
        Assert.All(Types, type => Assert.True(run.Figures.Rotations(type) >= Rotations, $"{run.Figures.Rotations(type)} rotations of {type}"));
        Assert.Equal((0, 0), (run.Figures.Unavailable, run.Figures.TimerFailures));
    }

    [Fact]
    public async Task While_the_only_vault_fails_clients_are_told_to_come_back_and_lose_nothing()
    {
        var vault = new LoadVault(clock, "only");
        var run = await FailAsync("2. The only vault fails for 10 s", vault, vault);
        ShouldVerify(run);
        Assert.True(run.Figures.Unavailable > 0, "The vault did not fail");
        // The one that took over while the vault failed signs, and a next one was made afterwards.
        Assert.All(Types, type => Assert.Equal(2, run.Figures.Signers(type).Count));
        Assert.All(await vault.CountAsync(), count => Assert.True(count > 2, "No next key was made"));
    }

    [Fact]
    public async Task While_one_of_two_vaults_fails_no_request_does()
    {
        var (good, bad) = (new LoadVault(clock, "good"), new LoadVault(clock, "bad"));
        var run = await FailAsync("3. One of two vaults fails for 10 s", bad, good, bad);
        ShouldVerify(run);
        Assert.Equal(0, run.Figures.Unavailable);
        Assert.True(bad.Failed > 0, "The vault did not fail");
        // In each vault one key took over from another.
        Assert.All(Types, type => Assert.Equal(4, run.Figures.Signers(type).Count));
    }

    /// <summary>
    /// New versions take over in the middle of the outage; the ones after them are due when it has just passed. Announce
    /// outlasts what an instance meanwhile does not know of the vault: the outage, and 10 s until it reads again.
    /// </summary>
    private async Task<LoadRun> FailAsync(string name, LoadVault failing, params LoadVault[] vaults)
    {
        var plan = new LoadPlan(name, (30, 6, 36), TimeSpan.FromSeconds(26));
        foreach (var vault in vaults)
            await vault.MakeKeysAsync();
        clock.Advance(TimeSpan.FromMinutes(2));
        foreach (var vault in vaults)
            await vault.RotateAsync();
        clock.Advance(TimeSpan.FromSeconds(22));
        return await LoadRun.RunAsync(plan, clock, vaults, async steps =>
        {
            await steps.WaitAsync(TimeSpan.FromSeconds(3));
            await failing.FailAsync(steps);
        });
    }

    private void ShouldVerify(LoadRun run)
    {
        Report(run);
        Assert.Empty(run.Errors);
        Assert.True(run.Figures.Failures.Count == 0, string.Join('\n', run.Figures.Failures.Take(20)));
        Assert.True(run.Figures.Tokens > 0, "There was no load");
        Assert.Equal((run.Figures.Tokens, run.Figures.Tokens), (run.Figures.AtIssue, run.Figures.BeforeExpiry));
    }

    private void Report(LoadRun run)
    {
        var figures = run.Figures;
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{run.Plan.Name}, {run.Time.TotalSeconds:0} virtual seconds");
        Line("rotations", string.Join(", ", Types.Select(type => $"{figures.Rotations(type)} {type}")));
        Line("keys that signed", string.Join(", ", Types.Select(type => $"{figures.Signers(type).Count} {type}")));
        Line("requests", $"{figures.Requests}");
        Line("of them told to come back (503)", $"{figures.Unavailable}");
        Line("key sets fetched", $"{figures.Fetches}");
        Line("tokens", $"{figures.Tokens}");
        Line("verified at issue", $"{figures.AtIssue}");
        Line("verified just before their end", $"{figures.BeforeExpiry}");
        Line("timer runs, and failures", $"{figures.TimerRuns}, {figures.TimerFailures}");
        Line("failures", $"{figures.Failures.Count}");
        output.WriteLine(text.ToString());
        lock (Writing)
        {
            Sections[run.Plan.Name] = text.ToString();
            var folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "..", "TestResults"));
            File.WriteAllText(
                Path.Combine(folder.FullName, "key-rollover.txt"),
                $"Key rollover under load, two instances on {LoadCluster.Tables} and one clock that moves in steps of {Lockstep.Step.TotalSeconds} s\n\n{string.Join('\n', Sections.Values)}");
        }

        void Line(string what, string value) => text.AppendLine(CultureInfo.InvariantCulture, $"  {what,-34} {value}");
    }
}
