namespace FunctionsAuth.LocalHost.Memory;

/// <summary>Runs what needs no waiting as the task that the SDK's signature asks for: a failure is in that task.</summary>
internal static class Attempt
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
}
