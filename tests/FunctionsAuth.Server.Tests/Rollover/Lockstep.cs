using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Rollover;

/// <summary>
/// Moves a clock by one step whenever everybody who takes part waits for it. All that they do in between happens at the same moment
/// of that clock, however long it takes on the machine.
/// </summary>
internal sealed class Lockstep(TestClock clock)
{
    public static readonly TimeSpan Step = TimeSpan.FromMilliseconds(250);

    /// <summary>For as long as an instance reads the keys in a vault, a limit of this length runs on its clock.</summary>
    private static readonly TimeSpan ReadingLimit = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private readonly PriorityQueue<TaskCompletionSource, DateTimeOffset> waiting = new();
    private int participants;

    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>How many have begun and not ended.</summary>
    public int Participants
    {
        get
        {
            lock (gate)
                return participants;
        }
    }

    private bool EverybodyWaits
    {
        get
        {
            lock (gate)
                return waiting.Count == participants;
        }
    }

    /// <summary>Lets one more take part, until its work is done.</summary>
    public Task Begin(Func<Task> work)
    {
        lock (gate)
            participants++;
        return Task.Run(async () =>
        {
            try
            {
                await work();
            }
            finally
            {
                lock (gate)
                    participants--;
            }
        });
    }

    /// <summary>For who takes part: completes at the first step when that time has passed.</summary>
    public Task WaitAsync(TimeSpan time)
    {
        var passed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
            waiting.Enqueue(passed, Now + time);
        return passed.Task;
    }

    /// <summary>Goes on until nobody takes part any more.</summary>
    public async Task RunAsync()
    {
        while (true)
        {
            // Nobody waits for an instance that reads in the background.
            await Patience.UntilAsync(() => EverybodyWaits && clock.Waiting(ReadingLimit) == 0);
            if (Participants == 0)
                return;
            clock.Advance(Step);
            lock (gate)
            {
                while (waiting.TryPeek(out _, out var end) && end <= Now)
                    waiting.Dequeue().SetResult();
            }
        }
    }
}
