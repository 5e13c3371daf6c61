using System.Collections.Immutable;
using System.Text.Json;
using OpenIddict.Abstractions;

namespace OpenIddictPeer.Stores;

/// <summary>The consents, in memory. What no measured flow needs is not there.</summary>
internal sealed class AuthorizationStore : IOpenIddictAuthorizationStore<Authorization>
{
    public MemoryRows<Authorization> Rows { get; } = new();

    public ValueTask CreateAsync(Authorization authorization, CancellationToken cancellationToken)
    {
        Rows.Add(authorization);
        return default;
    }

    public IAsyncEnumerable<Authorization> FindAsync(string? subject, string? client, string? status, string? type, ImmutableArray<string>? scopes, CancellationToken cancellationToken) => Rows.All.Where(one =>
            (subject is null || one.Subject == subject) && (client is null || one.ApplicationId == client) && (status is null || one.Status == status)
            && (type is null || one.Type == type) && (scopes is null || scopes.Value.All(one.Scopes.Contains))).ToAsyncEnumerable();

    public ValueTask<Authorization?> FindByIdAsync(string identifier, CancellationToken cancellationToken) => new(Rows.Find(identifier));

    public ValueTask<string?> GetApplicationIdAsync(Authorization authorization, CancellationToken cancellationToken) => new(authorization.ApplicationId);

    public ValueTask<DateTimeOffset?> GetCreationDateAsync(Authorization authorization, CancellationToken cancellationToken) => new(authorization.CreationDate);

    public ValueTask<string?> GetIdAsync(Authorization authorization, CancellationToken cancellationToken) => new(authorization.Id);

    public ValueTask<ImmutableDictionary<string, JsonElement>> GetPropertiesAsync(Authorization authorization, CancellationToken cancellationToken) => new(authorization.Properties);

    public ValueTask<ImmutableArray<string>> GetScopesAsync(Authorization authorization, CancellationToken cancellationToken) => new(authorization.Scopes);

    public ValueTask<string?> GetStatusAsync(Authorization authorization, CancellationToken cancellationToken) => new(authorization.Status);

    public ValueTask<string?> GetSubjectAsync(Authorization authorization, CancellationToken cancellationToken) => new(authorization.Subject);

    public ValueTask<string?> GetTypeAsync(Authorization authorization, CancellationToken cancellationToken) => new(authorization.Type);

    public ValueTask<Authorization> InstantiateAsync(CancellationToken cancellationToken) => new(new Authorization());

    public ValueTask SetApplicationIdAsync(Authorization authorization, string? identifier, CancellationToken cancellationToken)
    {
        authorization.ApplicationId = identifier;
        return default;
    }

    public ValueTask SetCreationDateAsync(Authorization authorization, DateTimeOffset? date, CancellationToken cancellationToken)
    {
        authorization.CreationDate = date;
        return default;
    }

    public ValueTask SetPropertiesAsync(Authorization authorization, ImmutableDictionary<string, JsonElement> properties, CancellationToken cancellationToken)
    {
        authorization.Properties = properties;
        return default;
    }

    public ValueTask SetScopesAsync(Authorization authorization, ImmutableArray<string> scopes, CancellationToken cancellationToken)
    {
        authorization.Scopes = scopes;
        return default;
    }

    public ValueTask SetStatusAsync(Authorization authorization, string? status, CancellationToken cancellationToken)
    {
        authorization.Status = status;
        return default;
    }

    public ValueTask SetSubjectAsync(Authorization authorization, string? subject, CancellationToken cancellationToken)
    {
        authorization.Subject = subject;
        return default;
    }

    public ValueTask SetTypeAsync(Authorization authorization, string? type, CancellationToken cancellationToken)
    {
        authorization.Type = type;
        return default;
    }

    public ValueTask UpdateAsync(Authorization authorization, CancellationToken cancellationToken)
    {
        Rows.Update(authorization);
        return default;
    }

    public ValueTask<long> CountAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<long> CountAsync<TResult>(Func<IQueryable<Authorization>, IQueryable<TResult>> query, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask DeleteAsync(Authorization authorization, CancellationToken cancellationToken) => throw new NotSupportedException();

    public IAsyncEnumerable<Authorization> FindByApplicationIdAsync(string identifier, CancellationToken cancellationToken) => throw new NotSupportedException();

    public IAsyncEnumerable<Authorization> FindBySubjectAsync(string subject, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<TResult?> GetAsync<TState, TResult>(Func<IQueryable<Authorization>, TState, IQueryable<TResult>> query, TState state, CancellationToken cancellationToken) => throw new NotSupportedException();

    public IAsyncEnumerable<Authorization> ListAsync(int? count, int? offset, CancellationToken cancellationToken) => throw new NotSupportedException();

    public IAsyncEnumerable<TResult> ListAsync<TState, TResult>(Func<IQueryable<Authorization>, TState, IQueryable<TResult>> query, TState state, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<long> PruneAsync(DateTimeOffset threshold, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<long> RevokeAsync(string? subject, string? client, string? status, string? type, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<long> RevokeByApplicationIdAsync(string identifier, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<long> RevokeBySubjectAsync(string subject, CancellationToken cancellationToken) => throw new NotSupportedException();
}

internal sealed class Authorization : MemoryRow
{
    public string? ApplicationId { get; set; }

    public DateTimeOffset? CreationDate { get; set; }

    public ImmutableDictionary<string, JsonElement> Properties { get; set; } = ImmutableDictionary<string, JsonElement>.Empty;

    public ImmutableArray<string> Scopes { get; set; } = [];

    public string? Status { get; set; }

    public string? Subject { get; set; }

    public string? Type { get; set; }
}
