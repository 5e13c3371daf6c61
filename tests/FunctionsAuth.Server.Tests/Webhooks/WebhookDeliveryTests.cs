using System.Text.RegularExpressions;
using Azure;
using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.Outbox;
using FunctionsAuth.Protocol.Webhooks;
using FunctionsAuth.Server.Tests.Harness;
using FunctionsAuth.Server.Tests.Mail;

namespace FunctionsAuth.Server.Tests.Webhooks;

/// <summary>From an event to what its receiver gets.</summary>
public sealed class WebhookDeliveryTests
{
    [Theory]
    [InMemory]
    [OnAzurite]
    public async Task A_sign_in_is_posted_with_a_signature_that_the_receiver_can_verify(BackEnd backEnd)
    {
        await using var scene = await WebhookScene.StartAsync(backEnd);
        var (webhook, secret) = await scene.AddAsync("sign_in.succeeded");
        Assert.Matches(@"^[A-Za-z0-9_-]{16}\z", webhook.Id);
        (await new ClientApp(scene.Server).LoginAsync("openid", new Browser(scene.Server))).ShouldBeOk();
        var got = await scene.ReceivedAsync();
        Assert.True(got.IsSignedWith(secret));
        Assert.False(got.IsSignedWith("whsec_" + Convert.ToBase64String(new byte[32])));
        Assert.Equal("application/json", got.ContentType);
        var now = scene.Server.Clock.GetUtcNow();
        Assert.Equal(now.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture), got.Timestamp);
        Assert.Equal(
            $$$"""{"id":"{{{got.Id}}}","type":"sign_in.succeeded","time":"2040-03-01T12:00:00.000Z","issuer":"https://login.example","data":{"subject":"alice-subject","client_id":"web","actor":"person","detail":"pwd"}}""",
            got.Body);
        var delivery = await scene.DeliveryAsync(webhook.Id, one => one.State == WebhookDeliveryState.Delivered);
        Assert.Equal((got.Id, "sign_in.succeeded", 1, "the answer was 204"), (delivery.EventId, delivery.Type, delivery.Attempts, delivery.Outcome));
        await Patience.UntilAsync(async () => await scene.Storage.CountAsync("Outbox") == 0);
        // The secret is shown once, and is nowhere as it is.
        await foreach (var row in scene.Storage["Webhooks"].QueryAsync<global::Azure.Data.Tables.TableEntity>())
            Assert.DoesNotContain(secret["whsec_".Length..], row.GetString("Json"), StringComparison.Ordinal);
        Assert.DoesNotContain(scene.Server.Log.Lines, line => line.Contains(secret["whsec_".Length..], StringComparison.Ordinal));
    }

    [Fact]
    public async Task While_secrets_are_changed_a_receiver_that_knows_one_of_them_is_served()
    {
        await using var scene = await WebhookScene.StartAsync();
        var (webhook, first) = await scene.AddAsync("user.disabled");
        var (written, second) = await scene.Webhooks.TryAddSecretAsync(webhook, default);
        Assert.True(written.Won);
        await DisableAsync(scene);
        var got = await scene.ReceivedAsync();
        Assert.True(got.IsSignedWith(first) && got.IsSignedWith(second!));
        Assert.Matches(new Regex(@"^v1,\S{44} v1,\S{44}\z"), got.Signature);
        Assert.True((await scene.Webhooks.TryRemoveSecretAsync(written.Current!, webhook.Secrets[0].Id, default)).Won);
        await DisableAsync(scene);
        got = await scene.ReceivedAsync(2);
        Assert.True(!got.IsSignedWith(first) && got.IsSignedWith(second!));
    }

    [Fact]
    public async Task Only_webhooks_that_want_an_event_are_told_and_each_by_the_same_id()
    {
        await using var scene = await WebhookScene.StartAsync();
        var wanted = await scene.AddAsync("user.disabled", "user.enabled");
        var all = await scene.AddAsync("*");
        var other = await scene.AddAsync("user.enabled");
        var disabled = await scene.Webhooks.CreateAsync(scene.New("*") with { Disabled = true }, default);
        await DisableAsync(scene);
        var mine = await scene.DeliveryAsync(wanted.Webhook.Id, one => one.State == WebhookDeliveryState.Delivered);
        Assert.Contains(await scene.DeliveriesAsync(all.Webhook.Id), one => one.EventId == mine.EventId);
        Assert.Empty(await scene.DeliveriesAsync(other.Webhook.Id));
        Assert.Empty(await scene.DeliveriesAsync(disabled.Webhook.Id));
        // It heard of itself and of the two that came after it.
        Assert.Equal(3, (await scene.DeliveriesAsync(all.Webhook.Id)).Count(one => one.Type == "webhook.changed"));
    }

    [Fact]
    public async Task A_deleted_person_is_named_to_receivers_and_in_no_row_of_the_audit()
    {
        await using var scene = await WebhookScene.StartAsync();
        await scene.AddAsync("user.deleted");
        await scene.Server.Get<SecurityEvents>().AccountDeletedAsync("gone-subject", "deleted-1", AuditActor.Person);
        Assert.Equal("""{"subject":"gone-subject","actor":"person"}""", (await scene.ReceivedAsync()).Json.GetProperty("data").GetRawText());
        var now = scene.Server.Clock.GetUtcNow();
        var row = Assert.Single(await scene.Server.Get<IAuditStore>().FindAsync(new AuditQuery(now, now, 10) { Kind = AuditKind.AccountDeleted }, default));
        Assert.Equal((null, "deleted-1"), (row.Subject, row.Detail));
    }

    [Fact]
    public async Task An_event_costs_nothing_more_where_no_webhook_wants_it_and_three_writes_where_one_does()
    {
        await using var scene = await WebhookScene.StartAsync();
        await DisableAsync(scene);
        Assert.Equal(["Audit insert", "AuditOfPeople insert"], await CostAsync());
        await scene.AddAsync("user.enabled");
        await scene.AddAsync("user.disabled");
        // The first one makes the tables and reads the webhooks.
        await DisableAsync(scene);
        await scene.ReceivedAsync();
        Assert.Equal(["Audit insert", "AuditOfPeople insert", "Outbox insert", "WebhookDeliveries insert", "outbox queue send"], await CostAsync());

        async Task<IEnumerable<string>> CostAsync()
        {
            using var meter = new MeterCounts();
            await DisableAsync(scene);
            return meter.StorageOperations.Order(StringComparer.Ordinal).ToList();
        }
    }

    [Theory]
    [InlineData("Outbox insert", "Webhook ")]
    [InlineData("Webhooks query", "No webhook is told")]
    public async Task Storage_that_does_not_take_an_event_fails_no_sign_in(string operation, string line)
    {
        await using var scene = await WebhookScene.StartAsync();
        await scene.AddAsync("sign_in.succeeded");
        // Longer than webhooks are kept in memory.
        scene.Server.Clock.Advance(TimeSpan.FromMinutes(2));
        scene.Storage.Script.Before = done =>
        {
            if (done.ToString() == operation)
                throw new RequestFailedException(503, "The server is busy.", "ServerBusy", null);
        };
        (await new ClientApp(scene.Server).LoginAsync("openid", new Browser(scene.Server))).ShouldBeOk();
        scene.Storage.Script.Before = null;
        Assert.Contains(scene.Server.Log.Lines, logged => logged.StartsWith("Error", StringComparison.Ordinal) && logged.Contains(line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_event_whose_message_got_lost_is_delivered_within_the_hour()
    {
        await using var scene = await WebhookScene.StartAsync();
        var (webhook, _) = await scene.AddAsync("user.disabled");
        var now = scene.Server.Clock.GetUtcNow();
        var delivery = WebhookDelivery.New(webhook.Id, WebhookEvent.Ping(RunningServer.Issuer, now), now, OutboxRetries.Usual);
        await scene.Server.Get<IOutboxStore>().InsertAsync(OutboxItem.New(WebhookDeliverer.Name, WebhookQueue.PayloadOf(delivery), OutboxRetries.Usual, now), default);
        scene.Server.Clock.Advance(TimeSpan.FromMinutes(11));
        await OutboxTests.SweepAsync(scene.Server);
        Assert.Equal(delivery.EventId, (await scene.ReceivedAsync()).Id);
        // Its row in the list was lost as well, and is there again.
        await scene.DeliveryAsync(webhook.Id, one => one.State == WebhookDeliveryState.Delivered);
    }

    [Fact]
    public async Task A_delivery_can_be_sent_again_under_the_same_event_id()
    {
        await using var scene = await WebhookScene.StartAsync();
        var (webhook, secret) = await scene.AddAsync("user.disabled");
        Assert.NotNull(await scene.Webhooks.Deliveries.SendTestAsync(webhook.Id, default));
        var first = await scene.ReceivedAsync();
        Assert.Equal(("test.ping", "{}"), (first.Type, first.Json.GetProperty("data").GetRawText()));
        var sent = await scene.DeliveryAsync(webhook.Id, one => one.State == WebhookDeliveryState.Delivered);
        scene.Server.Clock.Advance(TimeSpan.FromMinutes(1));
        var again = await scene.Webhooks.Deliveries.SendAgainAsync(webhook.Id, sent.Id, default);
        var second = await scene.ReceivedAsync(2);
        Assert.Equal((first.Id, first.Body), (second.Id, second.Body));
        Assert.NotEqual(first.Timestamp, second.Timestamp);
        Assert.True(second.IsSignedWith(secret));
        Assert.Equal([again!.Id, sent.Id], (await scene.DeliveriesAsync(webhook.Id)).Select(one => one.Id));
        foreach (var (hook, delivery) in new[] { (webhook.Id, "made-up"), ("made-up", sent.Id), (webhook.Id, new string('0', 24)) })
            Assert.Null(await scene.Webhooks.Deliveries.SendAgainAsync(hook, delivery, default));
    }

    internal static Task DisableAsync(WebhookScene scene) => scene.Server.Get<SecurityEvents>().AccountDisabledAsync("alice-subject", AuditActor.Operator);
}
