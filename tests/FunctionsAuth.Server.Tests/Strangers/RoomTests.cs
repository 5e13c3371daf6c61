using System.Net;
using FunctionsAuth.Server.Tests.FrontChannel;
using FunctionsAuth.Server.Tests.Harness;
using FunctionsAuth.Server.Tests.Register;

namespace FunctionsAuth.Server.Tests.Strangers;

/// <summary>How many rows strangers make the server write, and reads that anybody can cause.</summary>
public sealed class RoomTests
{
    /// <summary>What a request of 28,000 characters counts as.</summary>
    private const int Shares = 7;

    private static Dictionary<string, string?> Forwarded => new() { ["ClientAddress:Source"] = "forwarded", ["Registration:Mode"] = "open" };

    [Fact]
    public async Task A_browser_begins_200_requests_and_a_large_one_counts_as_several()
    {
        await using var server = await RunningServer.StartAsync();
        var browser = new Browser(server);
        await browser.GetAsync(new AuthorizationParameters().Url);
        var large = new AuthorizationParameters().With("state", new string('x', 28_000)).Url;
        var begun = 0;
        while ((await browser.GetAsync(large)).Status == HttpStatusCode.SeeOther)
            begun++;
        Assert.Equal(200 / Shares, begun);
        var refused = await browser.GetAsync(large);
        Expect.Page(refused, "too many requests", HttpStatusCode.TooManyRequests);
        Assert.Equal(TimeSpan.FromSeconds(6), refused.Response.Headers.RetryAfter!.Delta!.Value);
        Assert.Equal(HttpStatusCode.SeeOther, (await new Browser(server).GetAsync(large)).Status);
    }

    [Fact]
    public async Task A_source_without_cookies_begins_300_requests_and_all_together_2000()
    {
        var storage = new TestStorage(BackEnd.Memory);
        await using var server = await RunningServer.StartAsync(storage.Setup() with { Settings = Forwarded });
        var large = new AuthorizationParameters().With("state", new string('x', 28_000)).Url;
        Assert.Equal(300 / Shares, await BeginAsync(server, large, 60, _ => "203.0.113.7"));
        Assert.Equal((2000 - (300 / Shares * Shares)) / Shares, await BeginAsync(server, large, 300, i => $"198.51.{i / 200}.{i % 200}"));
    }

    [Fact]
    public async Task What_a_public_client_pushes_counts_as_well()
    {
        await using var server = await RunningServer.StartAsync(new ServerSetup { Settings = Forwarded });
        var form = new AuthorizationParameters("spa", "https://spa.example/callback").With("state", new string('x', 28_000)).All.ToList();
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < (300 / Shares) + 2; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "par") { Content = new FormUrlEncodedContent(form), Headers = { { "X-Forwarded-For", "203.0.113.7" } } };
            statuses.Add((await server.Http.SendAsync(request)).StatusCode);
        }
        Assert.Equal(300 / Shares, statuses.Count(status => status == HttpStatusCode.Created));
        Assert.Equal(2, statuses.Count(status => status == HttpStatusCode.TooManyRequests));
    }

    [Fact]
    public async Task A_source_registers_20_clients_in_an_hour_and_leaves_the_rest_to_others()
    {
        await using var server = await RunningServer.StartAsync(new ServerSetup { Settings = Forwarded });
        Assert.Equal(20, await RegisterAsync(server, 25, _ => "203.0.113.7"));
        Assert.Equal(5, await RegisterAsync(server, 5, i => $"198.51.100.{i}"));
        server.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(1, await RegisterAsync(server, 1, _ => "203.0.113.7"));
    }

    [Fact]
    public async Task Once_an_hour_is_used_up_a_registration_reads_nothing()
    {
        var storage = new TestStorage(BackEnd.Memory);
        await using var server = await RunningServer.StartAsync(Registrar.OpenTo(storage, ("Registration:OpenLimitPerHour", "3")));
        var registrar = new Registrar(server);
        for (var i = 0; i < 3; i++)
            await registrar.RegisterOkAsync();
        (await registrar.RegisterAsync()).ShouldFail("temporarily_unavailable", 429);
        storage.Script.Arm();
        (await registrar.RegisterAsync()).ShouldFail("temporarily_unavailable", 429);
        Assert.Empty(storage.Script.Operations);
    }

    [Fact]
    public async Task Whether_storage_answers_is_looked_up_once_in_5_seconds()
    {
        var storage = new TestStorage(BackEnd.Memory);
        await using var server = await RunningServer.StartAsync(storage.Setup());
        storage.Script.Arm();
        for (var i = 0; i < 20; i++)
            Assert.Equal(HttpStatusCode.OK, (await server.Http.GetAsync("health/ready")).StatusCode);
        Assert.Single(storage.Script.Operations);
        server.Clock.Advance(TimeSpan.FromSeconds(5));
        await server.Http.GetAsync("health/ready");
        Assert.Equal(2, storage.Script.Operations.Count);
    }

    [Fact]
    public async Task A_client_that_is_unknown_and_one_with_a_wrong_secret_are_told_apart_by_nothing()
    {
        var storage = new TestStorage(BackEnd.Memory);
        await using var server = await RunningServer.StartAsync(storage.Setup());
        // The client is in memory, as one that is used.
        await new Browser(server).GetAsync(new AuthorizationParameters().Url);
        var seen = new List<string>();
        foreach (var clientId in (string[])["web", "nobody"])
        {
            foreach (var credentials in (string[])[$"&client_id={clientId}&client_secret=wrong", $"&client_id={clientId}"])
            {
                storage.Script.Arm();
                var first = await server.PostAsync("token", "grant_type=client_credentials" + credentials);
                var operations = string.Join(' ', storage.Script.Operations);
                storage.Script.Arm();
                await server.PostAsync("token", "grant_type=client_credentials" + credentials);
                seen.Add($"{credentials.Replace(clientId, "", StringComparison.Ordinal)} {first.Status} {first.Json} {operations}, then {string.Join(' ', storage.Script.Operations)}");
            }
        }
        Assert.Equal(seen.Take(2), seen.Skip(2));
        Assert.Contains("Clients read Audit insert, then Audit insert", seen[0], StringComparison.Ordinal);
    }

    private static async Task<int> BeginAsync(RunningServer server, string url, int count, Func<int, string> source)
    {
        var begun = 0;
        for (var i = 0; i < count; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, url) { Headers = { { "X-Forwarded-For", source(i) } } };
            begun += (await server.Http.SendAsync(request)).StatusCode == HttpStatusCode.SeeOther ? 1 : 0;
        }
        return begun;
    }

    private static async Task<int> RegisterAsync(RunningServer server, int count, Func<int, string> source)
    {
        var registered = 0;
        for (var i = 0; i < count; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "register")
            {
                Content = System.Net.Http.Json.JsonContent.Create(Registrar.Metadata()),
                Headers = { { "X-Forwarded-For", source(i) } },
            };
            registered += (await server.Http.SendAsync(request)).StatusCode == HttpStatusCode.Created ? 1 : 0;
        }
        return registered;
    }
}
