using Azure.Security.KeyVault.Keys;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Rollover;

/// <summary>A vault that fails for ten seconds.</summary>
internal sealed class LoadVault(TestClock clock, string name)
{
    private static readonly string[] Names = ["signing-rsa", "signing-ec"];

    private int failed;

    public ScriptedVault Keys { get; } = new(clock, name);

    /// <summary>How many signatures it failed to make.</summary>
    public int Failed => failed;

    /// <summary>The first version of each key.</summary>
    public async Task MakeKeysAsync()
    {
        await Keys.Keys.CreateRsaKeyAsync(new CreateRsaKeyOptions(Names[0]));
        await Keys.Keys.CreateEcKeyAsync(new CreateEcKeyOptions(Names[1]));
    }

    /// <summary>The next version of each key.</summary>
    public async Task RotateAsync()
    {
        foreach (var name in Names)
            await Keys.Keys.RotateKeyAsync(name);
    }

    /// <summary>How many versions each key has.</summary>
    public async Task<IReadOnlyList<int>> CountAsync()
    {
        List<int> counts = [];
        foreach (var name in Names)
        {
            var count = 0;
            await foreach (var _ in Keys.Keys.GetPropertiesOfKeyVersionsAsync(name))
                count++;
            counts.Add(count);
        }
        return counts;
    }

    /// <summary>It fails for 5 s, then throttles for 5 s.</summary>
    public async Task FailAsync(Lockstep steps)
    {
        foreach (var fault in (Func<Exception>[])[() => ScriptedVaultFaults.Status(500), () => ScriptedVaultFaults.Throttled(1)])
        {
            Keys.Before = call =>
            {
                if (call.Kind == "sign")
                    Interlocked.Increment(ref failed);
                return Task.FromException(fault());
            };
            await steps.WaitAsync(TimeSpan.FromSeconds(5));
        }
        Keys.Recover();
    }
}
