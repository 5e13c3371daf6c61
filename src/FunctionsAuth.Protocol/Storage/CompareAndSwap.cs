using FunctionsAuth.Protocol.Errors;

namespace FunctionsAuth.Protocol.Storage;

/// <summary>
/// Changes a record that others may change at the same time: reads it, decides, writes it if it has not changed since it was read, and otherwise
/// decides again on the new record.
/// </summary>
public static class CompareAndSwap
{
    // A refused write means that another write succeeded, so only very many writers of one record reach this number.
    private const int MaxTries = 100;

    /// <param name="current">The record as it was read; null when there is none.</param>
    /// <param name="change">Returns the new record for the current one (null if it does not exist), or null to write nothing. It may throw.</param>
    /// <param name="write">Writes the record if it has not changed since it was read.</param>
    /// <returns>The record as it was written, or the current record if nothing was written.</returns>
    /// <exception cref="TemporarilyUnavailableException">Another write was first each time.</exception>
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
    /// <param name="attempt">Reads, decides and writes; null when another write was first.</param>
    /// <returns>The first result that is not null.</returns>
    /// <exception cref="TemporarilyUnavailableException">Another write was first each time.</exception>
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
