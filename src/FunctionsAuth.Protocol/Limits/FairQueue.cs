namespace FunctionsAuth.Protocol.Limits;

/// <summary>
/// Turns at work of which only a little may be done at once. Whoever waits is served in turns, one for each who sends requests, so that
/// many requests of one keep nobody else waiting. A full queue makes room for a newcomer at the expense of whoever has the most in it.
/// </summary>
/// <param name="atOnce">So many have their turn at the same time.</param>
/// <param name="longest">So many may wait.</param>
/// <param name="patience">And for so long.</param>
public sealed class FairQueue(int atOnce, int longest, TimeSpan patience, TimeProvider clock)
{
    private readonly Lock gate = new();
    private readonly LinkedList<Waiter> waiting = [];
    private int running;

    /// <param name="whom">Who sends the request, as far as that is known.</param>
    /// <returns>To be disposed at the end of the turn; null when there was none.</returns>
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
            // Whoever is not in the queue any more has got an answer.
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
            // Its other requests wait until everybody else had a turn.
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
