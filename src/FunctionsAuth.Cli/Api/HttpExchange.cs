using System.Net;
using System.Net.Sockets;

namespace FunctionsAuth.Cli.Api;

/// <summary>Sends requests, and reports network failures as sentences.</summary>
internal sealed class HttpExchange(CliHost host)
{
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    // An import of a part of a file may take the server 90 seconds.
    private readonly HttpClient http = new(host.Handler ?? new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(15) }, disposeHandler: false)
    {
        Timeout = TimeSpan.FromMinutes(4),
    };

    public TimeProvider Clock => host.Clock;

    /// <param name="create">Creates a new request for each attempt.</param>
    /// <param name="mayRepeat">Whether to try once more after a network failure and after 503, which is safe only if a repetition does no harm.</param>
    /// <exception cref="CliFailure">The server did not answer.</exception>
    public async Task<HttpResponseMessage> SendAsync(Func<HttpRequestMessage> create, bool mayRepeat, CancellationToken stopping)
    {
        for (var isLast = !mayRepeat; ; isLast = true)
        {
            var wait = Usual;
            try
            {
                var response = await http.SendAsync(create(), stopping);
                if (isLast || response.StatusCode != HttpStatusCode.ServiceUnavailable)
                    return response;
                wait = WaitOf(response);
                response.Dispose();
            }
            catch (Exception e) when (e is HttpRequestException or IOException || (e is TaskCanceledException && !stopping.IsCancellationRequested))
            {
                if (isLast)
                    throw CliFailure.Unreachable($"The server did not answer: {ReasonOf(e)}");
            }
            await Task.Delay(wait, host.Clock, stopping);
        }
    }

    private TimeSpan WaitOf(HttpResponseMessage response)
    {
        var wait = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - host.Clock.GetUtcNow(),
            _ => Usual,
        };
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait > Longest ? Longest : wait;
    }

    private static string ReasonOf(Exception e) => e switch
    {
        TaskCanceledException => "it took too long.",
        { InnerException: SocketException socket } => socket.Message + ".",
        { InnerException: { } inner } => inner.Message,
        _ => e.Message,
    };
}
