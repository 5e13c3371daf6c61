using Azure;
using Azure.Data.Tables;
using FunctionsAuth.Functions;
using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Outbox;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Mail;

/// <summary>What is not delivered at once: when it is tried again, and when it is given up.</summary>
public sealed class RetryTests : IAsyncLifetime
{
    private readonly TestStorage storage = new(BackEnd.Memory);
    private readonly ScriptedDeliverer deliverer = new();
    private RunningServer server = null!;

    public async Task InitializeAsync() => server = await RunningServer.StartAsync(storage.Setup().With(deliverer));

    public Task DisposeAsync() => server.DisposeAsync().AsTask();

    [Fact]
    public async Task What_fails_is_tried_again_after_longer_and_longer_pauses_and_given_up_after_a_day()
    {
        deliverer.Answer = _ => Task.FromResult(Delivery.Failed("the reason"));
        await WriteAsync();
        TimeSpan[] pauses = [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), .. Enumerable.Repeat(TimeSpan.FromHours(6), 3)];
        for (var attempt = 1; attempt <= pauses.Length; attempt++)
        {
            await Patience.UntilAsync(() => deliverer.Calls == attempt && server.Clock.Waiting(pauses[attempt - 1]) == 1);
            server.Clock.RunOut(pauses[attempt - 1]);
        }
        await EndAsync();
        Assert.Equal(pauses.Length + 1, deliverer.Calls);
        await ShouldBeGivenUpAsync("test in attempt 8: the reason");
    }

    [Fact]
    public async Task What_is_refused_is_not_tried_again()
    {
        deliverer.Answer = _ => Task.FromResult(Delivery.Refused("no such mailbox"));
        await WriteAsync();
        await EndAsync();
        Assert.Equal(1, deliverer.Calls);
        await ShouldBeGivenUpAsync("test in attempt 1: no such mailbox");
    }

    [Fact]
    public async Task What_is_of_no_use_any_more_is_given_up_when_the_next_attempt_would_be_too_late()
    {
        deliverer.Answer = _ => Task.FromResult(Delivery.Failed("the reason"));
        await WriteAsync(TimeSpan.FromMinutes(4));
        await Patience.UntilAsync(() => server.Clock.Waiting(TimeSpan.FromMinutes(1)) == 1);
        server.Clock.RunOut(TimeSpan.FromMinutes(1));
        await EndAsync();
        Assert.Equal(2, deliverer.Calls);
    }

    [Fact]
    public async Task What_is_found_too_late_is_not_delivered()
    {
        var item = OutboxItem.New(ScriptedDeliverer.Name, [1], TimeSpan.FromMinutes(20), server.Clock.GetUtcNow());
        await server.Get<IOutboxStore>().InsertAsync(item, CancellationToken.None);
        server.Clock.Advance(TimeSpan.FromMinutes(21));
        await OutboxTests.SweepAsync(server);
        await EndAsync();
        Assert.Equal(0, deliverer.Calls);
        await ShouldBeGivenUpAsync("test in attempt 1: there was no time left");
    }

    [Fact]
    public async Task A_failure_that_nobody_thought_of_is_tried_again_and_its_message_is_not_logged()
    {
        deliverer.Answer = _ => throw new InvalidOperationException("alice@example.com is unknown");
        await WriteAsync();
        await Patience.UntilAsync(() => server.Clock.Waiting(TimeSpan.FromMinutes(1)) == 1);
        Assert.Single(server.Log.Lines, line => line.Contains("test could not be delivered in attempt 1, and is tried again: InvalidOperationException", StringComparison.Ordinal));
        Assert.DoesNotContain(server.Log.Lines, line => line.Contains("alice@example.com", StringComparison.Ordinal));
        deliverer.Answer = _ => Task.FromResult(Delivery.Done);
        server.Clock.RunOut(TimeSpan.FromMinutes(1));
        await EndAsync();
    }

    [Fact]
    public async Task An_attempt_that_died_is_repeated_when_its_lease_is_over()
    {
        var died = new TaskCompletionSource<Delivery>();
        deliverer.Answer = _ => died.Task;
        await WriteAsync();
        await Patience.UntilAsync(() => deliverer.Calls == 1);
        var address = await AddressAsync();
        // The message comes again, as the queue gives it to another instance.
        await server.Get<OutboxDelivery>().DeliverAsync(address, CancellationToken.None);
        Assert.Equal(1, deliverer.Calls);
        deliverer.Answer = _ => Task.FromResult(Delivery.Done);
        server.Clock.RunOut(OutboxRetries.Lease);
        await server.Get<OutboxDelivery>().DeliverAsync(address, CancellationToken.None);
        await EndAsync();
        Assert.Equal(2, deliverer.Calls);
        died.SetResult(Delivery.Done);
    }

    [Fact]
    public async Task A_message_that_comes_after_the_delivery_changes_nothing()
    {
        await WriteAsync();
        await EndAsync();
        var item = OutboxItem.New(ScriptedDeliverer.Name, [1], TimeSpan.FromHours(1), server.Clock.GetUtcNow());
        await server.Get<OutboxDelivery>().DeliverAsync(item.Address, CancellationToken.None);
        Assert.Equal(1, deliverer.Calls);
    }

    [Fact]
    public async Task While_storage_is_down_the_message_comes_again()
    {
        var item = OutboxItem.New(ScriptedDeliverer.Name, [1], TimeSpan.FromHours(1), server.Clock.GetUtcNow());
        await server.Get<IOutboxStore>().InsertAsync(item, CancellationToken.None);
        storage.Script.Before = operation =>
        {
            if (operation.ToString() == "Outbox read")
                throw new RequestFailedException(503, "The server is busy.", "ServerBusy", null);
        };
        await server.Get<IOutboxQueue>().SendAsync(item.Address, TimeSpan.Zero, CancellationToken.None);
        await Patience.UntilAsync(() => server.Log.Lines.Any(line => line.Contains("The queue function outbox failed", StringComparison.Ordinal)));
        storage.Script.Before = null;
        await Patience.UntilAsync(() => server.Clock.Waiting(TimeSpan.FromMinutes(1)) == 1);
        server.Clock.RunOut(TimeSpan.FromMinutes(1));
        await EndAsync();
        Assert.Equal(1, deliverer.Calls);
    }

    [Fact]
    public async Task A_message_that_is_no_address_is_thrown_away()
    {
        var function = new OutboxFunction(server.Get<OutboxDelivery>());
        storage.Script.Arm();
        foreach (var text in (string[])["", "../Users", "{\"a\":1}", new string('A', 70_000)])
            await function.Run(text, CancellationToken.None);
        Assert.Empty(storage.Script.Operations);
    }

    [Fact]
    public async Task A_request_whose_row_is_not_stored_says_so()
    {
        storage.Script.Before = operation =>
        {
            if (operation.Table == "Outbox")
                throw new RequestFailedException(503, "The server is busy.", "ServerBusy", null);
        };
        await Assert.ThrowsAsync<TemporarilyUnavailableException>(() => WriteAsync());
        storage.Script.Before = null;
        Assert.Equal(0, await storage.CountAsync("Outbox"));
    }

    [Fact]
    public void A_payload_that_no_row_has_room_for_is_refused() =>
        Assert.Throws<ArgumentException>(() => OutboxItem.New(ScriptedDeliverer.Name, new byte[OutboxItem.LongestPayload + 1], TimeSpan.FromHours(1), server.Clock.GetUtcNow()));

    private Task WriteAsync(TimeSpan? goodFor = null) => server.Get<OutboxWriter>().WriteAsync(ScriptedDeliverer.Name, [1], goodFor, CancellationToken.None);

    private Task EndAsync() => Patience.UntilAsync(async () => await storage.CountAsync("Outbox") == 0);

    private async Task<RecordAddress> AddressAsync()
    {
        await foreach (var row in storage["Outbox"].QueryAsync<TableEntity>())
        {
            if (RecordAddress.TryParse(row.GetString("Address"), out var address))
                return address;
        }
        throw new InvalidOperationException("There is no row.");
    }

    private async Task ShouldBeGivenUpAsync(string detail)
    {
        var now = server.Clock.GetUtcNow();
        var entry = Assert.Single(await server.Get<IAuditStore>().FindAsync(new AuditQuery(now.AddDays(-2), now, 10) { Kind = AuditKind.DeliveryGivenUp }, CancellationToken.None));
        Assert.Equal((detail, AuditActor.Server, null), (entry.Detail, entry.Actor, entry.Subject));
        Assert.Single(server.Log.Lines, line => line.StartsWith("Error", StringComparison.Ordinal) && line.Contains("it is given up", StringComparison.Ordinal));
    }
}
