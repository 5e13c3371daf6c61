using Microsoft.Extensions.Hosting;

namespace FunctionsAuth.Hosting;

/// <summary>
/// Lets invocations end that are executing when the process is told to end. The web server waits for requests, but nothing waits for
/// timers, nor for what a function has left to do once its answer is sent.
/// </summary>
internal sealed class LastInvocations : IHostedService
{
    /// <summary>The worker sends the result of an invocation to the host after the invocation has ended, and nothing tells when it has.</summary>
    private static readonly TimeSpan ToSendResults = TimeSpan.FromMilliseconds(500);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await Invocation.AllEndedAsync().WaitAsync(cancellationToken);
        await Task.Delay(ToSendResults, cancellationToken);
    }
}
