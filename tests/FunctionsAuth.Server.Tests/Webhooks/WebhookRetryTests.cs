using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.Webhooks;
using FunctionsAuth.Server.Tests.Harness;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Server.Tests.Webhooks;

/// <summary>What becomes of an event that its receiver does not take.</summary>
public sealed class WebhookRetryTests
{
    [Fact]
    public async Task What_a_receiver_can_not_take_comes_again_with_the_same_id_and_a_new_time()
    {
        await using var scene = await WebhookScene.StartAsync();
        var (webhook, secret) = await scene.AddAsync("user.disabled");
        scene.Status = StatusCodes.Status500InternalServerError;
        await WebhookDeliveryTests.DisableAsync(scene);
        var first = await scene.ReceivedAsync();
        var failed = await scene.DeliveryAsync(webhook.Id, one => one.Attempts == 1);
        Assert.Equal((WebhookDeliveryState.Pending, "the answer was 500"), (failed.State, failed.Outcome));
        scene.Status = StatusCodes.Status200OK;
        await Patience.UntilAsync(() => scene.Server.Clock.Waiting(TimeSpan.FromMinutes(1)) == 1);
        scene.Server.Clock.RunOut(TimeSpan.FromMinutes(1));
        var second = await scene.ReceivedAsync(2);
        Assert.Equal((first.Id, first.Body), (second.Id, second.Body));
        Assert.Equal(60, long.Parse(second.Timestamp, null) - long.Parse(first.Timestamp, null));
        Assert.True(second.IsSignedWith(secret));
        Assert.Equal(2, (await scene.DeliveryAsync(webhook.Id, one => one.State == WebhookDeliveryState.Delivered)).Attempts);
    }

    [Fact]
    public async Task After_a_day_it_is_given_up_and_no_webhook_is_told_of_that()
    {
        await using var scene = await WebhookScene.StartAsync();
        scene.Status = StatusCodes.Status503ServiceUnavailable;
        var (webhook, _) = await scene.AddAsync("user.disabled", "delivery.given_up");
        await WebhookDeliveryTests.DisableAsync(scene);
        TimeSpan[] pauses = [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), .. Enumerable.Repeat(TimeSpan.FromHours(6), 3)];
        for (var attempt = 1; attempt <= pauses.Length; attempt++)
        {
            await Patience.UntilAsync(() => scene.Received.Count == attempt && scene.Server.Clock.Waiting(pauses[attempt - 1]) == 1);
            scene.Server.Clock.RunOut(pauses[attempt - 1]);
        }
        await Patience.UntilAsync(async () => await scene.Storage.CountAsync("Outbox") == 0);
        var delivery = await scene.DeliveryAsync(webhook.Id, one => one.State == WebhookDeliveryState.GivenUp);
        Assert.Equal((8, "the answer was 503"), (delivery.Attempts, delivery.Outcome));
        Assert.Contains(scene.Server.Log.Lines, line => line.Contains($"webhook {webhook.Id}: the answer was 503", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_receiver_that_is_gone_is_disabled()
    {
        await using var scene = await WebhookScene.StartAsync();
        var (webhook, _) = await scene.AddAsync("user.disabled");
        scene.Status = StatusCodes.Status410Gone;
        await WebhookDeliveryTests.DisableAsync(scene);
        await Patience.UntilAsync(async () => await scene.Storage.CountAsync("Outbox") == 0);
        Assert.True((await scene.Webhooks.FindAsync(webhook.Id, default))!.Disabled);
        Assert.Equal(WebhookDeliveryState.GivenUp, Assert.Single(await scene.DeliveriesAsync(webhook.Id)).State);
        var now = scene.Server.Clock.GetUtcNow();
        var changes = await scene.Server.Get<IAuditStore>().FindAsync(new AuditQuery(now, now, 10) { Kind = AuditKind.WebhookChanged }, default);
        Assert.Contains(($"{webhook.Id}: disabled, because it answered 410", AuditActor.Server), changes.Select(entry => (entry.Detail!, entry.Actor)));
        // This instance still knows it as it was, and an attempt finds out.
        await WebhookDeliveryTests.DisableAsync(scene);
        await Patience.UntilAsync(async () => (await scene.DeliveriesAsync(webhook.Id)).All(one => one.State == WebhookDeliveryState.GivenUp));
        Assert.Single(scene.Received);
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using var scene = await WebhookScene.StartAsync();
        scene.Host.Serve("/moved", http =>
        {
            http.Response.Redirect("/hook", permanent: false, preserveMethod: true);
            return Task.CompletedTask;
        });
        var (webhook, _) = await scene.Webhooks.CreateAsync(WebhookScene.At(new Uri(scene.Host.Url, "/moved"), "user.disabled"), default);
        await WebhookDeliveryTests.DisableAsync(scene);
        Assert.Equal("the answer was 307", (await scene.DeliveryAsync(webhook.Id, one => one.Attempts == 1)).Outcome);
        Assert.Empty(scene.Received);
    }

    [Fact]
    public async Task An_address_inside_is_never_connected_to()
    {
        await using var scene = await WebhookScene.StartAsync(trusted: "trusted.example");
        foreach (var address in new[] { "https://localhost", "https://10.0.0.1", "https://169.254.169.254", "https://[::1]", "http://127.0.0.1" })
        {
            var (webhook, _) = await scene.Webhooks.CreateAsync(WebhookScene.At(new Uri($"{address}:{scene.Host.Url.Port}/hook"), "user.disabled"), default);
            Assert.NotNull(await scene.Webhooks.Deliveries.SendTestAsync(webhook.Id, default));
            var delivery = await scene.DeliveryAsync(webhook.Id, one => one.Attempts == 1);
            Assert.Equal(address.StartsWith("https", StringComparison.Ordinal) ? "The host could not be reached" : "The URL must be an absolute https URL", delivery.Outcome);
        }
        Assert.Empty(scene.Received);
    }

    [Fact]
    public async Task What_is_on_its_way_to_a_webhook_that_is_deleted_is_forgotten()
    {
        await using var scene = await WebhookScene.StartAsync();
        var (webhook, _) = await scene.AddAsync("user.disabled");
        scene.Status = StatusCodes.Status500InternalServerError;
        await WebhookDeliveryTests.DisableAsync(scene);
        await Patience.UntilAsync(() => scene.Server.Clock.Waiting(TimeSpan.FromMinutes(1)) == 1);
        Assert.True((await scene.Webhooks.TryDeleteAsync(webhook, default)).Won);
        scene.Server.Clock.RunOut(TimeSpan.FromMinutes(1));
        await Patience.UntilAsync(async () => await scene.Storage.CountAsync("Outbox") == 0);
        Assert.Single(scene.Received);
    }
}
