using System.Net;
using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Fetch;
using FunctionsAuth.Protocol.Limits;
using FunctionsAuth.Server.Tests.Harness;
using FunctionsAuth.Server.Tests.Register;

namespace FunctionsAuth.Server.Tests.Strangers;

/// <summary>How much strangers make the server fetch: per source, per host, in total, and nothing before it is paid for.</summary>
public sealed class FetchLimitTests : IAsyncLifetime
{
    private const int OfSource = 20;
    private const int OfAll = 120;

    private readonly TestClock clock = new();
    private ClientHost host = null!;
    private RunningServer server = null!;
    private int fetched;

    public async Task InitializeAsync()
    {
        host = await ClientHost.StartAsync();
        server = await RunningServer.StartAsync(new ServerSetup
        {
            Settings = new()
            {
                ["ClientIdMetadataDocuments"] = "true",
                ["Fetch:TrustedHosts:0"] = "127.0.0.1",
                ["ClientAddress:Source"] = "forwarded",
                ["Registration:Mode"] = "open",
            },
        });
    }

    public async Task DisposeAsync()
    {
        await server.DisposeAsync();
        await host.DisposeAsync();
    }

    [Fact]
    public async Task A_source_makes_it_fetch_20_documents_and_then_one_in_3_seconds()
    {
        Assert.Equal(OfSource, await AskAsync(OfSource + 5, _ => "203.0.113.7"));
        var refused = await AskAsync("/more", "203.0.113.7");
        Assert.Equal((HttpStatusCode.TooManyRequests, TimeSpan.FromSeconds(3)), (refused.StatusCode, refused.Headers.RetryAfter!.Delta!.Value));
        Assert.Equal(1, await AskAsync(1, _ => "203.0.113.8"));
        server.Clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(1, await AskAsync(5, _ => "203.0.113.7"));
    }

    [Fact]
    public async Task All_sources_together_make_it_fetch_120_documents_and_then_10_in_a_second()
    {
        Assert.Equal(OfAll, await AskAsync(OfAll + 50, i => $"203.0.113.{i}"));
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(10, await AskAsync(50, i => $"198.51.100.{i}"));
    }

    [Fact]
    public async Task A_client_that_is_known_goes_on_while_nothing_more_may_be_fetched()
    {
        Serve("/known");
        Assert.Equal(HttpStatusCode.SeeOther, (await AskAsync("/known", "192.0.2.1")).StatusCode);
        server.Clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(OfAll, await AskAsync(OfAll + 50, i => $"203.0.113.{i}"));
        Assert.Equal(HttpStatusCode.SeeOther, (await AskAsync("/known", "192.0.2.1")).StatusCode);
        Assert.Equal(1, host.RequestsFor("/known"));
    }

    [Fact]
    public async Task A_registration_that_fails_at_its_sector_is_counted_before_it_is_fetched()
    {
        host.Serve("/sector", "[]");
        await using var limited = await RunningServer.StartAsync(new ServerSetup
        {
            Settings = new() { ["Fetch:TrustedHosts:0"] = "127.0.0.1", ["Registration:Mode"] = "open", ["Registration:OpenLimitPerHour"] = "2" },
        });
        var registrar = new Registrar(limited);
        var wish = Registrar.Metadata(("subject_type", "pairwise"), ("sector_identifier_uri", new Uri(host.Url, "/sector").AbsoluteUri));
        for (var i = 0; i < 2; i++)
        {
            (await registrar.RegisterAsync(wish)).ShouldFail("invalid_client_metadata");
            limited.Clock.Advance(TimeSpan.FromMinutes(1));
        }
        for (var i = 0; i < 5; i++)
            (await registrar.RegisterAsync(wish)).ShouldFail("temporarily_unavailable", 429);
        Assert.Equal(2, host.RequestsFor("/sector"));
    }

    [Fact]
    public async Task A_sector_document_that_can_not_be_used_is_asked_for_once_in_a_while_and_uses_no_token_up()
    {
        host.Serve("/sector", "no JSON");
        var registrar = new Registrar(server);
        var token = await registrar.NewTokenAsync();
        var wish = Registrar.Metadata(("subject_type", "pairwise"), ("sector_identifier_uri", new Uri(host.Url, "/sector").AbsoluteUri));
        for (var i = 0; i < 3; i++)
            (await registrar.RegisterAsync(wish, token)).ShouldFail("invalid_client_metadata");
        Assert.Equal(1, host.RequestsFor("/sector"));
        host.Serve("/sector", new JsonArray(Registrar.Callback).ToJsonString());
        server.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(201, (await registrar.RegisterAsync(wish, token)).Status);
    }

