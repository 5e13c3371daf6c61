using System.Globalization;
using System.Text;
using FunctionsAuth.Azure.KeyVault.Local;
using FunctionsAuth.Protocol.Keys;
using Xunit.Abstractions;

namespace FunctionsAuth.Server.Tests.Rollover;

/// <summary>
/// Rollover on the true clock, with every time scaled to seconds and clients that verify each token, at issue and just before it
/// expires, with the key set of the other instance. Nothing here is about speed but that no answer takes 6 s.
/// </summary>
public sealed class RolloverUnderLoadTests(RolloverUnderLoadTests.Runs runs, ITestOutputHelper output) : IClassFixture<RolloverUnderLoadTests.Runs>
{
    private const int Rotations = 6;

    private static readonly TimeSpan AnsweredWithin = TimeSpan.FromSeconds(6);
    private static readonly Lock Writing = new();
    private static readonly SortedDictionary<string, string> Sections = [];

    [Fact]
    public async Task Through_six_rotations_of_each_key_no_request_fails_and_every_token_verifies()
    {
        var run = await runs.Rotating;
        ShouldVerify(run);
        foreach (var type in Enum.GetValues<SigningKeyType>())
            Assert.True(run.Figures.Rotations(type) >= Rotations, $"{run.Figures.Rotations(type)} rotations of {type}");
        Assert.Equal((0, 0), (run.Figures.Unavailable, run.Timer.Failures));
    }

    [Fact]
    public async Task While_the_only_vault_fails_clients_are_told_to_come_back_and_lose_nothing()
    {
        var run = await runs.OnlyVaultFails;
        ShouldVerify(run);
        Assert.True(run.Figures.Unavailable > 0, "The vault did not fail");
        // The one that took over while the vault failed signs, and a next one was made afterwards.
        Assert.All(Enum.GetValues<SigningKeyType>(), type => Assert.Equal(2, run.Figures.Signers(type).Count));
        Assert.All(runs.VersionsAfterwards, count => Assert.True(count > 2, "No next key was made"));
        ShouldAnswerInTime(run);
    }

    [Fact]
    public async Task While_one_of_two_vaults_fails_no_request_does()
    {
        var run = await runs.OneOfTwoVaultsFails;
        ShouldVerify(run);
        Assert.Equal(0, run.Figures.Unavailable);
        Assert.True(runs.FailedSignatures > 0, "The vault did not fail");
        Assert.All(Enum.GetValues<SigningKeyType>(), type => Assert.True(run.Figures.Rotations(type) > 0, $"No other {type} key took over"));
        ShouldAnswerInTime(run);
    }

    private void ShouldVerify(LoadRun run)
    {
        Report(run);
        Assert.Empty(run.Errors);
        Assert.True(run.Figures.Failures.Count == 0, string.Join('\n', run.Figures.Failures));
        // Every token was looked at twice, and but for a machine that can't keep up, in time.
        Assert.Equal(2 * run.Figures.Tokens, run.Figures.AtIssue + run.Figures.BeforeExpiry + run.Figures.Late);
        Assert.True(run.Figures.BeforeExpiry > 0, "No token was verified just before its end");
    }

    private static void ShouldAnswerInTime(LoadRun run) => Assert.True(
        run.Figures.Longest - run.Figures.Standstill < AnsweredWithin, $"An answer took {run.Figures.Longest.TotalSeconds:0.0} s");

