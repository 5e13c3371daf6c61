using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.Webhooks;

/// <summary>The webhooks for the publisher of events. They are cached, so that an event needs no read.</summary>
public sealed class WebhookRegistry(IWebhookStore store, ServerOptions options, TimeProvider clock) : IDisposable
{
    private const string Key = "webhooks";

    private readonly BoundedCache<string, IReadOnlyList<Webhook>> cache = new(1, options.CacheFor, clock);

    /// <exception cref="Errors.TemporarilyUnavailableException">Storage did not answer.</exception>
    public ValueTask<IReadOnlyList<Webhook>> LoadAsync(CancellationToken cancellation) =>
        cache.GetAsync(Key, async _ => (await store.ListAsync(ListRequest.First, CancellationToken.None)).Items, cancellation);

    /// <summary>Clears the cache, so that the next event sees a change. Other instances see the change when their cached copy expires.</summary>
    public void Forget() => cache.Forget(Key);

    public void Dispose() => cache.Dispose();
}