    [Theory]
    [InlineData("request.jwt", 10)]
    [InlineData("request.jwt#abc", 300)]
    [InlineData("missing.jwt", 10)]
    public async Task A_request_uri_is_fetched_once_in_a_while_also_where_it_fails(string path, int seconds)
    {
        host.Serve("/request.jwt", "no JWT", "application/jwt");
        var url = $"{host.Url}{path}";
        await LocalHost.Hosting.LocalServer.ImportAsync(server.Services, $$"""
            { "clients": [{ "client_id": "signing", "token_endpoint_auth_method": "none", "redirect_uris": ["{{Registrar.Callback}}"], "scope": "openid",
              "jwks": { "keys": [{{new ClientKey().Jwk().ToJsonString()}}] }, "request_uris": ["{{url}}"] }] }
            """);
        async Task<int> AskTwiceAsync()
        {
            for (var i = 0; i < 2; i++)
                Assert.Contains("error=", (await new Browser(server).GetAsync(Registrar.RequestOf("signing").With("request_uri", url).Url)).Location, StringComparison.Ordinal);
            return host.RequestsFor("/" + path.Split('#')[0]);
        }
        Assert.Equal(1, await AskTwiceAsync());
        server.Clock.Advance(TimeSpan.FromSeconds(seconds));
        Assert.Equal(2, await AskTwiceAsync());
    }

    [Fact]
    public async Task A_host_is_asked_30_times_and_then_once_in_a_second_and_by_four_at_once()
    {
        var options = new ServerOptions();
        using var limits = new FetchLimits(new RequestSource(options), options, clock);
        var url = new Uri("https://app.example/client.json");
        List<IDisposable> turns = [];
        for (var i = 0; i < 4; i++)
            turns.Add(await limits.EnterAsync(url, FetchFor.Stranger, CancellationToken.None));
        var fifth = limits.EnterAsync(url, FetchFor.Stranger, CancellationToken.None);
        Assert.False(fifth.IsCompleted);
        (await limits.EnterAsync(new Uri("https://other.example/"), FetchFor.Stranger, CancellationToken.None)).Dispose();
        turns.ForEach(turn => turn.Dispose());
        (await fifth).Dispose();
        for (var i = 5; i < 30; i++)
            (await limits.EnterAsync(url, FetchFor.Stranger, CancellationToken.None)).Dispose();
        var refused = await Assert.ThrowsAsync<OAuthException>(() => limits.EnterAsync(url, FetchFor.Stranger, CancellationToken.None));
        Assert.Equal((429, TimeSpan.FromSeconds(1)), (refused.Status, refused.RetryAfter));
        clock.Advance(TimeSpan.FromSeconds(1));
        (await limits.EnterAsync(url, FetchFor.Stranger, CancellationToken.None)).Dispose();
    }

    [Fact]
    public async Task Strangers_use_up_nothing_of_the_operators_clients()
    {
        var options = new ServerOptions();
        using var limits = new FetchLimits(new RequestSource(options), options, clock);
        for (var i = 0; i < OfAll; i++)
            (await limits.EnterAsync(new Uri($"https://app-{i}.example/"), FetchFor.Stranger, CancellationToken.None)).Dispose();
        var url = new Uri("https://one-more.example/");
        await Assert.ThrowsAsync<OAuthException>(() => limits.EnterAsync(url, FetchFor.Stranger, CancellationToken.None));
        (await limits.EnterAsync(url, FetchFor.OperatorsClient, CancellationToken.None)).Dispose();
    }

    /// <summary>Authorization requests of clients that nobody has met, each from the source that is given.</summary>
    /// <returns>How many documents were fetched for them.</returns>
    private async Task<int> AskAsync(int count, Func<int, string> source)
    {
        var before = fetched;
        for (var i = 0; i < count; i++)
        {
            var path = $"/{Guid.NewGuid():n}";
            Serve(path);
            await AskAsync(path, source(i));
        }
        return fetched - before;
    }

    private Task<HttpResponseMessage> AskAsync(string path, string source) => server.Http.SendAsync(
        new HttpRequestMessage(HttpMethod.Get, Registrar.RequestOf(new Uri(host.Url, path).AbsoluteUri).Url) { Headers = { { "X-Forwarded-For", $"10.9.8.7, {source}" } } });

    private void Serve(string path) => host.Serve(path, http =>
    {
        Interlocked.Increment(ref fetched);
        http.Response.ContentType = "application/json";
        return Microsoft.AspNetCore.Http.HttpResponseWritingExtensions.WriteAsync(
            http.Response, Registrar.Metadata(("client_id", new Uri(host.Url, path).AbsoluteUri)).ToJsonString());
    });
}
