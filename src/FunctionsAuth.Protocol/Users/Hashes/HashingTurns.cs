using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Limits;
using FunctionsAuth.Protocol.Telemetry;

namespace FunctionsAuth.Protocol.Users.Hashes;

/// <summary>
/// Turns at hashing passwords. Half of the processors at most are busy with it: one hash takes a processor for a tenth of a second, and a flood
/// of them must not slow down everything else. Of the hashes that fill memory, one is verified at a time.
/// </summary>
/// <param name="processors">The number of processors of this instance.</param>
public sealed class HashingTurns(int processors, TimeProvider clock)
{
    private const int LongestQueue = 16;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly FairQueue work = new(Math.Max(1, processors / 2), LongestQueue, Patience, clock);
    private readonly FairQueue memory = new(1, LongestQueue, Patience, clock);

    /// <param name="takesMemory">See <see cref="StoredHash.TakesMemory"/>.</param>
    /// <param name="whom">Who sends the request: each gets its turn.</param>
    /// <returns>To be disposed at the end of the turn.</returns>
    /// <exception cref="OAuthException">Status 503: too many people are waiting.</exception>
    public async Task<IDisposable> EnterAsync(bool takesMemory, string whom, CancellationToken cancellation)
    {
        if (!takesMemory)
            return await EnterAsync(work, whom, cancellation);
        // The caller waits for memory first, so that it does not hold a processor while it waits.
        var room = await EnterAsync(memory, whom, cancellation);
        try
        {
            return new Turn(await EnterAsync(work, whom, cancellation), room);
        }
        catch
        {
            room.Dispose();
            throw;
        }
    }

    private static async Task<IDisposable> EnterAsync(FairQueue queue, string whom, CancellationToken cancellation)
    {
        if (await queue.EnterAsync(whom, cancellation) is { } turn)
            return turn;
        ServerMetrics.Limited("hash");
        throw OAuthError.Busy(Patience);
    }

    private sealed class Turn(IDisposable processor, IDisposable room) : IDisposable
    {
        public void Dispose()
        {
            processor.Dispose();
            room.Dispose();
        }
    }
}
