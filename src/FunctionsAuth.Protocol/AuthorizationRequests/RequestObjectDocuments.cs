using System.Text;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Fetch;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.AuthorizationRequests;

/// <summary>
/// The request objects at the registered <c>request_uris</c> of clients. OpenID Connect Core §6.2 lets a server cache them. A URI with a fragment,
/// which changes with the content, is cached for some minutes. A URI without a fragment is cached as long as its headers allow.
/// </summary>
public sealed class RequestObjectDocuments(ClientFetcher fetcher, TimeProvider clock)
{
    private static readonly TimeSpan LeastAge = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan UsualAge = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan MostAge = TimeSpan.FromHours(1);

    /// <summary>Bytes.</summary>
    private const int Memory = 8 * 1024 * 1024;

    private readonly BoundedCache<(FetchFor Whom, string Url), Found> cache = new(
        Memory, MostAge, clock, static (key, found) => 500 + (2L * (key.Url.Length + (found.Content?.Length ?? 0))));

    /// <returns>The content of the document, which should be a request object.</returns>
    /// <exception cref="FetchException">The document cannot be fetched.</exception>
    /// <exception cref="OAuthException">Status 429: too many documents are being fetched.</exception>
    public async Task<string> GetAsync(Client client, Uri url, CancellationToken cancellation)
    {
        // Two Uris that differ only in the fragment are equal.
        var found = await cache.GetAsync((client.FetchesFor(), url.OriginalString), FetchAsync, entry => clock.GetUtcNow() < entry.ExpiresAt, cancellation);
        return found.Content ?? throw new FetchException(found.Failure!);
    }

    private async Task<Found> FetchAsync((FetchFor Whom, string Url) key)
    {
        var url = new Uri(key.Url);
        try
        {
            var document = await fetcher.GetAsync(new Uri(RequestObjects.WithoutFragment(url)), key.Whom, CancellationToken.None);
            var age = document.Age(LeastAge, url.Fragment.Length > 1 ? UsualAge : LeastAge, MostAge);
            return new Found(Encoding.UTF8.GetString(document.Content).Trim(), null, clock.GetUtcNow() + age);
        }
        catch (FetchException e)
        {
            return new Found(null, e.Message, clock.GetUtcNow() + LeastAge);
        }
    }

    private sealed record Found(string? Content, string? Failure, DateTimeOffset ExpiresAt);
}
