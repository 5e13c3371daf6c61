using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Fetch;
using FunctionsAuth.Protocol.Storage;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Registry;

/// <summary>
/// Clients whose id is the https address of their metadata (draft-ietf-oauth-client-id-metadata-document). Whoever controls the address is the
/// client, and nothing else is known about it. So it is never first-party, and it may have only what self-registered clients may have. A document is
/// cached as its headers allow, from a minute to a day.
/// </summary>
public sealed class ClientDocuments(ClientFetcher fetcher, RegistrantRules rules, ServerOptions options, TimeProvider clock)
{
    // The id is in every token and in the row of each grant.
    private const int LongestAddress = 500;

    private static readonly TimeSpan LeastAge = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan MostAge = TimeSpan.FromDays(1);
    private static readonly TimeSpan UsualAge = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan AgeOfFailure = TimeSpan.FromSeconds(10);

    /// <summary>Bytes.</summary>
    private const int Memory = 16 * 1024 * 1024;

    private readonly BoundedCache<string, Found> cache = new(Memory, MostAge, clock, static (id, found) => ClientSize.Of(id, found.Client));

    /// <returns>Null when such clients are not allowed.</returns>
    /// <exception cref="OAuthException"><c>invalid_client</c>, with the reason why the document cannot be used.</exception>
    public async ValueTask<Client?> FindAsync(string clientId, CancellationToken cancellation)
    {
        if (!options.ClientIdMetadataDocuments)
            return null;
        if (ProblemOf(clientId) is { } problem)
            throw NotUsable($"The address {problem}");
        var found = await cache.GetAsync(clientId, FetchAsync, entry => clock.GetUtcNow() < entry.ExpiresAt, cancellation);
        return found.Client ?? throw NotUsable(found.Failure!);
    }

    /// <summary>Section 3 of the draft. An address must have only one spelling. Otherwise one client would be several.</summary>
    private string? ProblemOf(string clientId)
    {
        var isCanonical = clientId.Length <= LongestAddress
            && Uri.TryCreate(clientId, UriKind.Absolute, out var url)
            // The parser resolves dot segments and drops a default port, so an address with them differs from its parsed form.
            && url.AbsoluteUri == clientId
            && url.AbsolutePath.Length > 1
            && !clientId.Contains('@', StringComparison.Ordinal)
            && !clientId.Contains('#', StringComparison.Ordinal);
        return isCanonical
            ? fetcher.ProblemOf(new Uri(clientId))
            : $"must be an https URL in its usual spelling, with a path, without user, fragment and dot segments, of at most {LongestAddress} characters";
    }

    private async Task<Found> FetchAsync(string clientId)
    {
        try
        {
            var document = await fetcher.GetAsync(new Uri(clientId), FetchFor.Stranger, CancellationToken.None);
            var client = await ReadAsync(clientId, document);
            var now = clock.GetUtcNow();
            return new Found(client, null, now, now + document.Age(LeastAge, UsualAge, MostAge));
        }
        catch (OAuthException e) when (e.Status == StatusCodes.Status429TooManyRequests && FormerOf(clientId) is { } former)
        {
            // Known clients continue to work while strangers use up the limit for fetches.
            return former with { ExpiresAt = clock.GetUtcNow() + AgeOfFailure };
        }
        catch (Exception e) when (e is FetchException or OAuthException { Status: not StatusCodes.Status429TooManyRequests })
        {
            // A failure is cached for a moment too, so that a broken address is not fetched for each request.
            var now = clock.GetUtcNow();
            return new Found(null, e.Message, now, now + AgeOfFailure);
        }
    }

    private Found? FormerOf(string clientId) =>
        cache.TryGet(clientId, out var found) && found.Client is not null && clock.GetUtcNow() < found.FetchedAt + MostAge ? found : null;

    private Task<Client> ReadAsync(string clientId, FetchedDocument document)
    {
        if (!IsJson(document.MediaType))
            throw new FetchException("Its media type must be application/json");
        var metadata = ClientMetadata.Parse(document.Content);
        if (metadata.Text(Parameter.ClientId) != clientId)
            throw new FetchException("Its client_id must be exactly the URL of the document");
        if (metadata.Has(Parameter.ClientSecret) || metadata.Has("client_secret_expires_at"))
            throw new FetchException("It must not have a client_secret, because everyone can read the document");
        var client = metadata.ToClient(clientId);
        var method = MethodOf(metadata);
        return rules.AdmitAsync(
            client with
            {
                TokenEndpointAuthMethod = method,
                TokenEndpointAuthSigningAlg = method == AuthMethods.None ? null : client.TokenEndpointAuthSigningAlg,
            },
            CancellationToken.None);
    }

    /// <summary>The best authentication method that the document offers and that needs no secret.</summary>
    private static string MethodOf(ClientMetadata metadata)
    {
        List<string> offered = [.. metadata.Texts("token_endpoint_auth_methods_supported")];
        if (metadata.Text("token_endpoint_auth_method") is { Length: > 0 } one)
            offered.Add(one);
        var hasKeys = metadata.Has("jwks") || metadata.Has("jwks_uri");
        if (offered.Contains(AuthMethods.PrivateKeyJwt) && (hasKeys || !offered.Contains(AuthMethods.None)))
            return AuthMethods.PrivateKeyJwt;
        return offered.Count == 0 || offered.Contains(AuthMethods.None)
            ? AuthMethods.None
            : throw new FetchException("Its token_endpoint_auth_method must be none or private_key_jwt");
    }

    private static bool IsJson(string? mediaType) =>
        mediaType is not null
        && (mediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            || (mediaType.StartsWith("application/", StringComparison.OrdinalIgnoreCase) && mediaType.EndsWith("+json", StringComparison.OrdinalIgnoreCase)));

    private static OAuthException NotUsable(string reason) => new("invalid_client", $"The metadata document at the client_id cannot be used. {reason}")
    {
        ForPerson = Phrase.Of($"The app is described by a document at its own address, and that can’t be used right now. Try again later, or tell its developer."),
    };

    private sealed record Found(Client? Client, string? Failure, DateTimeOffset FetchedAt, DateTimeOffset ExpiresAt);
}
