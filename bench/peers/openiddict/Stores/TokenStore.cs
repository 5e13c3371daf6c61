using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json;
using OpenIddict.Abstractions;

namespace OpenIddictPeer.Stores;

/// <summary>What is kept of codes and tokens, in memory. What no measured flow needs is not there.</summary>
internal sealed class TokenStore : IOpenIddictTokenStore<Token>
{
    private readonly ConcurrentDictionary<string, string> byReference = new();

    public MemoryRows<Token> Rows { get; } = new();

    public ValueTask CreateAsync(Token token, CancellationToken cancellationToken)
    {
        Rows.Add(token);
        Note(token);
        return default;
    }

    public IAsyncEnumerable<Token> FindByAuthorizationIdAsync(string identifier, CancellationToken cancellationToken) => Rows.All.Where(one => one.AuthorizationId == identifier).ToAsyncEnumerable();

    public ValueTask<Token?> FindByIdAsync(string identifier, CancellationToken cancellationToken) => new(Rows.Find(identifier));

    public ValueTask<Token?> FindByReferenceIdAsync(string identifier, CancellationToken cancellationToken) => new(byReference.TryGetValue(identifier, out var id) ? Rows.Find(id) : null);

    public ValueTask<string?> GetApplicationIdAsync(Token token, CancellationToken cancellationToken) => new(token.ApplicationId);

    public ValueTask<string?> GetAuthorizationIdAsync(Token token, CancellationToken cancellationToken) => new(token.AuthorizationId);

    public ValueTask<DateTimeOffset?> GetCreationDateAsync(Token token, CancellationToken cancellationToken) => new(token.CreationDate);

    public ValueTask<DateTimeOffset?> GetExpirationDateAsync(Token token, CancellationToken cancellationToken) => new(token.ExpirationDate);

    public ValueTask<string?> GetIdAsync(Token token, CancellationToken cancellationToken) => new(token.Id);

    public ValueTask<string?> GetPayloadAsync(Token token, CancellationToken cancellationToken) => new(token.Payload);

    public ValueTask<ImmutableDictionary<string, JsonElement>> GetPropertiesAsync(Token token, CancellationToken cancellationToken) => new(token.Properties);

    public ValueTask<DateTimeOffset?> GetRedemptionDateAsync(Token token, CancellationToken cancellationToken) => new(token.RedemptionDate);

    public ValueTask<string?> GetReferenceIdAsync(Token token, CancellationToken cancellationToken) => new(token.ReferenceId);

    public ValueTask<string?> GetStatusAsync(Token token, CancellationToken cancellationToken) => new(token.Status);

    public ValueTask<string?> GetSubjectAsync(Token token, CancellationToken cancellationToken) => new(token.Subject);

    public ValueTask<string?> GetTypeAsync(Token token, CancellationToken cancellationToken) => new(token.Type);

    public ValueTask<Token> InstantiateAsync(CancellationToken cancellationToken) => new(new Token());

    public async ValueTask<long> RevokeByAuthorizationIdAsync(string identifier, CancellationToken cancellationToken)
    {
        var revoked = 0L;
        foreach (var token in Rows.All.Where(one => one.AuthorizationId == identifier))
        {
            token.Status = OpenIddictConstants.Statuses.Revoked;
            Rows.Update(token);
            revoked++;
        }
        return await ValueTask.FromResult(revoked);
    }

    public ValueTask SetApplicationIdAsync(Token token, string? identifier, CancellationToken cancellationToken)
    {
        token.ApplicationId = identifier;
        return default;
    }

    public ValueTask SetAuthorizationIdAsync(Token token, string? identifier, CancellationToken cancellationToken)
    {
        token.AuthorizationId = identifier;
        return default;
    }

    public ValueTask SetCreationDateAsync(Token token, DateTimeOffset? date, CancellationToken cancellationToken)
    {
        token.CreationDate = date;
        return default;
    }

    public ValueTask SetExpirationDateAsync(Token token, DateTimeOffset? date, CancellationToken cancellationToken)
    {
        token.ExpirationDate = date;
        return default;
    }

    public ValueTask SetPayloadAsync(Token token, string? payload, CancellationToken cancellationToken)
    {
        token.Payload = payload;
        return default;
    }

    public ValueTask SetPropertiesAsync(Token token, ImmutableDictionary<string, JsonElement> properties, CancellationToken cancellationToken)
    {
        token.Properties = properties;
        return default;
    }

    public ValueTask SetRedemptionDateAsync(Token token, DateTimeOffset? date, CancellationToken cancellationToken)
    {
        token.RedemptionDate = date;
        return default;
    }

    public ValueTask SetReferenceIdAsync(Token token, string? identifier, CancellationToken cancellationToken)
    {
        token.ReferenceId = identifier;
        return default;
    }

    public ValueTask SetStatusAsync(Token token, string? status, CancellationToken cancellationToken)
    {
        token.Status = status;
        return default;
    }

    public ValueTask SetSubjectAsync(Token token, string? subject, CancellationToken cancellationToken)
    {
        token.Subject = subject;
        return default;
    }

    public ValueTask SetTypeAsync(Token token, string? type, CancellationToken cancellationToken)
    {
        token.Type = type;
        return default;
    }

    public ValueTask UpdateAsync(Token token, CancellationToken cancellationToken)
    {
        Rows.Update(token);
        Note(token);
        return default;
    }

    public ValueTask<long> CountAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<long> CountAsync<TResult>(Func<IQueryable<Token>, IQueryable<TResult>> query, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask DeleteAsync(Token token, CancellationToken cancellationToken) => throw new NotSupportedException();

    public IAsyncEnumerable<Token> FindAsync(string? subject, string? client, string? status, string? type, CancellationToken cancellationToken) => throw new NotSupportedException();

    public IAsyncEnumerable<Token> FindByApplicationIdAsync(string identifier, CancellationToken cancellationToken) => throw new NotSupportedException();

    public IAsyncEnumerable<Token> FindBySubjectAsync(string subject, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<TResult?> GetAsync<TState, TResult>(Func<IQueryable<Token>, TState, IQueryable<TResult>> query, TState state, CancellationToken cancellationToken) => throw new NotSupportedException();

    public IAsyncEnumerable<Token> ListAsync(int? count, int? offset, CancellationToken cancellationToken) => throw new NotSupportedException();

    public IAsyncEnumerable<TResult> ListAsync<TState, TResult>(Func<IQueryable<Token>, TState, IQueryable<TResult>> query, TState state, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<long> PruneAsync(DateTimeOffset threshold, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<long> RevokeAsync(string? subject, string? client, string? status, string? type, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<long> RevokeByApplicationIdAsync(string identifier, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<long> RevokeBySubjectAsync(string subject, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>What is handed out, and what of it is kept, becomes known only after the record was made.</summary>
    private void Note(Token token)
    {
        if (token.ReferenceId is { } reference)
            byReference[reference] = token.Id;
    }
}

internal sealed class Token : MemoryRow
{
    public string? ApplicationId { get; set; }

    public string? AuthorizationId { get; set; }

    public DateTimeOffset? CreationDate { get; set; }

    public DateTimeOffset? ExpirationDate { get; set; }

    public string? Payload { get; set; }

    public ImmutableDictionary<string, JsonElement> Properties { get; set; } = ImmutableDictionary<string, JsonElement>.Empty;

    public DateTimeOffset? RedemptionDate { get; set; }

    public string? ReferenceId { get; set; }

    public string? Status { get; set; }

    public string? Subject { get; set; }

    public string? Type { get; set; }
}
