using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Fetch;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.Clients;

/// <summary>
/// The public keys of clients. They come from the registration, or from the <c>jwks_uri</c>. Fetched keys are cached as their headers allow, and
/// fetched again when a token names an unknown key.
/// </summary>
public sealed class ClientKeys(ClientFetcher fetcher, ServerOptions options, TimeProvider clock)
{
    private static readonly TimeSpan MostAge = TimeSpan.FromHours(1);
    private static readonly TimeSpan UsualAge = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan AgeOfFailure = TimeSpan.FromSeconds(10);

    /// <summary>Bytes.</summary>
    private const int Memory = 8 * 1024 * 1024;

    private readonly BoundedCache<Uri, KeySet> cache = new(Memory, MostAge, clock, static (url, set) => (2L * url.OriginalString.Length) + set.Size);

    // A registered set is read once, and removed from memory together with its client.
    private readonly ConditionalWeakTable<JsonObject, ClientKeySet> registered = [];

    private TimeSpan LeastAge => options.Fetch.KeysMinAge;

    /// <param name="kid">The key that the token names; null when it names none.</param>
    /// <exception cref="FetchException">The keys cannot be fetched, or are not a JWK set.</exception>
    public Task<ClientKeySet> FindAsync(Client client, string? kid, CancellationToken cancellation) => FindAsync(client, set => kid is null || set.Has(kid), cancellation);

    /// <param name="has">Whether a set has the key that is looked for.</param>
    /// <exception cref="FetchException">As above.</exception>
    public async Task<ClientKeySet> FindAsync(Client client, Func<ClientKeySet, bool> has, CancellationToken cancellation)
    {
        if (client.JwksUri is not { } url)
            return client.Jwks is { } jwks ? registered.GetValue(jwks, static set => ClientKeySet.Parse(set.ToJsonString(), mayBeLonger: true)) : ClientKeySet.Empty;
        var set = await cache.GetAsync(url, address => FetchAsync(address, client.FetchesFor()), set => IsGood(set, has), cancellation);
        return set.Failure is null ? set.Keys : throw new FetchException(set.Failure);
    }

    /// <summary>
    /// The key is unknown, so the client may have rotated. The set is fetched at most once in Fetch:KeysMinAge, so that nobody can cause constant
    /// fetches.
    /// </summary>
    private bool IsGood(KeySet set, Func<ClientKeySet, bool> has)
    {
        var now = clock.GetUtcNow();
        var isUnknown = set.Failure is null && !has(set.Keys);
        return now < set.ExpiresAt && !(isUnknown && now >= set.FetchedAt + LeastAge);
    }

    private async Task<KeySet> FetchAsync(Uri url, FetchFor whom)
    {
        try
        {
            var document = await fetcher.GetAsync(url, whom, CancellationToken.None);
            var keys = ClientKeySet.Parse(document.Content);
            var now = clock.GetUtcNow();
            return new KeySet(keys, null, now, now + document.Age(LeastAge, UsualAge, MostAge));
        }
        catch (FetchException e)
        {
            // A failure is cached for a moment too, so that a broken address is not fetched for each request of the client.
            var now = clock.GetUtcNow();
            return new KeySet(ClientKeySet.Empty, e.Message, now, now + AgeOfFailure);
        }
    }

    private sealed record KeySet(ClientKeySet Keys, string? Failure, DateTimeOffset FetchedAt, DateTimeOffset ExpiresAt)
    {
        private const int BytesOfItself = 500;

        public long Size => BytesOfItself + Keys.Size;
    }
}
