using FunctionsAuth.LocalHost.Hosting;
using FunctionsAuth.Worker.Tests.Harness;

namespace FunctionsAuth.Worker.Tests;

/// <summary>A worker is ended whenever an instance is removed or the app is deployed anew, whatever it is doing.</summary>
public sealed class EndTests : IAsyncLifetime
{
    private readonly StorageGate? gate = TestStorage.ConnectionString is null ? null : new StorageGate();
    private LocalServerOptions options = null!;
    private RunningWorker worker = null!;

    public async Task InitializeAsync()
    {
        if (gate is null)
            return;
        options = Workers.Options() with { ConnectionString = gate.ConnectionString };
        worker = await Workers.StartAsync(options);
    }

    public async Task DisposeAsync()
    {
        if (gate is null)
            return;
        await worker.DisposeAsync();
        await gate.DisposeAsync();
    }

    [WorkerTheory]
    [InlineData(Ending.Message)]
    [InlineData(Ending.Signal)]
    public async Task A_request_that_has_begun_is_answered_and_nothing_of_it_is_lost(Ending how)
    {
        var code = await new Person(worker.Http).AuthorizeAsync();
        gate!.Close();
        var redeeming = worker.Http.SendAsync(Samples.Redeem(code));
        await gate.Reached;
        await EndAsync(how);
        gate.Open();
        var tokens = await Answer.JsonOfAsync(await redeeming);

        Assert.True((await worker.Host.Invocations.FirstAsync(invocation => invocation.Function == "token")).HasSucceeded);
        Assert.Equal(0, await worker.Host.Exit);
        var issuer = KeyValuePair.Create("Issuer", (string?)options.Url.AbsoluteUri.TrimEnd('/'));
        await using var next = await Workers.StartAsync((options with { Url = Workers.Options().Url }).With([issuer]));
        await Answer.JsonOfAsync(await next.Http.SendAsync(Samples.Refresh(tokens["refresh_token"]!.GetValue<string>())));
    }

    [WorkerTheory]
    [InlineData(Ending.Message)]
    [InlineData(Ending.Signal)]
    public async Task A_timer_that_has_begun_runs_to_its_end(Ending how)
    {
        gate!.Close();
        var pruning = worker.Host.InvokeAsync("prune", TimerTests.Tick());
        await gate.Reached;
        await EndAsync(how);
        gate.Open();
        var outcome = await pruning;

        Assert.True(outcome.HasSucceeded, outcome.Failure);
        Assert.Equal(0, await worker.Host.Exit);
    }

    /// <summary>Returns when the worker has begun to end.</summary>
    private async Task EndAsync(Ending how)
    {
        if (how == Ending.Message)
            worker.Host.TerminateWorker();
        else
            worker.Host.SignalWorker();
        await worker.Host.DroppedLogs.FirstAsync(line => line.Message.Contains("shutting down", StringComparison.Ordinal));
    }

    public enum Ending
    {
        /// <summary>The host tells it to end.</summary>
        Message,

        /// <summary>Its process gets SIGTERM.</summary>
        Signal,
    }
}
