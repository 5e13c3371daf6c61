using System.Net;
using Azure;
using Azure.Identity;

namespace FunctionsAuth.Azure;

/// <summary>
/// Tells temporary failures from permanent ones. A failure is temporary if the service is busy, slow or not reachable. It is permanent if the service will
/// never accept the request, or if this code has a mistake. Only temporary failures are answered with "try again".
/// </summary>
internal static class Outages
{
    private static readonly HttpStatusCode[] Passing =
    [
        // An unexpected conflict means that a table is being deleted.
        HttpStatusCode.RequestTimeout, HttpStatusCode.Conflict, HttpStatusCode.PreconditionFailed, HttpStatusCode.TooManyRequests,
    ];

    public static bool IsOne(Exception failure) => failure switch
    {
        // Status 0 means that there was no answer.
        RequestFailedException { Status: 0 or >= 500 } => true,
        RequestFailedException refused => Passing.Contains((HttpStatusCode)refused.Status),
        // The exception after the last retry, and the exceptions of time-outs.
        AggregateException { InnerExceptions: [.., var last] } => IsOne(last),
        OperationCanceledException or TimeoutException or IOException or HttpRequestException or AuthenticationFailedException => true,
        _ => false,
    };
}
