using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Storage;

/// <summary>Refresh against revoke: once revoke has answered, no token of the grant is live.</summary>
public sealed class RevocationRaceTests
{
    private const int Rounds = 40;

    [Theory]
    [InMemory]
    [OnAzurite]
    public async Task In_any_order_nothing_is_live_once_revoke_has_answered(BackEnd backEnd)
    {
        var storage = new TestStorage(backEnd);
        await using var server = await RunningServer.StartAsync(storage.Setup());
        var web = new ClientApp(server);
        var alice = new Browser(server);
        for (var round = 0; round < Rounds; round++)
        {
            var tokens = (await web.RedeemAsync(await alice.CodeAsync(web, "web", "openid offline_access"))).ShouldBeOk();
            var refreshes = Enumerable.Range(0, 4).Select(_ => Task.Run(() => web.RefreshAsync(tokens.RefreshToken))).ToList();
            (await Task.Run(() => web.RevokeAsync(round % 2 == 0 ? tokens.RefreshToken : tokens.AccessToken))).ShouldBeOk();

            // Revoke has answered: whatever the refreshes bring now is dead.
            await ShouldBeDeadAsync(web, tokens);
            foreach (var refreshed in await Task.WhenAll(refreshes))
            {
                if (refreshed.Status == 200)
                    await ShouldBeDeadAsync(web, refreshed);
                else
                    refreshed.ShouldFail("invalid_grant");
            }
        }
    }

    [Theory]
    [InMemory]
    [OnAzurite]
    public async Task A_revocation_between_the_read_and_the_write_of_a_refresh_wins(BackEnd backEnd)
    {
        var storage = new TestStorage(backEnd);
        await using var server = await RunningServer.StartAsync(storage.Setup());
        var web = new ClientApp(server);
        var tokens = (await web.LoginAsync()).ShouldBeOk();

        // The refresh waits with its write until the revocation is through.
        storage.Script.Arm();
        storage.Script.Meeting = new Rendezvous("Grants replace", "revoked");
        var refresh = Task.Run(() => web.RefreshAsync(tokens.RefreshToken));
        await storage.WhenAsync("Grants replace");
        (await web.RevokeAsync(tokens.RefreshToken)).ShouldBeOk();
        await storage.Script.Meeting.ArriveAsync("revoked");

        (await refresh).ShouldFail("invalid_grant");
        await ShouldBeDeadAsync(web, tokens);
    }

    [Theory]
    [InlineData("web", true)]
    [InlineData("legacy", false)]
    public async Task A_revocation_wins_over_a_refresh_that_writes_nothing(string clientId, bool isRetry)
    {
        var storage = new TestStorage(BackEnd.Memory);
        await using var server = await RunningServer.StartAsync(storage.Setup());
        var app = new ClientApp(server, clientId);
        var tokens = (await app.LoginAsync()).ShouldBeOk();
        if (isRetry)
            (await app.RefreshAsync(tokens.RefreshToken)).ShouldBeOk();

        // The refresh has judged the token, and waits while the revocation is answered.
        storage.Script.Arm();
        storage.Script.Meeting = new Rendezvous("Users read", "revoked");
        var refresh = Task.Run(() => app.RefreshAsync(tokens.RefreshToken));
        await storage.WhenAsync("Users read");
        (await app.RevokeAsync(tokens.RefreshToken)).ShouldBeOk();
        await storage.Script.Meeting.ArriveAsync("revoked");

        (await refresh).ShouldFail("invalid_grant");
    }

    [Theory]
    [InMemory]
    [OnAzurite]
    public async Task A_revocation_between_the_read_and_the_write_of_a_redemption_wins(BackEnd backEnd)
    {
        var storage = new TestStorage(backEnd);
        await using var server = await RunningServer.StartAsync(storage.Setup());
        var web = new ClientApp(server);
        var code = await new Browser(server).CodeAsync(web, "web", "openid offline_access");
        storage.Script.Arm();
        storage.Script.Meeting = new Rendezvous("Grants replace", "revoked");
        var redemption = Task.Run(() => web.RedeemAsync(code));
        await storage.WhenAsync("Grants replace");
        await server.Get<FunctionsAuth.Protocol.Grants.IGrantStore>().RevokeAsync(Handles.AddressOf(code), server.Clock.GetUtcNow(), default);
        await storage.Script.Meeting.ArriveAsync("revoked");
        (await redemption).ShouldFail("invalid_grant");
    }

    private static async Task ShouldBeDeadAsync(ClientApp web, JsonAnswer tokens)
    {
        (await web.IntrospectAsync(tokens.AccessToken)).ShouldBeInactive();
        (await web.IntrospectAsync(tokens.RefreshToken)).ShouldBeInactive();
        await web.ShouldBeRevokedAsync(tokens);
    }
}
