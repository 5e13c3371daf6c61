using System.Diagnostics;
using Azure.Security.KeyVault.Keys;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Rollover;

/// <summary>A vault with keys that have long been known, whose next ones can be made as if that had been a while ago, and that fails for ten seconds.</summary>
internal sealed class LoadVault
{
    private static readonly string[] Names = ["signing-rsa", "signing-ec"];

    private readonly BackdatedClock clock = new();

    private LoadVault(string name) => Keys = new ScriptedVault(clock, name);

    public ScriptedVault Keys { get; }

    /// <summary>How many signatures it failed to make.</summary>
    public int Failed { get; private set; }

    public static async Task<LoadVault> WithOldKeysAsync(string name)
    {
        var vault = new LoadVault(name);
        vault.clock.Behind = TimeSpan.FromMinutes(2);
        await vault.Keys.CreateRsaKeyAsync(new CreateRsaKeyOptions(Names[0]));
        await vault.Keys.CreateEcKeyAsync(new CreateEcKeyOptions(Names[1]));
        vault.clock.Behind = TimeSpan.Zero;
        return vault;
    }

    /// <summary>Makes the next version of each key, dated so long ago.</summary>
    public async Task RotateAsync(TimeSpan ago)
    {
        clock.Behind = ago;
        foreach (var name in Names)
            await Keys.Keys.RotateKeyAsync(name);
        clock.Behind = TimeSpan.Zero;
    }

    public async Task<int> CountAsync(string name)
    {
        var count = 0;
        await foreach (var _ in Keys.Keys.GetPropertiesOfKeyVersionsAsync(name))
            count++;
        return count;
    }

    /// <summary>It hangs for 4 s, then fails for 3 s, then throttles for 3 s.</summary>
    public async Task FailAsync()
    {
        var since = Stopwatch.StartNew();
        Keys.Before = async call =>
        {
            Failed += call.Kind == "sign" ? 1 : 0;
            switch (since.Elapsed.TotalSeconds)
            {
                case < 4:
                    // The SDK gives up after its own time, which is three tries of 3 s.
                    await Task.Delay(TimeSpan.FromSeconds(9));
                    throw ScriptedVaultFaults.Named("time-out of each try");
                case < 7:
                    await Task.Delay(TimeSpan.FromMilliseconds(300));
                    throw ScriptedVaultFaults.Status(500);
                case < 10:
                    throw ScriptedVaultFaults.Throttled(1);
            }
        };
        await Task.Delay(TimeSpan.FromSeconds(10));
        Keys.Before = null;
    }

    private sealed class BackdatedClock : TimeProvider
    {
        public TimeSpan Behind { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() - Behind;
    }
}
