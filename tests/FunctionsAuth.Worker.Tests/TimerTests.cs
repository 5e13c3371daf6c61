using System.Text.Json;
using Azure.Data.Tables;
using FunctionsAuth.LocalHost.Hosting;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Worker.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace FunctionsAuth.Worker.Tests;

public sealed class TimerTests
{
    [WorkerFact]
    public async Task Prune_deletes_what_has_expired_and_says_how_much()
    {
        await using var worker = await Workers.StartAsync(Workers.Options());
        await using (var server = LocalServer.Build(worker.Options))
        {
            var replays = server.Services.GetRequiredService<IReplayStore>();
            await replays.TryUseAsync("expired", DateTimeOffset.UtcNow.AddHours(-3), CancellationToken.None);
            await replays.TryUseAsync("not yet", DateTimeOffset.UtcNow.AddHours(3), CancellationToken.None);
        }
        var table = new TableServiceClient(worker.Options.ConnectionString).GetTableClient($"{worker.Options.Settings["Storage:TablePrefix"]}Replays");
        Assert.Equal(2, table.Query<TableEntity>().Count());

        var pruning = await worker.Host.InvokeAsync("prune", Tick());

        Assert.True(pruning.HasSucceeded, pruning.Failure);
        Assert.Single(table.Query<TableEntity>());
        Assert.Single(worker.Host.Logs.All, line => line.InvocationId == pruning.Id && line.Message == "Pruned 1 expired records of Replays");
    }

    [WorkerFact]
    public async Task Key_rollover_makes_the_keys_that_are_due()
    {
        var options = Workers.Options();
        await KeyFiles.WriteOldAsync(options.KeyFolder!);
        await using var worker = await Workers.StartAsync(options);
        Assert.Equal(2, await CountKeysAsync(worker.Http));

        var rollover = await worker.Host.InvokeAsync("key_rollover", Tick());

        Assert.True(rollover.HasSucceeded, rollover.Failure);
        Assert.Equal(4, await CountKeysAsync(worker.Http));
        Assert.Equal(2, worker.Host.Logs.All.Count(line => line.InvocationId == rollover.Id && line.Message.Contains("signing key was made", StringComparison.Ordinal)));
    }

    /// <summary>What the host sends with a timer trigger.</summary>
    internal static string Tick()
    {
        var now = DateTimeOffset.UtcNow;
        return JsonSerializer.Serialize(new
        {
            Schedule = new { AdjustForDST = true },
            ScheduleStatus = new { Last = now.AddHours(-1), LastUpdated = now.AddHours(-1), Next = now },
            IsPastDue = false,
        });
    }

    private static async Task<int> CountKeysAsync(HttpClient http) =>
        (await Answer.JsonOfAsync(await http.GetAsync(".well-known/jwks.json")))["keys"]!.AsArray().Count;
}
