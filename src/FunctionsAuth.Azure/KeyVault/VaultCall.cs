using System.Net;
using System.Net.Http.Headers;
using Azure;
using FunctionsAuth.Azure.KeyVault.Local;
using FunctionsAuth.Protocol.Keys;

namespace FunctionsAuth.Azure.KeyVault;

/// <summary>Runs an operation of a <c>KeyClient</c>. A failure becomes a <see cref="KeyStoreException"/> that says why.</summary>
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
            // When all retries have failed, the exception holds every failure. The last one counts.
            var cause = e is AggregateException { InnerExceptions: [.., var last] } ? last : e;
            throw cause switch
            {
                RequestFailedException refused => new KeyStoreException(Reason(refused), e) { WaitFor = RetryAfter.Of(refused.GetRawResponse()) },
                // Key files that are damaged, or that this user has no right to read or write.
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
        // The status is 403 for a disabled version, 404 for a deleted one, and 400 for an algorithm that the key does not serve.
        >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError => KeyStoreFailure.Refused,
        _ => KeyStoreFailure.Failed,
    };
}

/// <summary>Reads the <c>Retry-After</c> header (RFC 9110 §10.2.3).</summary>
internal static class RetryAfter
{
    /// <summary>The time for which the service asks to wait; null if it does not ask, or if that time has passed.</summary>
    public static TimeSpan? Of(Response? response)
    {
        if (response is null || !response.Headers.TryGetValue("Retry-After", out var text) || !RetryConditionHeaderValue.TryParse(text, out var value))
            return null;
        var wait = value.Delta ?? (value.Date - (response.Headers.Date ?? DateTimeOffset.UtcNow));
        return wait > TimeSpan.Zero ? wait : null;
    }
}
