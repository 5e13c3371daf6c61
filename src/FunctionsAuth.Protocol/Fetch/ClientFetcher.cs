using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Limits;

namespace FunctionsAuth.Protocol.Fetch;

/// <summary>The answer from a client's address.</summary>
/// <param name="MaxAge">How long its own headers allow to cache it; null when they say nothing.</param>
public sealed record FetchedDocument(byte[] Content, string? MediaType, TimeSpan? MaxAge)
{
    /// <summary>How long it is cached: as its headers say, or else for the usual time, within the limits.</summary>
    public TimeSpan Age(TimeSpan least, TimeSpan usual, TimeSpan most)
    {
        var age = MaxAge ?? usual;
        return age < least ? least : age > most ? most : age;
    }
}

/// <summary>It could not be fetched, or is not allowed. The message is for the client's developer, and reveals nothing about our network.</summary>
public sealed class FetchException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>
/// Fetches the documents that clients name by URL, protected against server-side request forgery: only https, and only to a public address, which is
/// checked when the connection is made, so that a changed DNS answer cannot bypass the check. No redirects, no cookies, no proxy, 5 seconds, 64 KiB.
/// </summary>
public sealed class ClientFetcher : IDisposable
{
    private const int MaxLength = 64 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly FetchOptions options;
    private readonly FetchLimits limits;
    private readonly TimeProvider clock;

    // Most servers have no clients that name documents to fetch.
    private readonly Lazy<HttpClient> http;

    public ClientFetcher(ServerOptions options, FetchLimits limits, TimeProvider clock)
    {
        this.options = options.Fetch;
        this.limits = limits;
        this.clock = clock;
        http = new Lazy<HttpClient>(NewClient);
    }

    /// <summary>The reason why a client may not register this URL, or null: the rest of a sentence that begins with the member's name.</summary>
    public string? ProblemOf(Uri url) => url switch
    {
        { IsAbsoluteUri: false } => "must be an absolute https URL",
        { UserInfo.Length: > 0 } or { Fragment.Length: > 0 } => "must not have a user or a fragment",
        { Scheme: "https" } => null,
        { Scheme: "http", IsLoopback: true } when IsTrusted(url.IdnHost) => null,
        _ => "must be an absolute https URL",
    };

    /// <exception cref="FetchException">There is no usable answer.</exception>
    /// <exception cref="OAuthException">Status 429: <see cref="FetchLimits"/> allow no more right now. No request was sent.</exception>
    public async Task<FetchedDocument> GetAsync(Uri url, FetchFor whom, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        return await SendAsync(request, whom, ReadAsync, cancellation);

        static async Task<FetchedDocument> ReadAsync(HttpResponseMessage response, CancellationToken limit) => response.IsSuccessStatusCode
            ? await ClientFetcher.ReadAsync(response, limit)
            : throw new FetchException($"The answer had the status code {(int)response.StatusCode}");
    }

    /// <summary>Posts a form. The server itself decided to do this, so there is no limit. The body of the answer is not read.</summary>
    /// <returns>The status code of the answer, whatever it is.</returns>
    /// <exception cref="FetchException">There was no answer.</exception>
    public Task<HttpStatusCode> PostFormAsync(Uri url, IEnumerable<KeyValuePair<string, string>> fields, CancellationToken cancellation) =>
        PostAsync(url, new FormUrlEncodedContent(fields), [], cancellation);

    /// <summary>Posts any other content, in the same way.</summary>
    /// <param name="content">It is disposed.</param>
    /// <inheritdoc cref="PostFormAsync"/>
    public async Task<HttpStatusCode> PostAsync(Uri url, HttpContent content, IEnumerable<KeyValuePair<string, string>> headers, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = content };
        foreach (var (name, value) in headers)
            request.Headers.Add(name, value);
        return await SendAsync(request, null, (response, _) => Task.FromResult(response.StatusCode), cancellation);
    }

    public void Dispose()
    {
        if (http.IsValueCreated)
            http.Value.Dispose();
    }

    private HttpClient NewClient()
    {
        var client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectCallback = ConnectAsync,
            ConnectTimeout = 2 * Patience, // for a connection that nobody waits for any more
            MaxResponseHeadersLength = 16, // KiB
            // The address is checked for each connection, so a connection must not be kept for long after the name changed.
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
        });
        client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("FunctionsAuth", null));
        return client;
    }

    private async Task<T> SendAsync<T>(HttpRequestMessage request, FetchFor? whom, Func<HttpResponseMessage, CancellationToken, Task<T>> read, CancellationToken cancellation)
    {
        if (ProblemOf(request.RequestUri!) is { } problem)
            throw new FetchException($"The URL {problem}");
        using var time = new CancellationTokenSource(Patience, clock);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation, time.Token);
        try
        {
            using var turn = whom is { } one ? await limits.EnterAsync(request.RequestUri!, one, limit.Token) : null;
            using var response = await http.Value.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            return await read(response, limit.Token);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new FetchException("There was no answer within the time limit", e);
        }
        // The reason for a failed connection would reveal our network to a stranger.
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException)
        {
            throw new FetchException("The host could not be reached", e);
        }
    }

    private static async Task<FetchedDocument> ReadAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        var buffer = new byte[MaxLength + 1];
        await using var body = await response.Content.ReadAsStreamAsync(cancellation);
        var length = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation);
        return length <= MaxLength
            ? new FetchedDocument(buffer[..length], response.Content.Headers.ContentType?.MediaType, MaxAgeOf(response.Headers.CacheControl))
            : throw new FetchException($"The answer has more than {MaxLength} bytes, which is the limit");
    }

    private static TimeSpan? MaxAgeOf(CacheControlHeaderValue? control) => control switch
    {
        null => null,
        { NoStore: true } or { NoCache: true } => TimeSpan.Zero,
        _ => control.MaxAge,
    };

    private async Task<IPAddress[]> FindAddressesAsync(string host, CancellationToken cancellation)
    {
        // The resolver treats 0.0.0.0 and :: as errors of the caller.
        var addresses = IPAddress.TryParse(host, out var address) ? [address] : await Dns.GetHostAddressesAsync(host, cancellation);
        return IsTrusted(host) ? addresses : [.. addresses.Where(PublicAddresses.Contains)];
    }

    private bool IsTrusted(string host) => options.TrustedHosts.Contains(host, StringComparer.OrdinalIgnoreCase);

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var endpoint = context.DnsEndPoint;
        var addresses = await FindAddressesAsync(endpoint.Host, cancellation);
        if (addresses.Length == 0)
            throw new HttpRequestException("The name has no public address");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, endpoint.Port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
