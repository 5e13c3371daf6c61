namespace FunctionsAuth.Conformance.Running;

/// <summary>
/// A server whose signing keys roll over within seconds, for the modules about that. They take turns, so that each sees no
/// rollover but its own.
/// </summary>
internal sealed class Rollover : IDisposable
{
    private static readonly SemaphoreSlim Turns = new(1);
    private static readonly string Keys = ServerFiles.NewFolder();
    private static readonly Lazy<Task<ServerProcess>> Started = new(() => ServerProcess.StartAsync(["--keys", Keys, .. ServerSettings.QuickRollover]));

    private Rollover(ServerProcess server) => Server = server;

    public ServerProcess Server { get; }

    /// <returns>To be disposed, so that the next one has its turn.</returns>
    public static async Task<Rollover> TakeTurnAsync()
    {
        var server = await Started.Value;
        await Turns.WaitAsync();
        return new Rollover(server);
    }

    /// <summary>Makes a new key of each type, as an operator does.</summary>
    public static Task RotateAsync() => ServerProcess.CommandAsync("keys", "rotate", "--keys", Keys);

    public void Dispose() => Turns.Release();
}
