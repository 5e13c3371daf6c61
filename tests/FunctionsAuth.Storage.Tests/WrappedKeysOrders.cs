using Azure.Data.Tables;
using FunctionsAuth.LocalHost.Memory;
using FunctionsAuth.Protocol.Keys;
using Xunit.Abstractions;

namespace FunctionsAuth.Storage.Tests;

/// <summary>Two instances that do the same at once, in every order in which the table may get their operations.</summary>
public sealed class WrappedKeysOrders(ITestOutputHelper output) : IAsyncLifetime
{
    private static readonly TimeSpan RotateEvery = TimeSpan.FromDays(90);

    private readonly SettableTime clock = new();
    private readonly List<TableEntity> rows = [];
    private WrappedKeysVault vault = null!;

    /// <summary>An EC key that is due, and an RSA key that is not: to make one of these takes too long for every order.</summary>
    public async Task InitializeAsync()
    {
        vault = new WrappedKeysVault(clock);
        var tables = new MemoryTableServiceClient(clock);
        await using var maker = new WrappedKeysInstance(tables, "", vault, clock);
        await maker.Keys.CreateAsync(SigningKeyType.Ec, null, CancellationToken.None);
        clock.Advance(RotateEvery);
        await maker.Keys.CreateAsync(SigningKeyType.Rsa, null, CancellationToken.None);
        await foreach (var row in tables.GetTableClient("SigningKeys").QueryAsync<TableEntity>())
            rows.Add(row);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public Task Two_instances_that_start_on_an_empty_table_make_one_key_and_both_know_it() =>
        ForEveryOrderAsync(instance => instance.RefreshAsync(SigningKeyType.Ec), [], versions: 1);

    [Fact]
    public Task Two_timers_at_once_make_one_next_version_and_both_know_it() =>
        ForEveryOrderAsync(instance => instance.RolloverAsync(), rows, versions: 2);

    private async Task ForEveryOrderAsync(Func<WrappedKeysInstance, Task> work, List<TableEntity> begin, int versions)
    {
        var orders = await WrappedKeysTurns.ForEveryOrderAsync(2, async turns =>
        {
            var tables = new MemoryTableServiceClient(clock);
            var table = tables.GetTableClient("SigningKeys");
            await table.CreateIfNotExistsAsync();
            foreach (var row in begin)
                await table.AddEntityAsync(row);
            WrappedKeysInstance[] instances = [.. Enumerable.Range(0, 2).Select(i =>
                new WrappedKeysInstance(new TablesInTurn(tables, nameof(SigningKeyType.Ec), () => turns.ArriveAsync(i)), "", vault, clock))];
            return ([.. instances.Select(instance => (Func<Task>)(() => work(instance)))], LookAsync);

            async Task LookAsync(string order)
            {
                var there = await table.QueryAsync<TableEntity>($"PartitionKey eq '{SigningKeyType.Ec}'").CountAsync();
                Assert.True(there == versions, $"{there} versions after the order {order}");
                foreach (var instance in instances)
                {
                    var known = await instance.PublishedAsync(SigningKeyType.Ec);
                    Assert.True(known.Count == versions, $"An instance knows {known.Count} versions after the order {order}");
                    await instance.DisposeAsync();
                }
            }
        });
        output.WriteLine($"{orders} orders of the operations of two instances");
        Assert.True(orders > 50, $"{orders} orders");
    }
}
