using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.Webhooks;

/// <summary>The webhooks as events see them: cached, so that an event costs no read.</summary>
public sealed class WebhookRegistry(IWebhookStore store, ServerOptions options, TimeProvider clock) : IDisposable
{
    private const string Key = "webhooks";

    private readonly BoundedCache<string, IReadOnlyList<Webhook>> cache = new(1, options.CacheFor, clock);

    /// <exception cref="Errors.TemporarilyUnavailableException">Storage did not answer.</exception>
    public ValueTask<IReadOnlyList<Webhook>> LoadAsync(CancellationToken cancellation) =>
        cache.GetAsync(Key, async _ => (await store.ListAsync(ListRequest.First, CancellationToken.None)).Items, cancellation);

    /// <summary>The next event sees what was changed. Other instances see it when their copy is too old.</summary>
    public void Forget() => cache.Forget(Key);

    public void Dispose() => cache.Dispose();
}