    private void Report(LoadRun run)
    {
        var figures = run.Figures;
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{run.Plan.Name}, {figures.Elapsed.TotalSeconds:0} s");
        Line("rotations", string.Join(", ", Enum.GetValues<SigningKeyType>().Select(type => $"{figures.Rotations(type)} {type}")));
        Line("keys that signed", string.Join(", ", Enum.GetValues<SigningKeyType>().Select(type => $"{figures.Signers(type).Count} {type}")));
        Line("requests", $"{figures.Requests}");
        Line("of them told to come back (503)", $"{figures.Unavailable}");
        Line("longest answer", Seconds(figures.Longest));
        Line("longest standstill of this machine", Seconds(figures.Standstill));
        Line("key sets fetched", $"{figures.Fetches}");
        Line("tokens", $"{figures.Tokens}");
        Line("verified at issue", $"{figures.AtIssue}");
        Line("verified just before their end", $"{figures.BeforeExpiry}");
        Line("looked at too late", $"{figures.Late}");
        Line("timer runs, and failures", $"{run.Timer.Runs}, {run.Timer.Failures}");
        Line("failures", $"{figures.Failures.Count}");
        output.WriteLine(text.ToString());
        lock (Writing)
        {
            Sections[run.Plan.Name] = text.ToString();
            var folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "..", "TestResults"));
            File.WriteAllText(
                Path.Combine(folder.FullName, "key-rollover.txt"), $"Key rollover under load, two instances on {LoadCluster.Tables}\n\n{string.Join('\n', Sections.Values)}");
        }

        static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.00} s");
        void Line(string what, string value) => text.AppendLine(CultureInfo.InvariantCulture, $"  {what,-34} {value}");
    }

    /// <summary>The three runs, at the same time: each takes long and does little.</summary>
    public sealed class Runs : IAsyncLifetime
    {
        private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

        internal Task<LoadRun> Rotating { get; private set; } = null!;

        internal Task<LoadRun> OnlyVaultFails { get; private set; } = null!;

        internal Task<LoadRun> OneOfTwoVaultsFails { get; private set; } = null!;

        /// <summary>Of each key of the only vault.</summary>
        internal IReadOnlyList<int> VersionsAfterwards { get; private set; } = [];

        /// <summary>Of the one of two vaults.</summary>
        internal int FailedSignatures { get; private set; }

        public Task InitializeAsync()
        {
            Rotating = Task.Run(RotateAsync);
            OnlyVaultFails = Task.Run(FailOnlyVaultAsync);
            OneOfTwoVaultsFails = Task.Run(FailOneOfTwoVaultsAsync);
            return Task.CompletedTask;
        }

        public Task DisposeAsync() => Task.WhenAll(Rotating, OnlyVaultFails, OneOfTwoVaultsFails).ContinueWith(_ => { }, TaskScheduler.Default);

        /// <summary>At their least: Announce = JwksMaxAge + 2 RefreshEvery + ClockSkew, RotateEvery = Announce + LongestToken.</summary>
        private static Task<LoadRun> RotateAsync() => LoadRun.RunAsync(
            new LoadPlan("1. Keys rotate", (4, 2, 6), Clients: 3, Pause: TimeSpan.FromMilliseconds(200)),
            [new LocalKeyClient(null, TimeProvider.System)],
            () => Task.CompletedTask,
            async figures =>
            {
                while (figures.Elapsed < Patience && Enum.GetValues<SigningKeyType>().Any(type => figures.Rotations(type) < Rotations))
                    await Task.Delay(100);
            });

        private async Task<LoadRun> FailOnlyVaultAsync()
        {
            var vault = await LoadVault.WithOldKeysAsync("only");
            var run = await FailAsync("2. The only vault fails for 10 s", vault, vault);
            VersionsAfterwards = [await vault.CountAsync("signing-rsa"), await vault.CountAsync("signing-ec")];
            return run;
        }

        private async Task<LoadRun> FailOneOfTwoVaultsAsync()
        {
            var (good, bad) = (await LoadVault.WithOldKeysAsync("good"), await LoadVault.WithOldKeysAsync("bad"));
            var run = await FailAsync("3. One of two vaults fails for 10 s", bad, good, bad);
            FailedSignatures = bad.Failed;
            return run;
        }

        /// <summary>
        /// New versions take over in the middle of the outage; the ones after them are due when it has just passed. Announce
        /// outlasts what an instance meanwhile does not know of the vault: the outage, and 10 s until it reads again.
        /// </summary>
        private static Task<LoadRun> FailAsync(string name, LoadVault failing, params LoadVault[] vaults) => LoadRun.RunAsync(
            new LoadPlan(name, (30, 6, 36), Clients: 4, Pause: TimeSpan.FromMilliseconds(300)),
            [.. vaults.Select(vault => vault.Keys)],
            () => Task.WhenAll(vaults.Select(vault => vault.RotateAsync(TimeSpan.FromSeconds(22)))),
            async _ =>
            {
                await Task.Delay(TimeSpan.FromSeconds(3));
                await failing.FailAsync();
                await Task.Delay(TimeSpan.FromSeconds(13));
            });
    }
}
