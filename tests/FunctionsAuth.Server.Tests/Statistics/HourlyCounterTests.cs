using Azure;
using FunctionsAuth.Protocol.Prune;
using FunctionsAuth.Protocol.Statistics;
using FunctionsAuth.Server.Tests.FrontChannel;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Statistics;

/// <summary>What the dashboard's numbers are made of: counted in memory, written at most once a minute, and added up over all instances.</summary>
public sealed class HourlyCounterTests
{
    private static readonly string Tokens = CounterNames.TokensBy("client_credentials");

    [Theory]
    [InMemory]
    [OnAzurite]
    public async Task The_counts_of_two_instances_and_two_hours_add_up(BackEnd backEnd)
    {
        var storage = new TestStorage(backEnd);
        await using var one = await RunningServer.StartAsync(storage.Setup());
        await using var two = await RunningServer.StartAsync(storage.Setup() with { Import = false });
        var start = one.Clock.GetUtcNow();
        await TokenAsync(one);
        await TokenAsync(two);
        var browser = new Browser(two);
        var page = await browser.FollowAsync(await browser.GetAsync(new AuthorizationParameters().Url));
        Expect.Code(await browser.LoginAsync(await browser.LoginAsync(page, password: "wrong")));
        Assert.Equal("invalid_grant", (await new ClientApp(two).RedeemAsync("made-up"))["error"]);
        one.Clock.Advance(TimeSpan.FromHours(1));
        await TokenAsync(one);
        await one.Get<HourlyCounters>().WriteAllAsync();
        await two.Get<HourlyCounters>().WriteAllAsync();
        // A row for each hour of each instance.
        Assert.Equal(3, await storage.CountAsync("Statistics"));

        var reader = one.Get<StatisticsReader>();
        var hours = await reader.ReadAsync(start.AddDays(-1), start.AddDays(1), default);
        Assert.Equal([start, start.AddHours(1)], hours.Select(hour => hour.Hour));
        Assert.Equal((2, 1, 1, 1, 0), (hours[0][Tokens], hours[0][CounterNames.SignIns], hours[0][CounterNames.FailedSignIns], hours[0][CounterNames.TokenErrors], hours[0][CounterNames.NewAccounts]));
        Assert.Equal(1, hours[1][Tokens]);
        Assert.Equal(start.AddHours(1), Assert.Single(await reader.ReadAsync(start.AddHours(1), start.AddHours(2), default)).Hour);
        Assert.Empty(await reader.ReadAsync(start.AddHours(2), start.AddHours(2), default));

        one.Clock.Advance(TimeSpan.FromDays(91));
        await one.Get<Pruner>().RunAsync(default);
        Assert.Equal(0, await storage.CountAsync("Statistics"));
    }

    [Fact]
    public async Task A_request_that_passes_writes_one_row_at_most_once_a_minute()
    {
        var storage = new TestStorage(BackEnd.Memory);
        await using var server = await RunningServer.StartAsync(storage.Setup());
        await TokenAsync(server);
        // The first write makes the table.
        await server.Get<HourlyCounters>().WriteAllAsync();
        storage.Script.Arm();
        await TokenAsync(server);
        Assert.Equal(0, Writes());
        server.Clock.Advance(TimeSpan.FromMinutes(1));
        await TokenAsync(server);
        await TokenAsync(server);
        Assert.Equal(1, Writes());
        Assert.Equal(2, await SumAsync(server));
        // What could not be written is written a minute later, and its request was answered.
        storage.Script.Before = operation =>
        {
            if (operation.ToString() == "Statistics upsert")
                throw new RequestFailedException(503, "The server is busy.", "ServerBusy", null);
        };
        server.Clock.Advance(TimeSpan.FromMinutes(1));
        await TokenAsync(server);
        Assert.Contains(server.Log.Lines, line => line.Contains("The hourly counters could not be written", StringComparison.Ordinal));
        storage.Script.Before = null;
        await TokenAsync(server);
        Assert.Equal(2, await SumAsync(server));
        server.Clock.Advance(TimeSpan.FromMinutes(1));
        await TokenAsync(server);
        Assert.Equal(6, await SumAsync(server));
        // An hour that is over and a new one take a request each.
        server.Clock.Advance(TimeSpan.FromHours(1));
        storage.Script.Arm();
        await TokenAsync(server);
        await TokenAsync(server);
        server.Clock.Advance(TimeSpan.FromMinutes(1));
        await TokenAsync(server);
        Assert.Equal(2, Writes());
        Assert.Equal(9, await SumAsync(server));
        Assert.Equal(2, await storage.CountAsync("Statistics"));

        int Writes() => storage.Script.Operations.Count(operation => operation.ToString() == "Statistics upsert");
    }

    [Fact]
    public async Task Where_the_setting_is_off_nothing_is_written()
    {
        var storage = new TestStorage(BackEnd.Memory);
        await using var server = await RunningServer.StartAsync(storage.Setup(("Statistics:Enabled", "false")));
        await TokenAsync(server);
        server.Clock.Advance(TimeSpan.FromHours(1));
        await TokenAsync(server);
        await server.Get<HourlyCounters>().WriteAllAsync();
        Assert.Equal(0, await storage.CountAsync("Statistics"));
    }

    private static async Task TokenAsync(RunningServer server) =>
        (await new ClientApp(server, "service").PostAsync("token", [("grant_type", "client_credentials")])).ShouldBeOk();

    private static async Task<long> SumAsync(RunningServer server)
    {
        var now = server.Clock.GetUtcNow();
        return (await server.Get<StatisticsReader>().ReadAsync(now.AddHours(-3), now.AddHours(1), default)).Sum(hour => hour[Tokens]);
    }
}
