using FunctionsAuth.Protocol.Limits;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Strangers;

/// <summary>Turns at hashing passwords: few at once, a short queue, and everybody gets a turn.</summary>
public sealed class FairQueueTests
{
    private static readonly TimeSpan Seconds = TimeSpan.FromSeconds(3);

    private readonly TestClock clock = new();
    private readonly FairQueue queue;

    public FairQueueTests() => queue = new FairQueue(1, 4, Seconds, clock);

    [Fact]
    public async Task One_source_is_served_after_each_other_one_had_a_turn()
    {
        var turn = await EnterNowAsync("flood");
        Dictionary<string, Task<IDisposable?>> waiting = new()
        {
            ["flood 1"] = Enter("flood"),
            ["flood 2"] = Enter("flood"),
            ["flood 3"] = Enter("flood"),
            ["alice"] = Enter("alice"),
        };
        List<string> served = [];
        while (waiting.Count > 0)
        {
            turn.Dispose();
            var next = await Task.WhenAny(waiting.Values).WaitAsync(Patience.Limit);
            served.Add(waiting.Single(entry => entry.Value == next).Key);
            waiting.Remove(served[^1]);
            turn = (await next)!;
            Assert.DoesNotContain(waiting.Values, one => one.IsCompleted);
        }
        Assert.Equal(["flood 1", "alice", "flood 2", "flood 3"], served);
    }

    [Fact]
    public async Task A_full_queue_makes_room_at_the_expense_of_whoever_has_the_most_in_it()
    {
        using var turn = await EnterNowAsync("flood");
        var flood = Enumerable.Range(0, 4).Select(_ => Enter("flood")).ToList();
        Assert.Null(await Enter("flood"));
        var alice = Enter("alice");
        Assert.Null(await flood[3].WaitAsync(Patience.Limit));
        Assert.False(alice.IsCompleted);
        Assert.All(flood.Take(3), one => Assert.False(one.IsCompleted));
    }

    [Fact]
    public async Task Nobody_waits_longer_than_3_seconds()
    {
        using var turn = await EnterNowAsync("alice");
        var waiting = Enter("bob");
        clock.RunOut(Seconds);
        Assert.Null(await waiting.WaitAsync(Patience.Limit));
        turn.Dispose();
        using var next = await EnterNowAsync("bob");
    }

    [Fact]
    public async Task Whoever_goes_away_leaves_the_queue()
    {
        var turn = await EnterNowAsync("alice");
        using var gone = new CancellationTokenSource();
        var waiting = queue.EnterAsync("bob", gone.Token);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        turn.Dispose();
        using var next = await EnterNowAsync("carol");
    }

    private Task<IDisposable?> Enter(string whom) => queue.EnterAsync(whom, CancellationToken.None);

    private async Task<IDisposable> EnterNowAsync(string whom) => (await Enter(whom).WaitAsync(Patience.Limit))!;
}
