using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Users;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Manage;

/// <summary>Failing storage in the middle of a call, and several managers at once.</summary>
public sealed class ManageFaults
{
    private const int Crowd = 8;

    [Fact]
    public async Task An_import_in_whose_middle_storage_fails_is_mended_by_a_second_run()
    {
        var storage = new TestStorage(BackEnd.Memory);
        await using var server = await StartAsync(storage);
        var robot = await RobotAsync(server);
        var file = """
            { "scopes": [{ "name": "a.read" }, { "name": "a.write" }], "groups": [{ "name": "team" }],
              "resources": [{ "identifier": "https://a.example", "scopes": ["a.read", "a.write"] }],
              "clients": [{ "client_id": "a", "client_secret": "secret-of-the-client-a-0123456789", "grant_types": ["client_credentials"], "scope": "a.read" }] }
            """;
        var before = (await robot.GetAsync("configuration")).ShouldBe(200);
        storage.Script.Arm();
        (await robot.PutAsync("configuration?prune=true", before.Json!, before.Tag)).ShouldBe(200);
        var whole = await AppliedAsync(server, robot, file);
        for (var at = 0; ; at++)
        {
            // Back to where it began, and then once more with one operation that fails.
            var now = (await robot.GetAsync("configuration")).ShouldBe(200);
            (await robot.PutAsync("configuration?prune=true", before.Json!, now.Tag)).ShouldBe(200);
            storage.Script.Arm(new Fault(FaultKind.Status503, Applied: at % 2 == 0, at));
            var tag = (await robot.GetAsync("configuration")) is { Status: 200 } read ? read.Tag : before.Tag;
            var answer = await robot.PutAsync("configuration", file, tag);
            Assert.True(answer.Status is 200 or 503, $"{at}: {answer.Status} {answer.Json}");
            var isOver = storage.Script.Operations.Count <= at;
            storage.Script.Arm();
            Assert.Equal(whole, await AppliedAsync(server, robot, file));
            if (isOver)
                break;
        }
    }

    [Fact]
    public async Task A_change_of_a_person_that_fails_somewhere_leaves_the_names_right_and_can_be_repeated()
    {
        var storage = new TestStorage(BackEnd.Memory);
        await using var server = await StartAsync(storage);
        var robot = await RobotAsync(server);
        var users = server.Get<IUserStore>();
        for (var at = 0; ; at++)
        {
            var (former, next) = ($"name{at}", $"name{at + 1}");
            var shown = (await robot.GetAsync("users/alice-subject")).ShouldBe(200);
            if (at == 0)
                shown = (await robot.PatchAsync("users/alice-subject", new { username = former }, shown.Tag)).ShouldBe(200);
            storage.Script.Arm(new Fault(FaultKind.Status500, Applied: at % 2 == 0, at));
            var answer = await robot.PatchAsync("users/alice-subject", new { username = next }, shown.Tag);
            Assert.True(answer.Status is 200 or 503, $"{at}: {answer.Status} {answer.Json}");
            var isOver = storage.Script.Operations.Count <= at;
            storage.Script.Arm();
            var stored = (await robot.GetAsync("users/alice-subject")).ShouldBe(200);
            // Whatever name the person has now, it finds the person.
            Assert.Equal("alice-subject", await users.FindSubjectAsync(stored.Text("username")!, default));
            if (stored.Text("username") != next)
                (await robot.PatchAsync("users/alice-subject", new { username = next }, stored.Tag)).ShouldBe(200);
            Assert.Equal("alice-subject", await users.FindSubjectAsync(next, default));
            if (isOver)
                break;
        }
    }

    [Theory]
    [InMemory]
    [OnAzurite]
    public async Task Of_managers_who_change_the_same_at_once_one_is_first_and_the_others_are_told(BackEnd backEnd)
    {
        var storage = new TestStorage(backEnd);
        await using var server = await StartAsync(storage);
        var robot = await RobotAsync(server);
        (await robot.PutNewAsync("groups/team", new { })).ShouldBe(201);
        (await robot.PutNewAsync("scopes/a.read", new { })).ShouldBe(201);
        foreach (var (path, body) in new (string, Func<int, object>)[]
        {
            ("users/alice-subject", n => new JsonObject { ["claims"] = new JsonObject { ["nickname"] = $"{n}" } }),
            ("clients/web", n => new { client_name = $"{n}" }),
            ("scopes/a.read", n => new { display_name = $"{n}" }),
        })
        {
            var tag = (await robot.GetAsync(path)).ShouldBe(200).Tag;
            var answers = await Task.WhenAll(Enumerable.Range(0, Crowd).Select(n => robot.PatchAsync(path, body(n), tag)));
            Assert.Equal(1, answers.Count(answer => answer.Status == 200));
            Assert.All(answers.Where(answer => answer.Status != 200), answer => answer.ShouldFail(412, "precondition_failed"));
        }
        var made = await Task.WhenAll(Enumerable.Range(0, Crowd).Select(n => robot.PutNewAsync("clients/new", new { client_name = $"{n}", grant_types = new[] { "client_credentials" }, scope = "api.read" })));
        Assert.Equal(1, made.Count(answer => answer.Status == 201));
        var people = await Task.WhenAll(Enumerable.Range(0, Crowd).Select(_ => robot.PostAsync("users", new { username = "wanted" })));
        Assert.Equal(1, people.Count(answer => answer.Status == 201));
        Assert.All(people.Where(answer => answer.Status != 201), answer => answer.ShouldFail(409, "name_taken"));
        // One key, many requests: one of them runs.
        var keyed = await Task.WhenAll(Enumerable.Range(0, Crowd).Select(_ => robot.PostAsync("initial_access_tokens", new { label = "once" }, "one-key")));
        Assert.Single(keyed.Where(answer => answer.Status == 201).Select(answer => answer.Text("id")).Distinct());
        Assert.Single((await robot.GetAsync("initial_access_tokens")).ShouldBe(200).Items);
    }

    private static async Task<string> AppliedAsync(RunningServer server, ManageCaller robot, string file)
    {
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        var tag = (await robot.GetAsync("configuration")).ShouldBe(200).Tag;
        (await robot.PutAsync("configuration", file, tag)).ShouldBe(200);
        return (await robot.GetAsync("configuration")).ShouldBe(200).Json!.ToJsonString();
    }

    private static async Task<RunningServer> StartAsync(TestStorage storage)
    {
        var server = await RunningServer.StartAsync(storage.Setup(("Manage:RequireSecondFactor", "false"), ("Lifetimes:AccessToken", "1.00:00:00")));
        await FunctionsAuth.LocalHost.Hosting.LocalServer.ImportAsync(server.Services, ManageServer.Json);
        return server;
    }

    private static async Task<ManageCaller> RobotAsync(RunningServer server) =>
        new(server, (await new ClientApp(server, "robot").PostAsync("token", [("grant_type", "client_credentials"), ("resource", ManageServer.Resource)])).ShouldBeOk().AccessToken);
}
