using System.Collections.Concurrent;
using System.Diagnostics;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using FunctionsAuth.Azure;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Keys;

/// <summary>
/// The client pipeline of tables and vaults, with a transport that plays the service: two fast retries, and none where the
/// service wants to be left alone for longer than a request can wait.
/// </summary>
public sealed class PipelineTests
{
    private readonly Transport transport = new();
    private readonly HttpPipeline pipeline;

    public PipelineTests()
    {
        var options = AzureServices.TableOptions();
        options.Transport = transport;
        pipeline = HttpPipelineBuilder.Build(options);
    }

    [Theory]
    [InlineData(408)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    public async Task What_may_pass_is_tried_three_times(int status)
    {
        transport.Answer = _ => new VaultResponse(status);
        Assert.Equal(status, (await SendAsync()).Status);
        Assert.Equal(3, transport.Times.Count);
    }

    [Fact]
    public async Task A_retry_that_succeeds_is_all_that_the_caller_sees()
    {
        transport.Answer = request => new VaultResponse(request == 2 ? 200 : 503);
        Assert.Equal(200, (await SendAsync()).Status);
        Assert.Equal(2, transport.Times.Count);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(409)]
    [InlineData(412)]
    public async Task A_refusal_is_not_tried_again(int status)
    {
        transport.Answer = _ => new VaultResponse(status);
        Assert.Equal(status, (await SendAsync()).Status);
        Assert.Single(transport.Times);
    }

    [Fact]
    public async Task A_short_Retry_After_is_kept()
    {
        transport.Answer = request => request == 1 ? new VaultResponse(429, ("Retry-After", "1")) : new VaultResponse(200);
        Assert.Equal(200, (await SendAsync()).Status);
        Assert.Equal(2, transport.Times.Count);
        Assert.True(transport.Times.Last() - transport.Times.First() >= TimeSpan.FromSeconds(0.95), string.Join(' ', transport.Times));
    }

    [Theory]
    [InlineData(429, "2")]
    [InlineData(429, "120")]
    [InlineData(503, "2")]
    [InlineData(503, "120")]
    public async Task Who_wants_to_be_left_alone_for_longer_is_not_asked_again_and_the_caller_is_told(int status, string seconds)
    {
        transport.Answer = _ => new VaultResponse(status, ("Retry-After", seconds));
        var response = await SendAsync();
        Assert.Equal(status, response.Status);
        Assert.Equal(seconds, response.Headers.TryGetValue("Retry-After", out var told) ? told : null);
        Assert.Single(transport.Times);
    }

    [Fact]
    public async Task Nor_is_who_says_it_with_a_date()
    {
        var date = new DateTimeOffset(2040, 3, 3, 12, 0, 0, TimeSpan.Zero);
        transport.Answer = _ => new VaultResponse(503, ("Date", date.ToString("r")), ("Retry-After", date.AddSeconds(20).ToString("r")));
        await SendAsync();
        Assert.Single(transport.Times);
    }

    [Fact]
    public async Task A_second_answer_that_asks_for_more_time_ends_it()
    {
        transport.Answer = request => request == 1 ? new VaultResponse(503) : new VaultResponse(429, ("Retry-After", "30"));
        Assert.Equal(429, (await SendAsync()).Status);
        Assert.Equal(2, transport.Times.Count);
    }

    [Fact]
    public async Task A_connection_that_fails_is_tried_three_times()
    {
        transport.Answer = _ => throw new RequestFailedException(0, "Connection refused", new HttpRequestException("Connection refused"));
        var failure = await Assert.ThrowsAsync<AggregateException>(SendAsync);
        Assert.Equal(3, failure.InnerExceptions.Count);
        Assert.Equal(3, transport.Times.Count);
    }

    [Fact]
    public async Task A_call_that_was_given_up_is_not_tried_again()
    {
        using var patience = new CancellationTokenSource();
        transport.Answer = _ =>
        {
            patience.Cancel();
            throw new TaskCanceledException("The operation was cancelled.");
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => SendAsync(patience.Token));
        Assert.Single(transport.Times);
    }

    [Fact]
    public void An_answer_is_waited_for_no_longer_than_three_seconds() => Assert.Equal(TimeSpan.FromSeconds(3), AzureServices.TableOptions().Retry.NetworkTimeout);

    private Task<Response> SendAsync() => SendAsync(CancellationToken.None);

    private async Task<Response> SendAsync(CancellationToken cancellation)
    {
        var request = pipeline.CreateRequest();
        request.Method = RequestMethod.Post;
        request.Uri.Reset(new Uri("https://vault.example/keys/signing-rsa/1/sign"));
        return await pipeline.SendRequestAsync(request, cancellation);
    }

    /// <summary>Answers as the test says, and remembers when each request came.</summary>
    private sealed class Transport : HttpPipelineTransport
    {
        private readonly HttpClientTransport requests = new();
        private readonly Stopwatch watch = Stopwatch.StartNew();

        public ConcurrentQueue<TimeSpan> Times { get; } = new();

        /// <summary>By the number of the request, the first is 1.</summary>
        public Func<int, Response> Answer { get; set; } = _ => new VaultResponse(200);

        public override Request CreateRequest() => requests.CreateRequest();

        public override ValueTask ProcessAsync(HttpMessage message)
        {
            Times.Enqueue(watch.Elapsed);
            message.Response = Answer(Times.Count);
            return ValueTask.CompletedTask;
        }

        public override void Process(HttpMessage message) => throw new NotSupportedException();
    }
}
