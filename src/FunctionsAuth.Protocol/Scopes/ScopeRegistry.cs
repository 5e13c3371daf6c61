using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Details;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.Scopes;

/// <summary>The scopes, resources and types of authorization details that the operator defined.</summary>
public interface IScopeStore
{
    Task<Catalog> LoadAsync(CancellationToken cancellation);
    Task SaveAsync(Scope scope, CancellationToken cancellation);
    Task SaveAsync(Resource resource, CancellationToken cancellation);
    Task SaveAsync(AuthorizationDetailsType type, CancellationToken cancellation);
}

/// <summary>The catalog as endpoints see it: cached, so that a request costs no read.</summary>
public sealed class ScopeRegistry(IScopeStore store, ServerOptions options, TimeProvider clock)
{
    private readonly BoundedCache<string, Catalog> cache = new(1, options.CacheFor, clock);

    public ValueTask<Catalog> LoadAsync(CancellationToken cancellation) =>
        cache.GetAsync("catalog", _ => store.LoadAsync(CancellationToken.None), cancellation);
}
