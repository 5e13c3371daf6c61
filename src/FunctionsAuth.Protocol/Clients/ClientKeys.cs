using System.Text;
using System.Text.Json;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Fetch;
using FunctionsAuth.Protocol.Storage;
using Microsoft.IdentityModel.Tokens;

namespace FunctionsAuth.Protocol.Clients;

/// <summary>
/// The public keys of clients: from their registration, or fetched from their <c>jwks_uri</c>, kept as its headers allow, and
/// fetched again when a token names a key that is not among them.
/// </summary>
public sealed class ClientKeys(ClientFetcher fetcher, ServerOptions options, TimeProvider clock)
{
    private static readonly TimeSpan MostAge = TimeSpan.FromHours(1);
    private static readonly TimeSpan UsualAge = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan AgeOfFailure = TimeSpan.FromSeconds(10);

    private readonly BoundedCache<Uri, KeySet> cache = new(1_000, MostAge, clock);

    private TimeSpan LeastAge => options.Fetch.KeysMinAge;

    /// <param name="kid">The key that the token names; null when it names none.</param>
    /// <exception cref="FetchException">They can't be fetched, or are no JWK set.</exception>
    public async Task<IReadOnlyList<SecurityKey>> FindAsync(Client client, string? kid, CancellationToken cancellation)
    {
        if (client.JwksUri is not { } url)
            return client.Jwks is { } jwks ? Parse(jwks.ToJsonString()) : [];
        var set = await cache.GetAsync(url, FetchAsync, cancellation);
        if (!IsGood(set, kid))
        {
            cache.Forget(url);
            set = await cache.GetAsync(url, FetchAsync, cancellation);
        }
        return set.Failure is null ? set.Keys : throw new FetchException(set.Failure);
    }

    /// <summary>An unknown kid: the client has rotated. At most once in Fetch:KeysMinAge, or anyone could make us ask all the time.</summary>
    private bool IsGood(KeySet set, string? kid)
    {
        var now = clock.GetUtcNow();
        var isUnknown = kid is not null && set.Failure is null && set.Keys.All(key => key.KeyId != kid);
        return now < set.ExpiresAt && !(isUnknown && now >= set.FetchedAt + LeastAge);
    }

    private async Task<KeySet> FetchAsync(Uri url)
    {
        try
        {
            var document = await fetcher.GetAsync(url, CancellationToken.None);
            var keys = Parse(Encoding.UTF8.GetString(document.Content));
            var age = document.MaxAge ?? UsualAge;
            var now = clock.GetUtcNow();
            return new KeySet(keys, null, now, now + (age < LeastAge ? LeastAge : age > MostAge ? MostAge : age));
        }
        catch (FetchException e)
        {
            // Remembered, too, for a moment: a client's broken address is not asked for each of its requests.
            var now = clock.GetUtcNow();
            return new KeySet([], e.Message, now, now + AgeOfFailure);
        }
    }

    /// <summary>The keys that can verify a signature. Symmetric ones have no place in a public document.</summary>
    /// <exception cref="FetchException">It is no JWK set.</exception>
    internal static IReadOnlyList<SecurityKey> Parse(string jwks)
    {
        try
        {
            return [.. new JsonWebKeySet(jwks).Keys.Where(key => key.Kty is "RSA" or "EC" && key.Use is null or "sig")];
        }
        catch (Exception e) when (e is ArgumentException or JsonException or InvalidOperationException)
        {
            throw new FetchException("The document is no JWK set", e);
        }
    }

    private sealed record KeySet(IReadOnlyList<SecurityKey> Keys, string? Failure, DateTimeOffset FetchedAt, DateTimeOffset ExpiresAt);
}
