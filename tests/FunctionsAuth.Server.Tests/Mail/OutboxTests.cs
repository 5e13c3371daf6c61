using FunctionsAuth.Functions;
using FunctionsAuth.Protocol.Mail;
using FunctionsAuth.Protocol.Outbox;
using FunctionsAuth.Server.Tests.Harness;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace FunctionsAuth.Server.Tests.Mail;

/// <summary>From a request to the delivery, by the row and the message in the queue.</summary>
public sealed class OutboxTests
{
    [Theory]
    [InMemory]
    [OnAzurite]
    public async Task Mail_is_delivered_after_the_answer_and_nothing_of_it_remains(BackEnd backEnd)
    {
        var storage = new TestStorage(backEnd);
        await using var server = await RunningServer.StartAsync(storage.Setup().WithMail());
        await server.Get<Mails>().SendAsync(MailSetup.Message(), CancellationToken.None);
        Assert.Equal(MailSetup.Message(), (await server.MailAsync())[0].Message);
        await storage.WhenAsync("Outbox delete");
        await Patience.UntilAsync(() => storage.CountAsync("Outbox").Result == 0);
    }

    [Theory]
    [InMemory]
    [OnAzurite]
    public async Task Mail_to_nobody_costs_a_request_the_same_and_is_no_mail(BackEnd backEnd)
    {
        var storage = new TestStorage(backEnd);
        await using var server = await RunningServer.StartAsync(storage.Setup().WithMail());
        // The first row makes the table.
        await server.Get<Mails>().SendAsync(MailSetup.Message(), CancellationToken.None);
        await storage.WhenAsync("Outbox delete");
        foreach (var send in (Func<MailMessage, CancellationToken, Task>[])[server.Get<Mails>().SendAsync, server.Get<Mails>().SendNothingAsync])
        {
            using var meter = new MeterCounts();
            storage.Script.Arm();
            await send(MailSetup.Message(), CancellationToken.None);
            await storage.WhenAsync("Outbox delete");
            Assert.Equal(["Outbox insert", "outbox queue send"], meter.StorageOperations);
            Assert.Equal(["Outbox insert", "Outbox read", "Outbox replace", "Outbox delete"], storage.Script.Operations.Select(operation => operation.ToString()));
        }
        Assert.Equal(2, (await server.MailAsync(2)).Count);
    }

    [Theory]
    [InMemory]
    [OnAzurite]
    public async Task Of_several_messages_for_one_row_that_come_at_once_one_delivers(BackEnd backEnd)
    {
        var storage = new TestStorage(backEnd);
        var deliverer = new ScriptedDeliverer();
        await using var first = await RunningServer.StartAsync(storage.Setup().With(deliverer));
        await using var second = await RunningServer.StartAsync(storage.Setup().With(deliverer) with { Import = false });
        RunningServer[] servers = [first, second];
        for (var round = 0; round < 5; round++)
        {
            deliverer.Reset();
            var item = OutboxItem.New(ScriptedDeliverer.Name, [1], TimeSpan.FromHours(1), first.Clock.GetUtcNow());
            await first.Get<IOutboxStore>().InsertAsync(item, CancellationToken.None);
            await Task.WhenAll(Enumerable.Range(0, 20).Select(i => servers[i % 2].Get<OutboxDelivery>().DeliverAsync(item.Address, CancellationToken.None)));
            Assert.Equal(1, deliverer.Calls);
            Assert.Null(await first.Get<IOutboxStore>().FindAsync(item.Address, CancellationToken.None));
        }
    }

    [Theory]
    [InMemory]
    [OnAzurite]
    public async Task A_row_whose_message_got_lost_is_swept_within_the_hour(BackEnd backEnd)
    {
        var storage = new TestStorage(backEnd);
        var deliverer = new ScriptedDeliverer();
        await using var server = await RunningServer.StartAsync(storage.Setup().With(deliverer));
        var item = OutboxItem.New(ScriptedDeliverer.Name, [1], TimeSpan.FromHours(24), server.Clock.GetUtcNow());
        await server.Get<IOutboxStore>().InsertAsync(item, CancellationToken.None);
        await SweepAsync(server);
        Assert.DoesNotContain(server.Log.Lines, line => line.Contains("overdue", StringComparison.Ordinal));
        server.Clock.Advance(TimeSpan.FromMinutes(11));
        await SweepAsync(server);
        await Patience.UntilAsync(() => deliverer.Calls == 1);
        Assert.Single(server.Log.Lines, line => line.Contains("1 deliveries were overdue", StringComparison.Ordinal));
    }

    internal static Task SweepAsync(RunningServer server) =>
        ActivatorUtilities.CreateInstance<PruneFunction>(server.Services).Run(new TimerInfo(), CancellationToken.None);
}
