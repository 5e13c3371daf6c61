using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Protocol.AuthorizationRequests;

/// <summary>
/// Requests that clients pushed: RFC 9126. A user can follow the link more than once, but the request is answered only once, by one compare-and-swap.
/// </summary>
public sealed class PushedRequests(IPushedRequestStore store, ParkingLimits limits, ServerOptions options, TimeProvider clock)
{
    /// <summary>RFC 9126 §2.2.</summary>
    public const string Prefix = "urn:ietf:params:oauth:request_uri:";

    /// <exception cref="OAuthException">Status 429: too many requests were pushed by unauthenticated clients.</exception>
    /// <returns>The <c>request_uri</c> and its lifetime.</returns>
    public async Task<(string RequestUri, TimeSpan Lifetime)> PushAsync(AuthorizationRequest request, CancellationToken cancellation)
    {
        if (request.Client.IsPublic)
            limits.Take(request.Encoded, null);
        var lifetime = request.Client.PushedRequestLifetime(options.Lifetimes);
        var expiresAt = clock.GetUtcNow() + lifetime;
        var pushed = new PushedRequest
        {
            // A user who followed the link in time gets the full time for signing in.
            Address = RecordAddress.New(expiresAt + options.Lifetimes.Interaction),
            Encoded = request.Encoded,
            ExpiresAt = expiresAt,
        };
        await store.InsertAsync(pushed, cancellation);
        return (Prefix + pushed.Address, lifetime);
    }

    /// <summary>The pushed parameters and their address.</summary>
    /// <exception cref="OAuthException">The request is unknown, belongs to another client, has expired or was answered.</exception>
    public async Task<(Parameters Parameters, RecordAddress Address)> FindAsync(Client client, string requestUri, CancellationToken cancellation)
    {
        var pushed = RecordAddress.TryParse(requestUri[Prefix.Length..], out var address) ? await store.FindAsync(address, cancellation) : null;
        if (pushed is not { CompletedAt: null } || clock.GetUtcNow() >= pushed.ExpiresAt)
            throw Gone(client);
        var parameters = Parameters.Parse(pushed.Encoded);
        // RFC 9126 §2.2: the request is bound to the client that pushed it.
        return parameters[Parameter.ClientId] == client.ClientId ? (parameters, pushed.Address) : throw Gone(client);
    }

    /// <summary>Marks the request as answered. Of any number of answers at the same time, exactly one succeeds.</summary>
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
