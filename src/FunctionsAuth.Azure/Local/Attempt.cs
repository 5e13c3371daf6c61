namespace FunctionsAuth.Azure.Local;

/// <summary>Runs what needs no waiting as the task that the SDK's signature asks for: a failure is in that task.</summary>
public static class Attempt
{
    public static Task<T> Run<T>(Func<T> operation, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return Task.FromCanceled<T>(cancellationToken);
        try
        {
            return Task.FromResult(operation());
        }
        catch (Exception e)
        {
            return Task.FromException<T>(e);
        }
    }

    /// <param name="latency">How long the service that this stands for would take to answer.</param>
    public static Task<T> Run<T>(Func<T> operation, TimeSpan latency, CancellationToken cancellationToken) =>
        latency == TimeSpan.Zero ? Run(operation, cancellationToken) : RunLaterAsync(operation, latency, cancellationToken);

    private static async Task<T> RunLaterAsync<T>(Func<T> operation, TimeSpan latency, CancellationToken cancellationToken)
    {
        await Task.Delay(latency, cancellationToken).ConfigureAwait(false);
        return operation();
    }
}
