using System.Globalization;
using System.Text.Json.Nodes;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Register;

/// <summary>Clients that registered themselves end when nobody uses them; those of the operator never do.</summary>
public sealed class UnusedClientTests
{
    private static readonly JsonArray WithRefresh = ["authorization_code", "refresh_token"];

    [Theory]
    [InMemory]
    [OnAzurite]
    public async Task An_unused_client_is_unknown_to_the_second_and_then_deleted(BackEnd backEnd)
    {
        var storage = new TestStorage(backEnd);
        await using var server = await RunningServer.StartAsync(Registrar.OpenTo(storage));
        var registrar = new Registrar(server);
        var clients = await storage.CountAsync("Clients");
        var client = await registrar.RegisterOkAsync();
        server.Clock.Advance(TimeSpan.FromDays(90) - TimeSpan.FromSeconds(1));
        (await registrar.GetAsync(client)).ShouldBeOk();
        Assert.NotNull((await new Browser(server).GetAsync(Registrar.RequestOf(client["client_id"]!).Url)).Location);
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        (await registrar.GetAsync(client)).ShouldFail("invalid_token", 401);
        Assert.Null((await new Browser(server).GetAsync(Registrar.RequestOf(client["client_id"]!).Url)).Location);
        server.Clock.Advance(TimeSpan.FromHours(1));
        await InitialAccessTests.PruneAsync(server);
        Assert.Equal((clients, 0), (await storage.CountAsync("Clients"), await storage.CountAsync("ClientEnds")));
    }

    [Fact]
    public async Task Use_keeps_it_and_is_written_down_once_a_quarter()
    {
        var storage = new TestStorage(BackEnd.Memory);
        await using var server = await RunningServer.StartAsync(Registrar.OpenTo(storage));
        var registrar = new Registrar(server);
        var client = await registrar.RegisterOkAsync();
        var (id, secret) = (client["client_id"]!, client["client_secret"]!);
        for (var day = 0; day < 120; day += 10)
        {
            storage.Script.Arm();
            var browser = new Browser(server);
            (await registrar.LoginAsync(id, secret, browser: browser)).ShouldBeOk();
            (await registrar.LoginAsync(id, secret, browser: browser)).ShouldBeOk();
            var merges = storage.Script.Operations.Count(operation => operation.ToString() == "Clients merge");
            Assert.True(merges == (day % 30 == 0 && day > 0 ? 1 : 0), $"day {day}: {merges}");
            server.Clock.Advance(TimeSpan.FromDays(10));
            await InitialAccessTests.PruneAsync(server);
            Assert.Equal(1, await storage.CountAsync("ClientEnds"));
        }
        server.Clock.Advance(TimeSpan.FromDays(91));
        await InitialAccessTests.PruneAsync(server);
        Assert.Equal(0, await storage.CountAsync("ClientEnds"));
        (await registrar.GetAsync(client)).ShouldFail("invalid_token", 401);
    }

    [Fact]
    public async Task A_refresh_is_a_use_and_its_failure_to_be_written_down_disturbs_nobody()
    {
        var storage = new TestStorage(BackEnd.Memory);
        await using var server = await RunningServer.StartAsync(Registrar.OpenTo(storage));
        var registrar = new Registrar(server);
        var client = await registrar.RegisterOkAsync(("grant_types", WithRefresh.DeepClone()), ("scope", "openid offline_access"));
        var (id, secret) = (client["client_id"]!, client["client_secret"]!);
        var tokens = (await registrar.LoginAsync(id, secret, "openid offline_access")).ShouldBeOk();
        for (var day = 0; day < 24; day += 8)
        {
            server.Clock.Advance(TimeSpan.FromDays(8));
            // The last operation of a refresh.
            storage.Script.Outage = day == 16 ? "Clients merge" : null;
            tokens = (await registrar.RefreshAsync(id, tokens.RefreshToken, secret)).ShouldBeOk();
        }
        storage.Script.Outage = null;
        Assert.Contains(server.Log.Lines, line => line.Contains(" 6004: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_client_that_is_the_operators_by_now_stays()
    {
        var storage = new TestStorage(BackEnd.Memory);
        await using var server = await RunningServer.StartAsync(Registrar.OpenTo(storage));
        var client = await new Registrar(server).RegisterOkAsync();
        await server.RegisterAsync(new() { ClientId = client["client_id"]!, RedirectUris = [Registrar.Callback], TokenEndpointAuthMethod = "none" });
        server.Clock.Advance(TimeSpan.FromDays(91));
        await InitialAccessTests.PruneAsync(server);
        Assert.Equal(0, await storage.CountAsync("ClientEnds"));
        Assert.NotNull((await new Browser(server).GetAsync(Registrar.RequestOf(client["client_id"]!).Url)).Location);
    }

    [Fact]
    public async Task Deleting_costs_as_much_as_is_due_and_not_as_much_as_there_is()
    {
        List<int> counts = [];
        foreach (var others in (int[])[0, 60])
        {
            var storage = new TestStorage(BackEnd.Memory);
            await using var server = await RunningServer.StartAsync(Registrar.OpenTo(storage));
            var registrar = new Registrar(server);
            for (var i = 0; i < 5; i++)
                await registrar.RegisterOkAsync(("software_version", i.ToString(CultureInfo.InvariantCulture)));
            server.Clock.Advance(TimeSpan.FromDays(89));
            for (var i = 0; i < others; i++)
                await registrar.RegisterOkAsync();
            server.Clock.Advance(TimeSpan.FromDays(2));
            storage.Script.Arm();
            await InitialAccessTests.PruneAsync(server);
            counts.Add(storage.Script.Operations.Count(operation => operation.Table is "Clients" or "ClientEnds" && operation.Kind != "query"));
        }
        Assert.Equal(counts[0], counts[1]);
        Assert.Equal(5 * 3, counts[0]);
    }

    [Fact]
    public async Task A_run_that_is_stopped_anywhere_is_finished_by_the_next()
    {
        for (var at = 0; at < 80; at += 7)
        {
            var storage = new TestStorage(BackEnd.Memory);
            await using var server = await RunningServer.StartAsync(Registrar.OpenTo(storage));
            var registrar = new Registrar(server);
            await registrar.RegisterOkAsync();
            var used = await registrar.RegisterOkAsync();
            server.Clock.Advance(TimeSpan.FromDays(60));
            (await registrar.LoginAsync(used["client_id"]!, used["client_secret"])).ShouldBeOk();
            server.Clock.Advance(TimeSpan.FromDays(31));
            storage.Script.Arm(new Fault(FaultKind.Status503, at % 2 == 0, at));
            try
            {
                await InitialAccessTests.PruneAsync(server);
            }
            catch (FunctionsAuth.Protocol.Errors.TemporarilyUnavailableException)
            {
                // As it should: the host runs it again.
            }
            storage.Script.Arm();
            await InitialAccessTests.PruneAsync(server);
            Assert.Equal(1, await storage.CountAsync("ClientEnds"));
            (await registrar.GetAsync(used)).ShouldBeOk();
        }
    }
}
