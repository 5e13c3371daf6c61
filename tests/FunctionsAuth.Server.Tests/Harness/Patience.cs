namespace FunctionsAuth.Server.Tests.Harness;

/// <summary>How a test waits for what happens in the background.</summary>
internal static class Patience
{
    /// <summary>Ends a test that would hang. It says nothing about speed: nothing takes so long, however busy the machine is.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <summary>Completes when it is so.</summary>
    public static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var patience = new CancellationTokenSource(Limit);
        while (!await isSo())
            await Task.Delay(1, patience.Token);
    }

    /// <inheritdoc cref="UntilAsync(Func{Task{bool}})"/>
    public static Task UntilAsync(Func<bool> isSo) => UntilAsync(() => Task.FromResult(isSo()));
}
