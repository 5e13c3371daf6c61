using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Fetch;
using FunctionsAuth.Protocol.Limits;
using FunctionsAuth.Server.Tests.Harness;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Server.Tests.Fetch;

/// <summary>What a client can make the server fetch, and what not.</summary>
public sealed class ClientFetcherTests : IAsyncLifetime, IDisposable
{
    private readonly TestClock clock = new();
    private readonly ClientFetcher fetcher;
    private readonly ClientFetcher strict;
    private ClientHost host = null!;

    public ClientFetcherTests()
    {
        fetcher = New(new ServerOptions { Fetch = new FetchOptions { TrustedHosts = ["127.0.0.1"] } });
        strict = New(new ServerOptions());
    }

    private ClientFetcher New(ServerOptions options) => new(options, new FetchLimits(new RequestSource(options), options, clock), clock);

    public async Task InitializeAsync() => host = await ClientHost.StartAsync();

    public async Task DisposeAsync() => await host.DisposeAsync();

    public void Dispose()
    {
        fetcher.Dispose();
        strict.Dispose();
    }

    [Fact]
    public async Task A_document_comes_with_its_type_and_its_age()
    {
        host.Serve("/a", "content", "text/plain", "public, max-age=120");
        var document = await fetcher.GetAsync(new Uri(host.Url, "/a"), FetchFor.Stranger, CancellationToken.None);
        Assert.Equal("content"u8.ToArray(), document.Content);
        Assert.Equal(("text/plain", TimeSpan.FromMinutes(2)), (document.MediaType, document.MaxAge));
    }

    [Theory]
    [InlineData("no-store", 0)]
    [InlineData("no-cache, max-age=60", 0)]
    [InlineData("private", null)]
    public async Task Its_headers_say_how_long_it_may_be_kept(string cacheControl, int? seconds)
    {
        host.Serve("/a", "content", cacheControl: cacheControl);
        var document = await fetcher.GetAsync(new Uri(host.Url, "/a"), FetchFor.Stranger, CancellationToken.None);
        Assert.Equal(seconds is { } s ? TimeSpan.FromSeconds(s) : null, document.MaxAge);
    }

    // Numbers in place of names: what a name resolves to passes the same check.
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.1.2.3")]
    [InlineData("localhost")]
    [InlineData("0.0.0.0")]
    [InlineData("10.1.2.3")]
    [InlineData("100.64.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.168.1.1")]
    [InlineData("192.0.2.1")]
    [InlineData("198.19.255.255")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("168.63.129.16")]
    [InlineData("2130706433")]
    [InlineData("0x7f.1")]
    [InlineData("[::1]")]
    [InlineData("[::]")]
    [InlineData("[::ffff:10.0.0.1]")]
    [InlineData("[::ffff:169.254.169.254]")]
    [InlineData("[64:ff9b::a00:1]")]
    [InlineData("[fc00::1]")]
    [InlineData("[fe80::1]")]
    [InlineData("[fec0::1]")]
    [InlineData("[ff02::1]")]
    [InlineData("[2001:db8::1]")]
    [InlineData("[2002:a00:1::]")]
    [InlineData("[2001::1]")]
    public async Task No_address_inside_is_asked(string address)
    {
        var failure = await Assert.ThrowsAsync<FetchException>(() => strict.GetAsync(new Uri($"https://{address}:{host.Url.Port}/"), FetchFor.Stranger, CancellationToken.None));
        Assert.Equal("The host could not be reached", failure.Message);
        Assert.Contains("no public address", failure.InnerException!.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://public.example/")]
    [InlineData("ftp://public.example/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("https://user:password@public.example/")]
    [InlineData("https://user@public.example/")]
    [InlineData("https://public.example/#fragment")]
    public async Task No_other_kind_of_URL_is_asked(string url) =>
        Assert.StartsWith("The URL must", (await Assert.ThrowsAsync<FetchException>(() => fetcher.GetAsync(new Uri(url), FetchFor.Stranger, CancellationToken.None))).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Http_is_for_trusted_hosts_on_this_machine_only()
    {
        host.Serve("/a", "content");
        Assert.NotNull(strict.ProblemOf(new Uri(host.Url, "/a")));
        Assert.Null(fetcher.ProblemOf(new Uri(host.Url, "/a")));
        Assert.NotNull(fetcher.ProblemOf(new Uri($"http://localhost:{host.Url.Port}/a")));
        await Assert.ThrowsAsync<FetchException>(() => strict.GetAsync(new Uri(host.Url, "/a"), FetchFor.Stranger, CancellationToken.None));
        Assert.Equal(0, host.RequestsFor("/a"));
    }

    [Theory]
    [InlineData(StatusCodes.Status301MovedPermanently)]
    [InlineData(StatusCodes.Status302Found)]
    [InlineData(StatusCodes.Status307TemporaryRedirect)]
    public async Task No_redirect_is_followed(int status)
    {
        host.Serve("/there", "secret");
        host.Serve("/here", http =>
        {
            http.Response.StatusCode = status;
            http.Response.Headers.Location = "/there";
            return Task.CompletedTask;
        });
        await Assert.ThrowsAsync<FetchException>(() => fetcher.GetAsync(new Uri(host.Url, "/here"), FetchFor.Stranger, CancellationToken.None));
        Assert.Equal((1, 0), (host.RequestsFor("/here"), host.RequestsFor("/there")));
    }

    [Theory]
    [InlineData(64 * 1024, true)]
    [InlineData((64 * 1024) + 1, false)]
    public async Task At_most_64_KiB_are_read(int length, bool isTaken)
    {
        host.Serve("/a", new string('x', length));
        var fetching = fetcher.GetAsync(new Uri(host.Url, "/a"), FetchFor.Stranger, CancellationToken.None);
        if (isTaken)
            Assert.Equal(length, (await fetching).Content.Length);
        else
            Assert.Contains("65536", (await Assert.ThrowsAsync<FetchException>(() => fetching)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_without_an_end_is_given_up_after_5_seconds()
    {
        var begun = new TaskCompletionSource();
        host.Serve("/a", async http =>
        {
            await http.Response.WriteAsync("x");
            await http.Response.Body.FlushAsync();
            begun.SetResult();
            await Task.Delay(Timeout.Infinite, http.RequestAborted);
        });
        var fetching = fetcher.GetAsync(new Uri(host.Url, "/a"), FetchFor.Stranger, CancellationToken.None);
        await begun.Task.WaitAsync(Patience.Limit);
        Assert.Equal(1, clock.Waiting(TimeSpan.FromSeconds(5)));
        Assert.False(fetching.IsCompleted);
        clock.RunOut(TimeSpan.FromSeconds(5));
        var failure = await Assert.ThrowsAsync<FetchException>(() => fetching);
        Assert.Equal("There was no answer within the time limit", failure.Message);
    }
}
