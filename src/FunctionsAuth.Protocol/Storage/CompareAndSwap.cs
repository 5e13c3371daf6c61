using FunctionsAuth.Protocol.Errors;

namespace FunctionsAuth.Protocol.Storage;

/// <summary>
/// Changes of a record that others may change at the same time: read it, decide, write it if it still is as it was read, and decide
/// again on what others left.
/// </summary>
public static class CompareAndSwap
{
    // A write that is refused means that somebody else's was not: only a crowd at one record comes near to it.
    private const int MaxTries = 100;

    /// <param name="current">The record as it was read; null when there is none.</param>
    /// <param name="change">Makes of the record as it stands, or of null when it is gone, what is to be written; null if nothing is. It may throw.</param>
    /// <param name="write">Writes the record if it still is as it was read.</param>
    /// <returns>The record as it was written, or as it stands where nothing was.</returns>
    /// <exception cref="TemporarilyUnavailableException">Others were first each time.</exception>
    public static Task<T?> ChangeAsync<T>(T? current, Func<T?, T?> change, Func<T, CancellationToken, Task<WriteResult<T>>> write, CancellationToken cancellation)
        where T : class => ChangeAsync(current, record => ValueTask.FromResult(change(record)), write, cancellation);

    /// <inheritdoc cref="ChangeAsync{T}(T, Func{T, T}, Func{T, CancellationToken, Task{WriteResult{T}}}, CancellationToken)"/>
    public static async Task<T?> ChangeAsync<T>(T? current, Func<T?, ValueTask<T?>> change, Func<T, CancellationToken, Task<WriteResult<T>>> write, CancellationToken cancellation)
        where T : class
    {
        for (var tries = 0; tries < MaxTries; tries++)
        {
            if (await change(current) is not { } changed)
                return current;
            var result = await write(changed, cancellation);
            if (result.Won)
                return result.Current;
            current = result.Current;
        }
        throw new TemporarilyUnavailableException("storage");
    }

    /// <summary>The same for changes that are more than one write.</summary>
    /// <param name="attempt">Reads, decides and writes; null when somebody else was first.</param>
    /// <returns>What the attempt gave that was not null.</returns>
    /// <exception cref="TemporarilyUnavailableException">Others were first each time.</exception>
    public static async Task<T> RepeatAsync<T>(Func<Task<T?>> attempt)
        where T : class
    {
        for (var tries = 0; tries < MaxTries; tries++)
        {
            if (await attempt() is { } result)
                return result;
        }
        throw new TemporarilyUnavailableException("storage");
    }
}
