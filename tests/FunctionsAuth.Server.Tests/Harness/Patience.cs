namespace FunctionsAuth.Server.Tests.Harness;

/// <summary>Waits for events in the background.</summary>
internal static class Patience
{
    /// <summary>The time after which a test that hangs is ended. It is not a limit for speed: nothing takes so long, even on a busy machine.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <summary>Completes when the condition is true.</summary>
    public static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var patience = new CancellationTokenSource(Limit);
        while (!await isSo())
            await Task.Delay(1, patience.Token);
    }

    /// <inheritdoc cref="UntilAsync(Func{Task{bool}})"/>
    public static Task UntilAsync(Func<bool> isSo) => UntilAsync(() => Task.FromResult(isSo()));
}
