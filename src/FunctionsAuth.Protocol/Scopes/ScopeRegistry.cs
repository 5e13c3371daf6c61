using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Details;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.Scopes;

/// <summary>The scopes, resources and types of authorization details that the operator defined.</summary>
public interface IScopeStore
{
    Task<Catalog> LoadAsync(CancellationToken cancellation);

    /// <summary>Inserts the record if its version is empty. Otherwise replaces it if it has not changed since it was read.</summary>
    Task<WriteResult<Scope>> TrySaveAsync(Scope scope, CancellationToken cancellation);

    /// <inheritdoc cref="TrySaveAsync(Scope, CancellationToken)"/>
    Task<WriteResult<Resource>> TrySaveAsync(Resource resource, CancellationToken cancellation);

    /// <inheritdoc cref="TrySaveAsync(Scope, CancellationToken)"/>
    Task<WriteResult<AuthorizationDetailsType>> TrySaveAsync(AuthorizationDetailsType type, CancellationToken cancellation);

    /// <summary>Deletes the record if it has not changed since it was read. If it no longer exists, this counts as success.</summary>
    Task<WriteResult<Scope>> TryDeleteAsync(Scope scope, CancellationToken cancellation);

    /// <inheritdoc cref="TryDeleteAsync(Scope, CancellationToken)"/>
    Task<WriteResult<Resource>> TryDeleteAsync(Resource resource, CancellationToken cancellation);

    /// <inheritdoc cref="TryDeleteAsync(Scope, CancellationToken)"/>
    Task<WriteResult<AuthorizationDetailsType>> TryDeleteAsync(AuthorizationDetailsType type, CancellationToken cancellation);
}

/// <summary>The catalog for endpoints. It is cached, so that a request needs no read.</summary>
public sealed class ScopeRegistry(IScopeStore store, ServerOptions options, TimeProvider clock)
{
    private readonly BoundedCache<string, Catalog> cache = new(1, options.CacheFor, clock);

    private const string Key = "catalog";

    private readonly Resource manage = new()
    {
        Identifier = new ServerUrls(options).ManageResource,
        DisplayName = "Management of this server",
        Scopes = ManageScopes.Names,
    };

    public ValueTask<Catalog> LoadAsync(CancellationToken cancellation) =>
        cache.GetAsync(Key, LoadAsync, cancellation);

    /// <summary>The next caller on this instance sees the stored data. Other instances follow within <see cref="ServerOptions.CacheFor"/>.</summary>
    public void Forget() => cache.Forget(Key);

    private async Task<Catalog> LoadAsync(string _) => (await store.LoadAsync(CancellationToken.None)).With(manage);
}
