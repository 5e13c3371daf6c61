using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Limits;

namespace FunctionsAuth.Protocol.Fetch;

/// <summary>What was found at a client's address.</summary>
/// <param name="MaxAge">For how long its own headers allow to keep it; null when they say nothing.</param>
public sealed record FetchedDocument(byte[] Content, string? MediaType, TimeSpan? MaxAge)
{
    /// <summary>For how long it is kept: as its headers say, or else for the usual time, within the bounds.</summary>
    public TimeSpan Age(TimeSpan least, TimeSpan usual, TimeSpan most)
    {
        var age = MaxAge ?? usual;
        return age < least ? least : age > most ? most : age;
    }
}

/// <summary>It could not be fetched, or may not be. The message is for the client's developer, and says nothing of our network.</summary>
public sealed class FetchException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>
/// Fetches what clients name by URL, and nothing else (OWASP calls what it prevents server-side request forgery): https to a public
/// address, which is checked where the connection is made, so that a name can't change its mind in between; no redirects, no
/// cookies, no proxy, 5 seconds, 64 KiB.
/// </summary>
public sealed class ClientFetcher : IDisposable
{
    private const int MaxLength = 64 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly FetchOptions options;
    private readonly FetchLimits limits;
    private readonly TimeProvider clock;

    // Most servers' clients name nothing that would have to be fetched.
    private readonly Lazy<HttpClient> http;

    public ClientFetcher(ServerOptions options, FetchLimits limits, TimeProvider clock)
    {
        this.options = options.Fetch;
        this.limits = limits;
        this.clock = clock;
        http = new Lazy<HttpClient>(NewClient);
    }

    /// <summary>Why a client may not register that URL, or null when it may: the rest of a sentence that begins with the member's name.</summary>
    public string? ProblemOf(Uri url) => url switch
    {
        { IsAbsoluteUri: false } => "must be an absolute https URL",
        { UserInfo.Length: > 0 } or { Fragment.Length: > 0 } => "must not have a user or a fragment",
        { Scheme: "https" } => null,
        { Scheme: "http", IsLoopback: true } when IsTrusted(url.IdnHost) => null,
        _ => "must be an absolute https URL",
    };

    /// <exception cref="FetchException">There is nothing that could be used.</exception>
    /// <exception cref="OAuthException">Status 429: <see cref="FetchLimits"/> allow no more right now. Nothing was asked for.</exception>
    public async Task<FetchedDocument> GetAsync(Uri url, FetchFor whom, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        return await SendAsync(request, whom, ReadAsync, cancellation);

        static async Task<FetchedDocument> ReadAsync(HttpResponseMessage response, CancellationToken limit) => response.IsSuccessStatusCode
            ? await ClientFetcher.ReadAsync(response, limit)
            : throw new FetchException($"The answer had the status code {(int)response.StatusCode}");
    }

    /// <summary>Posts a form, which the server itself decided to do, so that no limit holds. What the client writes back is not read.</summary>
    /// <returns>The status of the answer, whatever it is.</returns>
    /// <exception cref="FetchException">There was no answer.</exception>
    public Task<HttpStatusCode> PostFormAsync(Uri url, IEnumerable<KeyValuePair<string, string>> fields, CancellationToken cancellation) =>
        PostAsync(url, new FormUrlEncodedContent(fields), [], cancellation);

    /// <summary>Posts anything else, in the same way.</summary>
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
            // The address is checked at each connection, so none may outlive a change of the name for long.
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
        // Why a connection failed would tell a stranger what is in our network.
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
        // The resolver takes 0.0.0.0 and :: for mistakes of the caller.
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
