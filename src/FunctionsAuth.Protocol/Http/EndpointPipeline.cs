using System.Diagnostics;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Statistics;
using FunctionsAuth.Protocol.Telemetry;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;

namespace FunctionsAuth.Protocol.Http;

/// <summary>
/// The processing around every endpoint: methods, security headers, CORS and errors. The Functions host has no ASP.NET Core middleware, so it is done
/// here, for every host in the same way.
/// </summary>
public sealed partial class EndpointPipeline(ErrorWriter errors, RequestBeginning beginning, HourlyCounters counters, ServerUrls urls, ILogger<EndpointPipeline> log)
{
    // Sec-Purpose is the current name. Older browsers send one of the others.
    private static readonly string[] SpeculativeHeaders = ["Sec-Purpose", "Purpose", "X-Purpose", "X-Moz"];

    public async Task<IResult> RunAsync(HttpContext http, ServerEndpoint endpoint)
    {
        beginning.Begin(http);
        // The counters are written once a minute, in parallel with a request. The request seldom has to wait for them.
        var writing = counters.WriteIfDueAsync();
        var result = await AnswerAsync(http, endpoint);
        await writing;
        return result;
    }

    private async Task<IResult> AnswerAsync(HttpContext http, ServerEndpoint endpoint)
    {
        using var activity = ServerMetrics.Activities.StartActivity(endpoint.GetType().Name);
        SecurityHeaders.Write(http.Response, endpoint.Rules.Reader, urls.IsHttps);
        try
        {
            if (HttpMethods.IsOptions(http.Request.Method) && endpoint.Rules.Cors != CorsPolicy.None)
                return Cors.Preflight(http, endpoint.Rules);
            if (!Allows(endpoint.Rules, http.Request.Method))
                return await NotAllowedAsync(http, endpoint.Rules);
            if (endpoint.Rules.Reader == EndpointReader.Person && IsSpeculative(http.Request))
                return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
            var result = await endpoint.HandleAsync(http, http.RequestAborted);
            Cors.Write(http, endpoint.Rules.Cors);
            return result;
        }
        catch (OAuthException e)
        {
            activity?.SetTag("error.type", e.Error);
            if (e.Status == StatusCodes.Status429TooManyRequests)
                counters.Add(CounterNames.Limited);
            return await FailAsync(http, endpoint, e);
        }
        catch (TemporarilyUnavailableException e)
        {
            activity?.SetStatus(ActivityStatusCode.Error, e.Service);
            LogUnavailable(endpoint.GetType().Name, e.Service, e);
            return await FailAsync(http, endpoint, Unavailable(e));
        }
        catch (BadHttpRequestException e)
        {
            // The body was interrupted, arrived too slowly, or is too long for the web server.
            return await FailAsync(http, endpoint, new OAuthException("invalid_request", "The body could not be read", e.StatusCode));
        }
        catch (Exception e) when (e is ConnectionResetException || (e is OperationCanceledException or IOException && http.RequestAborted.IsCancellationRequested))
        {
            return Results.StatusCode(StatusCodes.Status499ClientClosedRequest);
        }
        catch (Exception e)
        {
            var correlationId = activity?.TraceId.ToString() ?? Guid.NewGuid().ToString("n");
            activity?.SetStatus(ActivityStatusCode.Error);
            LogUnexpected(endpoint.GetType().Name, correlationId, e);
            return await FailAsync(http, endpoint, new OAuthException(OAuthError.ServerError, $"Unexpected error; the correlation id is {correlationId}", StatusCodes.Status500InternalServerError), correlationId);
        }
    }

    // RFC 6749 §4.1.2.1: a redirect cannot return a 503, so there is an error code for it.
    private static OAuthException Unavailable(TemporarilyUnavailableException failure) => failure.ReturnTo is { } target
        ? new OAuthException(OAuthError.TemporarilyUnavailable, $"{failure.Message}; try again shortly", StatusCodes.Status503ServiceUnavailable).To(target)
        : OAuthError.Busy(failure.RetryAfter);

    private ValueTask<IResult> FailAsync(HttpContext http, ServerEndpoint endpoint, OAuthException error, string? correlationId = null)
    {
        Cors.Write(http, endpoint.Rules.Cors);
        return errors.WriteAsync(http, endpoint.Rules.Reader, error, correlationId);
    }

    /// <summary>HEAD is only for documents, because the GET of a page or of an authorization request changes things.</summary>
    private static bool Allows(EndpointRules rules, string method) =>
        rules.Methods.Contains(method)
        || (HttpMethods.IsHead(method) && rules.Reader == EndpointReader.Program && rules.Methods.Contains(HttpMethods.Get));

    /// <summary>
    /// A browser that loads a page in advance (Fetch, <c>Sec-Purpose</c>). That would use up a pushed request or end a session before the user
    /// clicks, so it is refused. The browser sends the request again when the user clicks.
    /// </summary>
    private static bool IsSpeculative(HttpRequest request) =>
        SpeculativeHeaders.Any(name => request.Headers[name].ToString().Contains("prefetch", StringComparison.OrdinalIgnoreCase));

    private ValueTask<IResult> NotAllowedAsync(HttpContext http, EndpointRules rules)
    {
        http.Response.Headers[HeaderNames.Allow] = string.Join(", ", rules.Methods);
        return errors.WriteAsync(http, rules.Reader, new OAuthException("invalid_request", "The method is not allowed here", StatusCodes.Status405MethodNotAllowed), null);
    }

    [LoggerMessage(1001, LogLevel.Error, "{Endpoint} failed unexpectedly; correlation id {CorrelationId}")]
    private partial void LogUnexpected(string endpoint, string correlationId, Exception exception);

    [LoggerMessage(1002, LogLevel.Warning, "{Endpoint} could not be answered: the {Service} is not available")]
    private partial void LogUnavailable(string endpoint, string service, Exception exception);
}
