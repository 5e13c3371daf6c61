using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Users.Hashes;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Strangers;

/// <summary>Of the hashes that fill 64 MiB, one is verified at a time, however many processors there are.</summary>
public sealed class HashingTurnsTests
{
    private static readonly TimeSpan Seconds = TimeSpan.FromSeconds(3);

    private readonly TestClock clock = new();

    [Fact]
    public async Task A_hash_that_takes_memory_waits_for_another_one_and_others_do_not()
    {
        var turns = new HashingTurns(16, clock);
        var first = await NowAsync(turns, takesMemory: true, "alice");
        var second = turns.EnterAsync(takesMemory: true, "bob", default);
        // As many as there are turns beside the first one.
        for (var i = 0; i < 7; i++)
            await NowAsync(turns, takesMemory: false, "carol");
        Assert.False(second.IsCompleted);
        first.Dispose();
        (await second.WaitAsync(Patience.Limit)).Dispose();
    }

    [Fact]
    public async Task Whoever_waits_for_memory_keeps_no_processor_from_the_others()
    {
        var turns = new HashingTurns(4, clock);
        using var memory = await NowAsync(turns, takesMemory: true, "alice");
        var waiting = Enumerable.Range(0, 5).Select(i => turns.EnterAsync(takesMemory: true, $"user {i}", default)).ToList();
        using var plain = await NowAsync(turns, takesMemory: false, "carol");
        Assert.DoesNotContain(waiting, one => one.IsCompleted);
    }

    [Fact]
    public async Task A_hash_that_takes_memory_waits_for_a_processor_too()
    {
        var turns = new HashingTurns(1, clock);
        var plain = await NowAsync(turns, takesMemory: false, "carol");
        var waiting = turns.EnterAsync(takesMemory: true, "alice", default);
        Assert.False(waiting.IsCompleted);
        plain.Dispose();
        (await waiting.WaitAsync(Patience.Limit)).Dispose();
        (await NowAsync(turns, takesMemory: true, "alice")).Dispose();
    }

    [Fact]
    public async Task After_3_seconds_without_a_turn_the_server_is_busy_and_the_next_one_gets_the_turn()
    {
        var turns = new HashingTurns(1, clock);
        var plain = await NowAsync(turns, takesMemory: false, "carol");
        var waiting = turns.EnterAsync(takesMemory: true, "alice", default);
        clock.RunOut(Seconds);
        var busy = await Assert.ThrowsAsync<OAuthException>(() => waiting.WaitAsync(Patience.Limit));
        Assert.Equal((503, Seconds), (busy.Status, busy.RetryAfter));
        plain.Dispose();
        (await NowAsync(turns, takesMemory: true, "bob")).Dispose();
    }

    [Fact]
    public async Task Sixteen_wait_for_memory_and_no_more()
    {
        var turns = new HashingTurns(16, clock);
        using var memory = await NowAsync(turns, takesMemory: true, "alice");
        var waiting = Enumerable.Range(0, 16).Select(i => turns.EnterAsync(takesMemory: true, $"user {i}", default)).ToList();
        Assert.Equal(503, (await Assert.ThrowsAsync<OAuthException>(() => turns.EnterAsync(takesMemory: true, "one more", default))).Status);
        Assert.DoesNotContain(waiting, one => one.IsCompleted);
    }

    private static Task<IDisposable> NowAsync(HashingTurns turns, bool takesMemory, string whom) => turns.EnterAsync(takesMemory, whom, default).WaitAsync(Patience.Limit);
}
