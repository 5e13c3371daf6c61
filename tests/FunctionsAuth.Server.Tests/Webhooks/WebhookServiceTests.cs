using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Prune;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Webhooks;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Webhooks;

/// <summary>What operators do with webhooks.</summary>
public sealed class WebhookServiceTests
{
    [Theory]
    [InMemory]
    [OnAzurite]
    public async Task Of_two_who_change_a_webhook_at_once_one_wins(BackEnd backEnd)
    {
        await using var scene = await WebhookScene.StartAsync(backEnd);
        var (webhook, _) = await scene.AddAsync("*");
        var first = await scene.Webhooks.TryChangeAsync(webhook with { Description = "first" }, default);
        Assert.True(first.Won);
        foreach (var late in new[]
        {
            await scene.Webhooks.TryChangeAsync(webhook with { Description = "second" }, default),
            (await scene.Webhooks.TryAddSecretAsync(webhook, default)).Written,
            await scene.Webhooks.TryDeleteAsync(webhook, default),
        })
            Assert.Equal((false, "first", first.Current!.Version), (late.Won, late.Current!.Description, late.Current.Version));
        Assert.Null((await scene.Webhooks.TryAddSecretAsync(webhook, default)).Secret);
        Assert.True((await scene.Webhooks.TryDeleteAsync(first.Current!, default)).Won);
        Assert.Null(await scene.Webhooks.FindAsync(webhook.Id, default));
        Assert.Empty((await scene.Webhooks.ListAsync(ListRequest.First, default)).Items);
        var now = scene.Server.Clock.GetUtcNow();
        var changes = await scene.Server.Get<IAuditStore>().FindAsync(new AuditQuery(now, now, 10) { Kind = AuditKind.WebhookChanged }, default);
        Assert.Equal([$"{webhook.Id}: changed", $"{webhook.Id}: created", $"{webhook.Id}: deleted"], changes.Select(entry => entry.Detail!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_webhook_that_breaks_a_rule_is_refused()
    {
        await using var scene = await WebhookScene.StartAsync();
        var good = WebhookScene.At(new Uri("https://receiver.example/hook"), "*");
        Webhook[] bad =
        [
            good with { Url = new Uri("http://receiver.example/hook") },
            good with { Url = new Uri("https://user@receiver.example/hook") },
            good with { Url = new Uri("https://receiver.example/hook#part") },
            good with { Url = new Uri("/hook", UriKind.Relative) },
            good with { Url = new Uri("https://receiver.example/" + new string('a', 2_000)) },
            good with { Description = new string('a', 201) },
            good with { Description = "two\nlines" },
            good with { EventTypes = [] },
            good with { EventTypes = ["user.created", "user.created"] },
            good with { EventTypes = ["user.exploded"] },
            good with { EventTypes = [EventTypes.Ping] },
        ];
        foreach (var webhook in bad)
            Assert.Equal("invalid_request", (await Assert.ThrowsAsync<OAuthException>(() => scene.Webhooks.CreateAsync(webhook, default))).Error);
        var (written, _) = await scene.Webhooks.CreateAsync(good, default);
        await Assert.ThrowsAsync<OAuthException>(() => scene.Webhooks.TryChangeAsync(written with { EventTypes = [] }, default));
        await Assert.ThrowsAsync<OAuthException>(() => scene.Webhooks.TryRemoveSecretAsync(written, written.Secrets[0].Id, default));
        await Assert.ThrowsAsync<OAuthException>(() => scene.Webhooks.TryRemoveSecretAsync(written, "none", default));
        for (var count = 1; count < Webhook.MostSecrets; count++)
            written = (await scene.Webhooks.TryAddSecretAsync(written, default)).Written.Current!;
        await Assert.ThrowsAsync<OAuthException>(() => scene.Webhooks.TryAddSecretAsync(written, default));
        var disabled = await scene.Webhooks.CreateAsync(good with { Disabled = true }, default);
        await Assert.ThrowsAsync<OAuthException>(() => scene.Webhooks.Deliveries.SendTestAsync(disabled.Webhook.Id, default));
        for (var count = 2; count < Webhook.Most; count++)
            await scene.Webhooks.CreateAsync(good, default);
        Assert.Contains("20 webhooks", (await Assert.ThrowsAsync<OAuthException>(() => scene.Webhooks.CreateAsync(good, default))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InMemory]
    [OnAzurite]
    public async Task Deliveries_are_listed_newest_first_page_by_page_until_they_are_pruned(BackEnd backEnd)
    {
        await using var scene = await WebhookScene.StartAsync(backEnd);
        var store = scene.Server.Get<IWebhookDeliveryStore>();
        var start = scene.Server.Clock.GetUtcNow();
        List<string> ids = [];
        for (var i = 0; i < 9; i++)
        {
            var at = start.AddHours(18 * i);
            foreach (var webhook in (string[])["one", "one-more"])
            {
                var delivery = WebhookDelivery.New(webhook, WebhookEvent.Ping(RunningServer.Issuer, at), at, TimeSpan.FromDays(1));
                await store.InsertAsync(delivery, default);
                if (webhook == "one")
                    ids.Insert(0, delivery.Id);
            }
        }
        scene.Server.Clock.Advance(TimeSpan.FromHours(18 * 8));
        List<string> found = [];
        string? after = null;
        do
        {
            var page = await scene.Webhooks.Deliveries.ListAsync("one", new ListRequest(2, after), default);
            Assert.InRange(page.Items.Count, page.Next is null ? 0 : 2, 2);
            found.AddRange(page.Items.Select(one => one.Id));
            after = page.Next;
        }
        while (after is not null);
        Assert.Equal(ids, found);
        // Attempts of the oldest ones were never noted, and are over all the same.
        Assert.Equal(WebhookDeliveryState.GivenUp, (await scene.Webhooks.Deliveries.FindAsync("one", ids[^1], default))!.State);
        Assert.Equal(WebhookDeliveryState.Pending, (await scene.Webhooks.Deliveries.FindAsync("one", ids[0], default))!.State);
        foreach (var made in (string[])["x", new string('z', 24), new string('f', 24), new string('0', 24)])
            await Assert.ThrowsAsync<OAuthException>(() => scene.Webhooks.Deliveries.ListAsync("one", new ListRequest(2, made), default));
        Assert.Equal(ids, (await scene.Webhooks.Deliveries.ListAsync("one", new ListRequest(1000, new string('1', 24)), default)).Items.Select(one => one.Id));

        scene.Server.Clock.Advance(start.AddDays(7).AddHours(13) - scene.Server.Clock.GetUtcNow());
        await scene.Server.Get<Pruner>().RunAsync(default);
        Assert.Equal(ids[..^1], (await scene.DeliveriesAsync("one")).Select(one => one.Id));
        scene.Server.Clock.Advance(TimeSpan.FromDays(8));
        await scene.Server.Get<Pruner>().RunAsync(default);
        Assert.Equal(0, await scene.Storage.CountAsync("WebhookDeliveries"));
    }
}
