using Azure.Core;
using Azure.Core.Pipeline;
using FunctionsAuth.Azure.KeyVault;

namespace FunctionsAuth.Azure;

/// <summary>
/// Two fast retries. If a service asks for a longer pause than a request can wait, it is not called again. The client then gets a 503 at once, with that
/// pause in it.
/// </summary>
internal sealed class QuickRetries() : RetryPolicy(Retries, DelayStrategy.CreateExponentialDelayStrategy(TimeSpan.FromMilliseconds(100), LongestWait))
{
    private const int Retries = 2;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    protected override bool ShouldRetry(HttpMessage message, Exception? exception) => base.ShouldRetry(message, exception) && CanWait(message);

    protected override async ValueTask<bool> ShouldRetryAsync(HttpMessage message, Exception? exception) =>
        await base.ShouldRetryAsync(message, exception) && CanWait(message);

    private static bool CanWait(HttpMessage message) => !message.HasResponse || !(RetryAfter.Of(message.Response) > LongestWait);
}
