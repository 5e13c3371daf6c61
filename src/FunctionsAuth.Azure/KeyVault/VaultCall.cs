using System.Net;
using System.Net.Http.Headers;
using Azure;
using FunctionsAuth.Azure.KeyVault.Local;
using FunctionsAuth.Protocol.Keys;

namespace FunctionsAuth.Azure.KeyVault;

/// <summary>Runs what asks a vault: whatever it does not answer is a <see cref="KeyStoreException"/> that says why.</summary>
internal static class VaultCall
{
    public static async Task<T> RunAsync<T>(Func<Task<T>> operation, CancellationToken cancellation)
    {
        try
        {
            return await operation();
        }
        catch (Exception e) when (e is RequestFailedException or InvalidDataException || (Outages.IsOne(e) && !(e is OperationCanceledException && cancellation.IsCancellationRequested)))
        {
            // Retries end with all that they met; the last counts.
            var cause = e is AggregateException { InnerExceptions: [.., var last] } ? last : e;
            throw cause switch
            {
                RequestFailedException refused => new KeyStoreException(Reason(refused), e) { WaitFor = RetryAfter.Of(refused.GetRawResponse()) },
                // Files that are damaged, or that the system keeps from this user.
                InvalidDataException or KeyFilesException => new KeyStoreException(KeyStoreFailure.Refused, e),
                OperationCanceledException or TimeoutException => new KeyStoreException(KeyStoreFailure.TimedOut, e),
                _ => new KeyStoreException(KeyStoreFailure.Failed, e),
            };
        }
    }

    private static KeyStoreFailure Reason(RequestFailedException failure) => (HttpStatusCode)failure.Status switch
    {
        HttpStatusCode.TooManyRequests => KeyStoreFailure.Throttled,
        HttpStatusCode.RequestTimeout => KeyStoreFailure.TimedOut,
        // A disabled version is 403, a deleted one 404, another algorithm 400.
        >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError => KeyStoreFailure.Refused,
        _ => KeyStoreFailure.Failed,
    };
}

/// <summary>For how long a service wants to be left alone (RFC 9110 §10.2.3).</summary>
internal static class RetryAfter
{
    public static TimeSpan? Of(Response? response)
    {
        if (response is null || !response.Headers.TryGetValue("Retry-After", out var text) || !RetryConditionHeaderValue.TryParse(text, out var value))
            return null;
        var wait = value.Delta ?? (value.Date - (response.Headers.Date ?? DateTimeOffset.UtcNow));
        return wait > TimeSpan.Zero ? wait : null;
    }
}
