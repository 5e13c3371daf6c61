using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Storage;

/// <summary>50 requests with one code or one refresh token. They are held back until each has read the grant, so that no order helps.</summary>
public sealed class RaceTests
{
    private const int Many = 50;

    [Theory]
    [InMemory]
    [OnAzurite]
    public async Task Of_many_redemptions_of_one_code_one_wins_and_the_reuse_revokes_its_grant(BackEnd backEnd)
    {
        var storage = new TestStorage(backEnd);
        await using var server = await RunningServer.StartAsync(storage.Setup());
        var web = new ClientApp(server);
        var code = await new Browser(server).CodeAsync(web, "web", "openid offline_access");

        var answers = await AtOnceAsync(storage, _ => web.RedeemAsync(code));

        var winner = Assert.Single(answers, answer => answer.Status == 200).ShouldBeOk();
        Assert.All(answers.Where(answer => answer.Status != 200), answer => answer.ShouldFail("invalid_grant"));
        await web.ShouldBeRevokedAsync(winner);
        (await web.IntrospectAsync(winner.AccessToken)).ShouldBeInactive();
        (await web.IntrospectAsync(winner.RefreshToken)).ShouldBeInactive();
    }

    [Theory]
    [InMemory]
    [OnAzurite]
    public async Task With_a_grace_window_one_refresh_token_gives_many_requests_one_and_the_same_successor(BackEnd backEnd)
    {
        var storage = new TestStorage(backEnd);
        await using var server = await RunningServer.StartAsync(storage.Setup());
        var web = new ClientApp(server);
        var tokens = (await web.LoginAsync()).ShouldBeOk();

        var answers = await AtOnceAsync(storage, _ => web.RefreshAsync(tokens.RefreshToken));

        Assert.All(answers, answer => answer.ShouldBeOk());
        var successor = Assert.Single(answers.Select(answer => answer.RefreshToken).Distinct());
        Assert.NotEqual(tokens.RefreshToken, successor);
        // The family has not forked: the one successor goes on.
        (await web.RefreshAsync(successor)).ShouldBeOk();
    }

    [Theory]
    [InMemory]
    [OnAzurite]
    public async Task Without_a_grace_window_one_request_wins_and_the_family_ends(BackEnd backEnd)
    {
        var storage = new TestStorage(backEnd);
        await using var server = await RunningServer.StartAsync(storage.Setup(("Lifetimes:RefreshTokenGrace", "00:00:00")));
        var web = new ClientApp(server);
        var tokens = (await web.LoginAsync()).ShouldBeOk();

        var answers = await AtOnceAsync(storage, _ => web.RefreshAsync(tokens.RefreshToken));

        var winner = Assert.Single(answers, answer => answer.Status == 200).ShouldBeOk();
        Assert.All(answers.Where(answer => answer.Status != 200), answer => answer.ShouldFail("invalid_grant"));
        await web.ShouldBeRevokedAsync(winner);
        (await web.IntrospectAsync(winner.AccessToken)).ShouldBeInactive();
    }

    [Theory]
    [InMemory]
    [OnAzurite]
    public async Task Two_instances_on_the_same_tables_let_one_redemption_win(BackEnd backEnd)
    {
        var storage = new TestStorage(backEnd);
        await using var one = await RunningServer.StartAsync(storage.Setup());
        await using var two = await RunningServer.StartAsync(storage.Setup());
        var code = await new Browser(one).CodeAsync(new ClientApp(one), "web", "openid offline_access");

        var answers = await AtOnceAsync(storage, i => new ClientApp(i % 2 == 0 ? one : two).RedeemAsync(code));

        var winner = Assert.Single(answers, answer => answer.Status == 200).ShouldBeOk();
        foreach (var server in (RunningServer[])[one, two])
            (await new ClientApp(server).RefreshAsync(winner.RefreshToken)).ShouldFail("invalid_grant");
    }

    [Theory]
    [InMemory]
    [OnAzurite]
    public async Task Two_instances_on_the_same_tables_give_the_same_successor(BackEnd backEnd)
    {
        var storage = new TestStorage(backEnd);
        await using var one = await RunningServer.StartAsync(storage.Setup());
        await using var two = await RunningServer.StartAsync(storage.Setup());
        var tokens = (await new ClientApp(one).LoginAsync()).ShouldBeOk();

        var answers = await AtOnceAsync(storage, i => new ClientApp(i % 2 == 0 ? one : two).RefreshAsync(tokens.RefreshToken));

        Assert.All(answers, answer => answer.ShouldBeOk());
        var successor = Assert.Single(answers.Select(answer => answer.RefreshToken).Distinct());
        (await new ClientApp(two).RefreshAsync(successor)).ShouldBeOk();
    }

    private static async Task<JsonAnswer[]> AtOnceAsync(TestStorage storage, Func<int, Task<JsonAnswer>> send)
    {
        // All have read before the first one writes.
        storage.Script.Meeting = new Rendezvous([.. Enumerable.Repeat("Grants replace", Many)]);
        var answers = await Task.WhenAll(Enumerable.Range(0, Many).Select(i => Task.Run(() => send(i))));
        Assert.True(storage.Script.Meeting.IsComplete, $"{storage.Script.Meeting.Missing} did not come");
        storage.Script.Meeting = null;
        return answers;
    }
}
