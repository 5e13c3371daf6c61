using FunctionsAuth.LocalHost.Memory;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.BackChannel;

public sealed class RefreshGraceTests
{
    [Fact]
    public async Task A_window_that_closes_while_tokens_are_signed_does_not_fork_the_family()
    {
        var script = new TableScript();
        await using var server = await RunningServer.StartAsync(new ServerSetup
        {
            Tables = clock => new ScriptedTables(new MemoryTableServiceClient(clock), script, ""),
        });
        var app = new ClientApp(server);
        var first = (await app.LoginAsync()).RefreshToken;
        var second = (await app.RefreshAsync(first)).RefreshToken;
        server.Clock.Advance(TimeSpan.FromSeconds(25));

        // The user is read after the token was judged, and before the grant would be written.
        script.Before = operation =>
        {
            if (operation is { Table: "Users", Kind: "read" })
                server.Clock.Advance(TimeSpan.FromSeconds(5));
        };
        var late = await app.RefreshAsync(first);
        script.Before = null;

        Assert.Equal(200, late.Status);
        Assert.Equal(second, late.RefreshToken);
        Assert.Equal(200, (await app.RefreshAsync(second)).Status);
    }
}
