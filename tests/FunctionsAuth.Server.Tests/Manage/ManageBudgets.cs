using System.Globalization;
using System.Text.RegularExpressions;
using FunctionsAuth.Protocol.Manage.Api;
using FunctionsAuth.Server.Tests.Harness;
using Xunit.Abstractions;

namespace FunctionsAuth.Server.Tests.Manage;

/// <summary>What the calls of the management API cost, and that the cost does not grow with the people and clients that there are.</summary>
public sealed partial class ManageBudgets(ITestOutputHelper output)
{
    /// <summary>2,000 people and 200 clients in memory. FUNCTIONSAUTH_SCALE names another number of people, who are put into Azurite: that takes time.</summary>
    private static readonly int? Scale = int.TryParse(Environment.GetEnvironmentVariable("FUNCTIONSAUTH_SCALE"), CultureInfo.InvariantCulture, out var people) ? people : null;

    private static int People => Scale ?? 2_000;

    private static BackEnd BackEnd => Scale is null ? BackEnd.Memory : BackEnd.Azurite;

    [Fact]
    public async Task Finding_listing_disabling_and_revoking_cost_the_same_among_many_as_among_few()
    {
        var few = await MeasureAsync(0);
        var many = await MeasureAsync(People);
        foreach (var (call, cost) in few)
            output.WriteLine($"{call}: {cost} among few, {many[call]} among {People}");
        Assert.Equal(few, many);
    }

    [Fact]
    public async Task No_operation_costs_more_than_it_says()
    {
        var storage = new TestStorage(BackEnd.Memory);
        await using var server = await StartAsync(storage);
        var robot = await RobotAsync(server);
        foreach (var operation in server.Get<ManageApi>().Operations.Where(operation => operation.Method == "GET"))
        {
            var path = Parameter().Replace(operation.Path, match => match.Value switch
            {
                "{client}" => "web",
                "{group}" => "staff",
                "{scope}" => "api.read",
                "{resource}" => ResourceKey.Of("https://api.example"),
                _ => "alice-subject",
            });
            // The first call reads what is cached.
            await robot.GetAsync(path + (operation.Query.Any(query => query.Name == "limit") ? "?limit=1" : ""));
            var cost = await CountAsync(storage, () => robot.GetAsync(path + (operation.Query.Any(query => query.Name == "limit") ? "?limit=1" : "")));
            Assert.True(cost <= operation.Cost, $"{operation.Id} took {cost} operations, and says {operation.Cost}");
        }
    }

    private static async Task<SortedDictionary<string, int>> MeasureAsync(int people)
    {
        var storage = new TestStorage(BackEnd);
        await using var server = await StartAsync(storage);
        var robot = await RobotAsync(server);
        for (var first = 1; first <= people; first += 1_000)
        {
            var lines = Enumerable.Range(first, Math.Min(1_000, people - first + 1)).Select(n => $$"""{ "username": "person{{n:D6}}", "groups": ["staff"] }""");
            var report = (await robot.SendAsync("POST", "users/import", string.Join('\n', lines), ("Content-Type", "application/x-ndjson"))).ShouldBe(200);
            Assert.Equal(0, (int)report["failed"]!);
        }
        for (var n = 1; n <= people / 10; n++)
            await server.RegisterAsync(new Protocol.Clients.Client { ClientId = $"client{n:D6}", TokenEndpointAuthMethod = "none" });
        (await robot.PutNewAsync("users/zoe-subject", new { username = "zoe", password_hash = RunningServer.HashOfPassword, groups = new[] { "staff" } })).ShouldBe(201);
        (await new ClientApp(server).LoginAsync("openid offline_access", new Browser(server), "zoe")).ShouldBeOk();
        var costs = new SortedDictionary<string, int>(StringComparer.Ordinal);
        await MeasureAsync("find by name", () => robot.GetAsync("users?login_name=zoe"));
        await MeasureAsync("find by prefix", () => robot.GetAsync("users?prefix=zo"));
        await MeasureAsync("list one", () => robot.GetAsync("users?limit=1"));
        await MeasureAsync("list one member", () => robot.GetAsync("groups/staff/members?limit=1"));
        await MeasureAsync("list one client", () => robot.GetAsync("clients?limit=1"));
        await MeasureAsync("who uses a client", () => robot.GetAsync("clients/web/usage"));
        await MeasureAsync("sessions of a person", () => robot.GetAsync("users/zoe-subject/sessions"));
        await MeasureAsync("revoke a consent", () => robot.PostAsync("users/zoe-subject/consents/web/revoke"));
        await MeasureAsync("sign out", () => robot.PostAsync("users/zoe-subject/sign_out"));
        await MeasureAsync("disable", () => robot.PostAsync("users/zoe-subject/disable"));
        return costs;

        async Task MeasureAsync(string name, Func<Task<ManageAnswer>> call) => costs[name] = await CountAsync(storage, call);
    }

    private static async Task<int> CountAsync(TestStorage storage, Func<Task<ManageAnswer>> call)
    {
        storage.Script.Arm();
        var answer = await call();
        Assert.True(answer.Status is 200 or 204 or 404, $"{answer.Status} {answer.Json}");
        return storage.Script.Operations.Count;
    }

    private static async Task<RunningServer> StartAsync(TestStorage storage)
    {
        var server = await RunningServer.StartAsync(storage.Setup().With(("Manage:RequireSecondFactor", "false")));
        await FunctionsAuth.LocalHost.Hosting.LocalServer.ImportAsync(server.Services, ManageServer.Json);
        return server;
    }

    private static async Task<ManageCaller> RobotAsync(RunningServer server) =>
        new(server, (await new ClientApp(server, "robot").PostAsync("token", [("grant_type", "client_credentials")])).ShouldBeOk().AccessToken);

    [GeneratedRegex(@"\{[a-z_]+\}")]
    private static partial Regex Parameter();
}
