using System.Text.Json;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Fetch;
using FunctionsAuth.Protocol.Json;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.Registry;

/// <summary>The documents at the <c>sector_identifier_uri</c> of clients. A failure is cached for a moment.</summary>
public sealed class SectorDocuments(ClientFetcher fetcher, TimeProvider clock)
{
    private static readonly TimeSpan Age = TimeSpan.FromSeconds(10);

    /// <summary>Bytes.</summary>
    private const int Memory = 4 * 1024 * 1024;

    private readonly BoundedCache<Uri, Sector> cache = new(Memory, Age, clock, static (url, sector) => 500 + (2L * (url.OriginalString.Length + sector.Uris.Sum(uri => 30 + uri.Length))));

    /// <summary>OpenID Connect Registration §5: the owner of the sector decides which redirect URIs belong to it.</summary>
    /// <exception cref="OAuthException"><c>invalid_client_metadata</c>; or status 429, when too many documents are being fetched.</exception>
    public async Task CheckAsync(Client client, CancellationToken cancellation)
    {
        if (client.SectorIdentifierUri is not { } url)
            return;
        // A document can change between two registrations, so each registration fetches it.
        var sector = await cache.GetAsync(url, FetchAsync, static kept => kept.Failure is not null, cancellation);
        if (sector.Failure is { } failure)
            throw RegistrationError.InvalidMetadata(failure);
        if (!client.RedirectUris.All(sector.Uris.Contains))
            throw RegistrationError.InvalidMetadata("The document at the sector_identifier_uri does not have each of the redirect_uris");
    }

    private async Task<Sector> FetchAsync(Uri url)
    {
        try
        {
            var document = await fetcher.GetAsync(url, FetchFor.Stranger, CancellationToken.None);
            return new Sector([.. (StrictJson.Parse(document.Content).Deserialize<string?[]>() ?? []).OfType<string>()], null);
        }
        catch (FetchException e)
        {
            return new Sector([], $"The document at the sector_identifier_uri cannot be used. {e.Message}");
        }
        catch (JsonException)
        {
            return new Sector([], "The document at the sector_identifier_uri is not a JSON array of redirect URIs");
        }
    }

    private sealed record Sector(HashSet<string> Uris, string? Failure);
}
