using System.Text.Json;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Groups;

/// <summary>Somebody is taken out of a group while 20 requests are under way.</summary>
public sealed class GroupRaceTests
{
    private const int Many = 20;
    private const string Subject = "alice-subject";

    /// <summary>
    /// Each answer is that of a member or that of somebody else, and never half of both: its scope and its claims come of one reading of the
    /// user. And none that begins after the change has what the group gave.
    /// </summary>
    [Theory]
    [InMemory]
    [OnAzurite]
    public async Task A_change_of_groups_is_in_an_answer_as_a_whole_or_not_at_all(BackEnd backEnd)
    {
        var storage = new TestStorage(backEnd);
        await using var server = await StartAsync(storage);
        var web = new ClientApp(server);
        var alice = new Browser(server);
        var codes = new List<string>();
        var tokens = new List<JsonAnswer>();
        for (var i = 0; i < Many / 2; i++)
        {
            codes.Add(await alice.CodeAsync(web, "web", "openid offline_access api.read api.write"));
            tokens.Add((await web.RedeemAsync(await alice.CodeAsync(web, "web", "openid offline_access api.read api.write"))).ShouldBeOk());
        }

        var change = Task.Run(() => server.PutIntoGroupsAsync(Subject, "staff"));
        var answers = await Task.WhenAll(
        [
            .. codes.Select(code => Task.Run(() => web.RedeemAsync(code))),
            .. tokens.Select(held => Task.Run(() => web.RefreshAsync(held.RefreshToken))),
        ]);
        await change;
        Assert.All(answers, answer => ShouldBeWhole(answer.ShouldBeOk()));

        foreach (var answer in await Task.WhenAll(answers.Select(held => Task.Run(() => web.RefreshAsync(held.RefreshToken)))))
        {
            ShouldBeWhole(answer.ShouldBeOk());
            Assert.DoesNotContain("api.write", answer["scope"], StringComparison.Ordinal);
        }
        Assert.All(await Task.WhenAll(answers.Select(held => Task.Run(() => web.IntrospectAsync(held.AccessToken)))), answer => ShouldBeWhole(answer.ShouldBeOk().Json, answer["scope"]));
    }

    /// <summary>Whoever is taken out of the last group that opens the client gets nothing from then on, whatever was issued meanwhile.</summary>
    [Theory]
    [InMemory]
    [OnAzurite]
    public async Task After_the_last_group_is_gone_nothing_that_was_issued_meanwhile_is_good(BackEnd backEnd)
    {
        var storage = new TestStorage(backEnd);
        await using var server = await StartAsync(storage);
        var web = new ClientApp(server);
        var alice = new Browser(server);
        var tokens = new List<JsonAnswer>();
        for (var i = 0; i < Many; i++)
            tokens.Add((await web.LoginAsync("openid offline_access api.read", alice)).ShouldBeOk());

        var change = Task.Run(() => server.PutIntoGroupsAsync(Subject));
        var answers = await Task.WhenAll(tokens.Select(held => Task.Run(() => web.RefreshAsync(held.RefreshToken))));
        await change;
        Assert.All(answers, answer => Assert.True(answer.Status == 200 || answer.Error == "invalid_grant", $"{answer.Status} {answer.Json}"));

        foreach (var (held, answer) in tokens.Zip(answers))
        {
            var last = answer.Status == 200 ? answer : held;
            (await web.RefreshAsync(last.RefreshToken)).ShouldFail("invalid_grant");
            (await web.IntrospectAsync(last.AccessToken)).ShouldBeInactive();
            (await web.UserInfoAsync(last.AccessToken)).ShouldFail("invalid_token", 401);
        }
    }

    private static async Task<RunningServer> StartAsync(TestStorage storage)
    {
        var server = await RunningServer.StartAsync(storage.Setup(("CacheFor", "00:00:00")));
        var clients = server.Get<IClientStore>();
        await clients.TrySaveAsync(
            (await clients.FindAsync("web", default))! with
            {
                ScopeMaps = new Dictionary<string, IReadOnlyList<string>> { ["staff"] = ["api.read"], ["admins"] = ["api.write"] },
                ClaimMaps = new Dictionary<string, IReadOnlyDictionary<string, IReadOnlyList<string>>> { ["roles"] = new Dictionary<string, IReadOnlyList<string>> { ["admins"] = ["admin"] } },
            },
            default);
        await server.PutIntoGroupsAsync(Subject, "admins", "staff");
        return server;
    }

    private static void ShouldBeWhole(JsonAnswer answer)
    {
        ShouldBeWhole(JsonAnswer.Claims(answer.AccessToken), answer["scope"]);
        ShouldBeWhole(JsonAnswer.Claims(answer.IdToken), answer["scope"]);
    }

    private static void ShouldBeWhole(JsonElement claims, string? scope) =>
        Assert.Equal(scope!.Contains("api.write", StringComparison.Ordinal), claims.TryGetProperty("roles", out _));
}
