using Microsoft.Extensions.Hosting;

namespace FunctionsAuth.Hosting;

/// <summary>
/// Waits for the current invocations when the process is told to stop. The web server waits for requests. Without this service, nothing would wait for
/// timers, or for work of a function after its answer was sent.
/// </summary>
internal sealed class LastInvocations : IHostedService
{
    /// <summary>The worker sends the result of an invocation to the host after the invocation has ended. Nothing reports when this is done.</summary>
    private static readonly TimeSpan ToSendResults = TimeSpan.FromMilliseconds(500);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await Invocation.AllEndedAsync().WaitAsync(cancellationToken);
        await Task.Delay(ToSendResults, cancellationToken);
    }
}
