namespace FunctionsAuth.Protocol.Limits;

/// <summary>
/// Limits how many callers do some work at the same time. Waiting callers are served in turns, one for each source, so that many requests of one
/// source do not delay the others. If the queue is full, the source with the most waiting requests loses one to a newcomer.
/// </summary>
/// <param name="atOnce">The number of callers that work at the same time.</param>
/// <param name="longest">The maximum number of callers that wait.</param>
/// <param name="patience">The maximum time for which a caller waits.</param>
public sealed class FairQueue(int atOnce, int longest, TimeSpan patience, TimeProvider clock)
{
    private readonly Lock gate = new();
    private readonly LinkedList<Waiter> waiting = [];
    private int running;

    /// <param name="whom">The source of the request, if known.</param>
    /// <returns>Dispose it at the end of the work. Null when the caller got no turn.</returns>
    public async Task<IDisposable?> EnterAsync(string whom, CancellationToken cancellation)
    {
        var waiter = new Waiter(whom);
        lock (gate)
        {
            if (running < atOnce)
            {
                running++;
                return new Turn(this);
            }
            if (waiting.Count >= longest && !TryMakeRoom(whom))
                return null;
            waiting.AddLast(waiter);
        }
        using var time = new CancellationTokenSource(patience, clock);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation, time.Token);
        await using var end = limit.Token.Register(() => GiveUp(waiter));
        var turn = await waiter.Turn.Task ? new Turn(this) : null;
        if (turn is null)
            cancellation.ThrowIfCancellationRequested();
        return turn;
    }

    private bool TryMakeRoom(string newcomer)
    {
        var (most, count) = waiting.CountBy(waiter => waiter.Whom).MaxBy(one => one.Value);
        if (waiting.Count(waiter => waiter.Whom == newcomer) + 1 >= count)
            return false;
        var last = waiting.Last(waiter => waiter.Whom == most);
        waiting.Remove(last);
        last.Turn.SetResult(false);
        return true;
    }

    private void GiveUp(Waiter waiter)
    {
        lock (gate)
        {
            // A caller that is no longer in the queue has got an answer.
            if (waiting.Remove(waiter))
                waiter.Turn.SetResult(false);
        }
    }

    private void Leave()
    {
        lock (gate)
        {
            if (waiting.First?.Value is not { } next)
            {
                running--;
                return;
            }
            waiting.RemoveFirst();
            // The other requests of this source wait until all other sources had a turn.
            foreach (var other in waiting.Where(waiter => waiter.Whom == next.Whom).ToList())
            {
                waiting.Remove(other);
                waiting.AddLast(other);
            }
            next.Turn.SetResult(true);
        }
    }

    private sealed class Waiter(string whom)
    {
        public string Whom => whom;

        public TaskCompletionSource<bool> Turn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed class Turn(FairQueue queue) : IDisposable
    {
        private FairQueue? queue = queue;

        public void Dispose() => Interlocked.Exchange(ref queue, null)?.Leave();
    }
}
