using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Storage;

/// <summary>A request waits for storage for ten seconds in all, however many of its operations are slow.</summary>
public sealed class TimeBudgetTests : IAsyncLifetime
{
    private readonly TestStorage storage = new(BackEnd.Memory);
    private RunningServer server = null!;
    private ClientApp web = null!;

    public async Task InitializeAsync()
    {
        server = await RunningServer.StartAsync(storage.Setup());
        web = new ClientApp(server);
    }

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task Operations_that_are_slow_one_after_the_other_share_one_limit_and_lose_nothing()
    {
        var tokens = (await web.LoginAsync()).ShouldBeOk();
        storage.Script.Arm();
        storage.Script.Before = _ => server.Clock.Advance(TimeSpan.FromSeconds(4));
        (await web.RefreshAsync(tokens.RefreshToken)).ShouldBeUnavailable();
        storage.Script.Before = null;
        Assert.Equal(["Grants read", "Consents read", "Users read"], storage.Script.Operations.Select(operation => operation.ToString()).OrderBy(name => name != "Grants read").ThenBy(name => name));
        (await web.RefreshAsync(tokens.RefreshToken)).ShouldBeOk();
    }

    [Fact]
    public async Task An_operation_that_never_ends_ends_its_request()
    {
        var tokens = (await web.LoginAsync()).ShouldBeOk();
        var never = new Rendezvous("Grants read", "never");
        storage.Script.Meeting = never;
        var request = Task.Run(() => web.RefreshAsync(tokens.RefreshToken));
        await Patience.UntilAsync(() => server.Clock.Waiting(TimeBudget.OfRequest) > 0);
        server.Clock.RunOut(TimeBudget.OfRequest);
        (await request).ShouldBeUnavailable();
        storage.Script.Meeting = null;
        await never.ArriveAsync("never");
        (await web.RefreshAsync(tokens.RefreshToken)).ShouldBeOk();
    }

    [Fact]
    public async Task The_next_request_begins_with_all_of_its_time()
    {
        var tokens = (await web.LoginAsync()).ShouldBeOk();
        for (var i = 0; i < 3; i++)
        {
            server.Clock.Advance(TimeBudget.OfRequest);
            tokens = (await web.RefreshAsync(tokens.RefreshToken)).ShouldBeOk();
        }
    }
}
