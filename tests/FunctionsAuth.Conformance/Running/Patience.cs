using System.Diagnostics;

namespace FunctionsAuth.Conformance.Running;

/// <summary>How the suite waits for what happens elsewhere.</summary>
internal static class Patience
{
    /// <summary>Ends a module that would hang. It says nothing about speed: nothing takes so long, however busy the machine is.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <returns>False when it has not become so.</returns>
    public static async Task<bool> UntilAsync(Func<Task<bool>> isSo)
    {
        for (var waited = Stopwatch.StartNew(); !await isSo(); await Task.Delay(Pause))
        {
            if (waited.Elapsed > Limit)
                return false;
        }
        return true;
    }
}
