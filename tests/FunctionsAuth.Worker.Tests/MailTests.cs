using Azure.Data.Tables;
using Azure.Storage.Queues;
using FunctionsAuth.Azure;
using FunctionsAuth.LocalHost.Hosting;
using FunctionsAuth.Protocol.Mail;
using FunctionsAuth.Server.Tests.Mail;
using FunctionsAuth.Worker.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace FunctionsAuth.Worker.Tests;

public sealed class MailTests
{
    private static readonly MailMessage Message = new()
    {
        To = "alice@example.com",
        Subject = "Grüße",
        Text = "Open https://login.example/link now.",
        Html = "<p>Open <a href=\"https://login.example/link\">the link</a> now.</p>",
    };

    [WorkerFact]
    public async Task A_message_of_the_queue_makes_the_worker_deliver_the_mail()
    {
        await using var mail = new TestMailServer();
        await using var worker = await Workers.StartAsync(Workers.Options().With(mail.Settings(("OperatorName", "Example")).Select(pair => new KeyValuePair<string, string?>(pair.Item1, pair.Item2))));
        await using (var server = LocalServer.Build(worker.Options))
            await server.Services.GetRequiredService<Mails>().SendAsync(Message, CancellationToken.None);
        var prefix = worker.Options.Settings["Storage:TablePrefix"];
        var queue = new QueueServiceClient(worker.Options.ConnectionString, AzureServices.QueueOptions()).GetQueueClient($"{prefix}outbox");
        var message = Assert.Single((await queue.ReceiveMessagesAsync(32)).Value);

        var delivery = await worker.Host.InvokeWithMessageAsync("outbox", message.MessageText);

        Assert.True(delivery.HasSucceeded, delivery.Failure);
        var received = Assert.Single(mail.Messages);
        Assert.Equal(("no-reply@login.example", "alice@example.com", "Grüße"), (received.From, received.To, received.Message.Subject));
        Assert.Empty(new TableServiceClient(worker.Options.ConnectionString).GetTableClient($"{prefix}Outbox").Query<TableEntity>());

        // The queue may bring it twice.
        Assert.True((await worker.Host.InvokeWithMessageAsync("outbox", message.MessageText)).HasSucceeded);
        Assert.Single(mail.Messages);
    }
}
