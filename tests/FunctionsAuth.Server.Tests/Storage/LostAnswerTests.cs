using Azure.Core;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Storage;

/// <summary>
/// A write reaches the tables and the connection breaks before its answer comes. The client pipeline tries again and meets
/// what it wrote itself: 409, 412 or 404. The server knows its own write and says that it won.
/// </summary>
public sealed class LostAnswerTests
{
    public static IEnumerable<object[]> Flows =>
        from flow in (string[])["authorize", "redeem", "refresh", "refresh that touches its session", "revoke", "reuse", "login", "consent"] select (object[])[flow];

    [Theory]
    [OnAzuriteFlows]
    public async Task A_lost_answer_is_not_a_lost_write(string flow)
    {
        var lost = new LostAnswerPolicy();
        var options = TestStorage.Options();
        options.Retry.Delay = TimeSpan.FromMilliseconds(5);
        options.AddPolicy(lost, HttpPipelinePosition.PerRetry);
        var storage = new TestStorage(BackEnd.Azurite, options);
        await using var server = await RunningServer.StartAsync(storage.Setup(("Lifetimes:RefreshTokenGrace", "00:00:00"), ("Statistics:Enabled", "false")));
        var alice = new Browser(server);
        await alice.CodeAsync(new ClientApp(server), "web", "openid offline_access");

        var writes = await WritesAsync(storage, FaultTests.Create(flow, server, storage, alice));
        Assert.True(writes > 0, "The flow writes nothing");
        for (var at = 0; at < writes; at++)
        {
            var next = FaultTests.Create(flow, server, storage, alice);
            await next.PrepareAsync();
            lost.Arm(at);
            var succeeded = await next.RunAsync();
            lost.At = null;
            Assert.Equal(1, lost.Lost);
            Assert.True(succeeded, $"The client saw that the answer of write {at} was lost");
            await next.FinishAsync(succeeded);
        }
    }

    private static async Task<int> WritesAsync(TestStorage storage, FaultFlow flow)
    {
        await flow.PrepareAsync();
        storage.Script.Arm();
        await flow.RunAsync();
        return storage.Script.Operations.Count(operation => operation.Kind is not ("read" or "query"));
    }

    private sealed class OnAzuriteFlowsAttribute : Xunit.Sdk.DataAttribute
    {
        public OnAzuriteFlowsAttribute() => Skip = new OnAzuriteAttribute().Skip;

        public override IEnumerable<object[]> GetData(System.Reflection.MethodInfo testMethod) => Flows;
    }
}
