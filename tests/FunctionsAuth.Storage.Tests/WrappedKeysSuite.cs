using Azure.Data.Tables;
using FunctionsAuth.LocalHost.Memory;
using FunctionsAuth.Protocol.Keys;
using FunctionsAuth.Protocol.Wire;

namespace FunctionsAuth.Storage.Tests;

/// <summary>Keys:Mode wrapped: signing keys in a table, sealed by a vault, and the instances that share both.</summary>
public abstract partial class WrappedKeysSuite : IAsyncLifetime
{
    /// <summary>After that a version signs that has just been made: a row is stamped a little after it was.</summary>
    protected static readonly TimeSpan Announced = TimeSpan.FromDays(1) + TimeSpan.FromSeconds(1);

    private readonly string prefix = $"t{Guid.NewGuid():N}"[..12];
    private readonly WrappedKeysVault vault;
    private readonly List<WrappedKeysInstance> instances = [];

    protected WrappedKeysSuite() => vault = new WrappedKeysVault(Clock);

    protected SettableTime Clock { get; } = new();

    protected abstract TableServiceClient Service { get; }

    private TableClient Table => Service.GetTableClient(prefix + "SigningKeys");

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var instance in instances)
            await instance.DisposeAsync();
        await Table.DeleteAsync();
    }

    private WrappedKeysInstance NewInstance()
    {
        var instance = new WrappedKeysInstance(Service, prefix, vault, Clock);
        instances.Add(instance);
        return instance;
    }

    /// <summary>An instance that has made the first keys, and opened none.</summary>
    protected async Task<WrappedKeysInstance> StartAsync()
    {
        var instance = NewInstance();
        await StartedAsync(instance);
        return instance;
    }

    /// <summary>Where many make keys on few processors, one may give up reading them, and reads again a second later.</summary>
    private async Task StartedAsync(WrappedKeysInstance instance)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        while (!await instance.TryStartAsync())
        {
            patience.Token.ThrowIfCancellationRequested();
            Clock.Advance(TimeSpan.FromSeconds(1));
        }
    }

    /// <summary>A moment later, so that it is the newer one.</summary>
    protected async Task<TableEntity> AddVersionAsync(WrappedKeysInstance instance, SigningKeyType type)
    {
        Clock.Advance(TimeSpan.FromMinutes(1));
        var newest = (await instance.Keys.ListAsync(type, CancellationToken.None))[^1];
        await instance.Keys.CreateAsync(type, newest, CancellationToken.None);
        return (await RowsAsync(type))[^1];
    }

    private async Task<List<TableEntity>> RowsAsync(SigningKeyType type)
    {
        List<TableEntity> rows = [];
        await foreach (var row in Table.QueryAsync<TableEntity>($"PartitionKey eq '{type}'"))
            rows.Add(row);
        return rows;
    }

    /// <summary>As somebody would write it who may write to the table.</summary>
    protected Task WriteAsync(TableEntity row, params (string Column, object Value)[] changes)
    {
        var changed = new TableEntity(row);
        foreach (var (column, value) in changes)
            changed[column] = value;
        return Table.UpsertEntityAsync(changed, TableUpdateMode.Replace);
    }
}

public sealed class WrappedKeysInMemory : WrappedKeysSuite
{
    protected override TableServiceClient Service => field ??= new MemoryTableServiceClient(Clock);

    [Fact]
    public async Task A_version_that_somebody_disabled_and_enabled_again_is_announced_anew()
    {
        var instance = await StartAsync();
        var row = await AddVersionAsync(instance, SigningKeyType.Ec);
        Clock.Advance(Announced);
        await instance.RefreshAsync(SigningKeyType.Ec);
        Assert.Equal(row.RowKey, (await instance.SignAsync(SigningAlgorithms.ES256)).Id);
        await WriteAsync(row, ("Enabled", false));
        Clock.Advance(TimeSpan.FromDays(1));
        await instance.RefreshAsync(SigningKeyType.Ec);
        await WriteAsync(row, ("Enabled", true));
        foreach (var signs in (string[])["00000001", row.RowKey])
        {
            await instance.RefreshAsync(SigningKeyType.Ec);
            Assert.Equal(signs, (await instance.SignAsync(SigningAlgorithms.ES256)).Id);
            Clock.Advance(Announced);
        }
    }
}

// Its rows are stamped with the true time, long before the clock of these tests.
[NeedsStorage]
public sealed class WrappedKeysOnAzurite : WrappedKeysSuite
{
    protected override TableServiceClient Service { get; } = new(NeedsStorageAttribute.ConnectionString!);
}
