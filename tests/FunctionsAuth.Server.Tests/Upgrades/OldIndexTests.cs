using Azure.Data.Tables;
using FunctionsAuth.Protocol.Consents;
using FunctionsAuth.Protocol.Indexes;
using FunctionsAuth.Protocol.Prune;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Users;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Upgrades;

/// <summary>People and consents of an earlier release get into the indexes, also those that it wrote while it was replaced.</summary>
public sealed class OldIndexTests(EarlierRelease old) : IClassFixture<EarlierRelease>
{
    [Fact]
    public async Task Users_and_consents_of_before_are_found_after_the_timer_ran()
    {
        var (server, pruner) = (old.Server, old.Server.Get<Pruner>());
        var directory = server.Get<IUserDirectory>();
        Assert.Empty((await directory.FindAsync("", ListRequest.First, default)).Items);
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => pruner.RunAsync(default))));
        await pruner.RunAsync(default);

        List<string> there = [];
        await foreach (var user in server.Get<IUserStore>().ListAsync("", default))
            there.Add(user.Subject);
        Assert.Equal(there.Order(), (await directory.FindAsync("", ListRequest.First, default)).Items.Order());
        Assert.Single((await directory.FindAsync("alice@", ListRequest.First, default)).Items);
        Assert.NotEmpty((await server.Get<IClientUsers>().ListAsync("third-party", ListRequest.First, default)).Items);

        // An instance of the earlier release makes one more user.
        var row = EarlierRelease.Rows.First(row => row.Table == "Users").Entity;
        var late = new TableEntity(new Dictionary<string, object>(row)) { PartitionKey = "late", ["Username"] = "late" };
        late.Remove("odata.etag");
        await old.Tables.GetTableClient("Users").AddEntityAsync(late);
        await pruner.RunAsync(default);
        Assert.Empty((await directory.FindAsync("late", ListRequest.First, default)).Items);
        server.Clock.Advance(TimeSpan.FromDays(1));
        await pruner.RunAsync(default);
        Assert.Equal(["late"], (await directory.FindAsync("late", ListRequest.First, default)).Items);

        // From then on, it costs one read.
        using var meter = new MeterCounts();
        await server.Get<IndexBackfill>().RunAsync(default);
        Assert.Equal("Indexes read", Assert.Single(meter.StorageOperations));
        Assert.True(await server.Get<IndexBackfill>().RebuildAsync(default) > there.Count);
    }
}
