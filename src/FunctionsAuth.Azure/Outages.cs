using System.Net;
using Azure;
using Azure.Identity;

namespace FunctionsAuth.Azure;

/// <summary>
/// Tells failures that pass from those that don't: a service that is busy, slow or not reached, from a request that it will
/// never take and from a mistake of our own. Only the former are answered with "try again".
/// </summary>
internal static class Outages
{
    private static readonly HttpStatusCode[] Passing =
    [
        // A conflict where none can be: a table that is being deleted.
        HttpStatusCode.RequestTimeout, HttpStatusCode.Conflict, HttpStatusCode.PreconditionFailed, HttpStatusCode.TooManyRequests,
    ];

    public static bool IsOne(Exception failure) => failure switch
    {
        // Without a status there was no answer.
        RequestFailedException { Status: 0 or >= 500 } => true,
        RequestFailedException refused => Passing.Contains((HttpStatusCode)refused.Status),
        // What retries end with, and what a time-out is.
        AggregateException { InnerExceptions: [.., var last] } => IsOne(last),
        OperationCanceledException or TimeoutException or IOException or HttpRequestException or AuthenticationFailedException => true,
        _ => false,
    };
}
