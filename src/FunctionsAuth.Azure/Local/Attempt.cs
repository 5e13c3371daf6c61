namespace FunctionsAuth.Azure.Local;

/// <summary>Runs an operation at once, and returns its result as a task, as the methods of the SDK require. A failure is in the task.</summary>
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

    /// <param name="latency">The time that the real service would take to answer.</param>
    public static Task<T> Run<T>(Func<T> operation, TimeSpan latency, CancellationToken cancellationToken) =>
        latency == TimeSpan.Zero ? Run(operation, cancellationToken) : RunLaterAsync(operation, latency, cancellationToken);

    private static async Task<T> RunLaterAsync<T>(Func<T> operation, TimeSpan latency, CancellationToken cancellationToken)
    {
        await Task.Delay(latency, cancellationToken).ConfigureAwait(false);
        return operation();
    }
}
