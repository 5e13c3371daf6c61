using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.AuthorizationRequests;

/// <summary>
/// Requests that a client pushed: RFC 9126. A person may follow the link more than once; it is answered once, by one
/// compare-and-swap.
/// </summary>
public sealed class PushedRequests(IPushedRequestStore store, ParkingLimits limits, ServerOptions options, TimeProvider clock)
{
    /// <summary>RFC 9126 §2.2.</summary>
    public const string Prefix = "urn:ietf:params:oauth:request_uri:";

    /// <exception cref="OAuthException">Status 429: too many requests were pushed that anybody could have pushed.</exception>
    /// <returns>The <c>request_uri</c>: and how long it is good.</returns>
    public async Task<(string RequestUri, TimeSpan Lifetime)> PushAsync(AuthorizationRequest request, CancellationToken cancellation)
    {
        if (request.Client.IsPublic)
            limits.Take(request.Encoded, null);
        var lifetime = request.Client.PushedRequestLifetime(options.Lifetimes);
        var expiresAt = clock.GetUtcNow() + lifetime;
        var pushed = new PushedRequest
        {
            // Whoever followed the link in time has the time that a person may take.
            Address = RecordAddress.New(expiresAt + options.Lifetimes.Interaction),
            Encoded = request.Encoded,
            ExpiresAt = expiresAt,
        };
        await store.InsertAsync(pushed, cancellation);
        return (Prefix + pushed.Address, lifetime);
    }

    /// <summary>The parameters that were pushed, and where they are.</summary>
    /// <exception cref="OAuthException">It is unknown, another client's, has expired or was answered.</exception>
    public async Task<(Parameters Parameters, RecordAddress Address)> FindAsync(Client client, string requestUri, CancellationToken cancellation)
    {
        var pushed = RecordAddress.TryParse(requestUri[Prefix.Length..], out var address) ? await store.FindAsync(address, cancellation) : null;
        if (pushed is not { CompletedAt: null } || clock.GetUtcNow() >= pushed.ExpiresAt)
            throw Gone(client);
        var parameters = Parameters.Parse(pushed.Encoded);
        // RFC 9126 §2.2: it is bound to the client that pushed it.
        return parameters[Parameter.ClientId] == client.ClientId ? (parameters, pushed.Address) : throw Gone(client);
    }

    /// <summary>Gives the request up, as it is being answered. Of any number of answers at once exactly one gets past this.</summary>
    /// <exception cref="OAuthException">It was answered.</exception>
    public async Task CompleteAsync(Client client, RecordAddress address, CancellationToken cancellation) => await CompareAndSwap.ChangeAsync(
        await store.FindAsync(address, cancellation),
        pushed => pushed is { CompletedAt: null } ? pushed with { CompletedAt = clock.GetUtcNow() } : throw Gone(client),
        store.TryReplaceAsync,
        cancellation);

    private static OAuthException Gone(Client client) => new("invalid_request_uri", "The request_uri is unknown, has expired, was already used, or belongs to another client")
    {
        Client = client.ForPage(),
        ForPerson = Phrase.Of($"This sign-in has expired or was completed already. Go back to the app and start again."),
    };
}
