using Azure.Data.Tables;
using FunctionsAuth.LocalHost.Memory;

namespace FunctionsAuth.Storage.Tests;

/// <summary>The suite, and what the service refuses and Azurite doesn't.</summary>
public sealed class MemoryTables : TableSuite
{
    protected override TableServiceClient Service { get; } = new MemoryTableServiceClient();

    [Fact]
    public async Task A_transaction_across_partitions_is_refused_with_400() =>
        await Refused(400, "CommandsInBatchActOnDifferentPartitions", () => Table.SubmitTransactionAsync(
        [
            new(TableTransactionActionType.Add, new TableEntity("one", "a")),
            new(TableTransactionActionType.Add, new TableEntity("two", "a")),
        ]));

    [Theory]
    [InlineData("PartitionKey")]
    [InlineData("PartitionKey eq")]
    [InlineData("PartitionKey like 'a'")]
    [InlineData("PartitionKey eq a")]
    [InlineData("PartitionKey eq 'a")]
    [InlineData("PartitionKey eq 'a' and")]
    [InlineData("PartitionKey eq 'a' or RowKey eq 'b'")]
    [InlineData("not (PartitionKey eq 'a')")]
    public async Task A_filter_that_these_tables_do_not_know_is_refused(string filter) =>
        await Assert.ThrowsAsync<NotSupportedException>(() => this.Pages(filter));

    [Fact]
    public async Task Texts_in_a_filter_can_have_quotes_and_parentheses()
    {
        await Insert("a", "it's (a) text and more");
        var pages = await this.Pages($"(PartitionKey eq '{Partition}') and (Text eq 'it''s (a) text and more')");
        Assert.Equal(["a"], pages.SelectMany(page => page).Select(row => row.RowKey));
    }

    [Fact]
    public async Task A_property_an_entity_or_a_key_that_is_too_large_is_refused_with_400()
    {
        await Refused(400, "PropertyValueTooLarge", () => Table.AddEntityAsync(Row("a", new string('a', 32_768))));
        await Refused(400, "PropertyValueTooLarge", () => Table.AddEntityAsync(With("Bytes", new byte[65_537])));
        await Refused(400, "EntityTooLarge", () => Table.AddEntityAsync(WithMany(17, new byte[65_536])));
        await Refused(400, "TooManyProperties", () => Table.AddEntityAsync(WithMany(253, 1)));
        await Refused(400, "KeyValueTooLarge", () => Table.AddEntityAsync(Row(new string('k', 513))));
        await Refused(400, "PropertyNameInvalid", () => Table.AddEntityAsync(With("a-b", 1)));
        await Table.AddEntityAsync(Row("a", new string('a', 32_767)));
        await Table.UpsertEntityAsync(WithMany(252, 1), TableUpdateMode.Replace);
    }

    [Fact]
    public async Task A_merge_that_makes_an_entity_too_large_is_refused_and_changes_nothing()
    {
        await Table.AddEntityAsync(WithMany(252, 1));
        await Refused(400, "TooManyProperties", () => Table.UpsertEntityAsync(Row("a")));
        Assert.Null(await TextOf("a"));
    }

    [Fact]
    public async Task What_the_caller_does_with_its_entity_or_bytes_afterwards_does_not_reach_the_table()
    {
        var bytes = new byte[] { 1 };
        var row = With("Bytes", bytes);
        await Table.AddEntityAsync(row);
        (bytes[0], row["Other"]) = (2, "added");

        var read = (await Table.GetEntityAsync<TableEntity>(Partition, "a")).Value;
        Assert.False(read.ContainsKey("Other"));
        Assert.Equal<byte[]>([1], read.GetBinary("Bytes"));
        read.GetBinary("Bytes")![0] = 3;
        Assert.Equal<byte[]>([1], (await Table.GetEntityAsync<TableEntity>(Partition, "a")).Value.GetBinary("Bytes"));
    }

    [Fact]
    public async Task Versions_differ_even_while_the_clock_stands_still()
    {
        var table = new MemoryTableServiceClient(new StoppedClock()).GetTableClient(NewName());
        await table.CreateIfNotExistsAsync();
        var first = (await table.UpsertEntityAsync(Row("a"))).Headers.ETag;
        var second = (await table.UpsertEntityAsync(Row("a"))).Headers.ETag;
        Assert.NotEqual(first, second);
    }

    [Fact]
    public async Task Rows_that_go_while_a_query_runs_do_not_stop_it()
    {
        for (var i = 0; i < 30; i++) await Insert($"{i:D2}");
        var seen = 0;
        await foreach (var page in Table.QueryAsync<TableEntity>(maxPerPage: 10).AsPages())
        {
            seen += page.Values.Count;
            foreach (var row in page.Values) await Table.DeleteEntityAsync(row);
            await Table.DeleteEntityAsync(Partition, "10");
        }
        Assert.Equal(29, seen);
    }

    [Fact]
    public async Task An_operation_takes_as_long_as_its_latency()
    {
        using var patience = new CancellationTokenSource();
        var table = new MemoryTableServiceClient(TimeProvider.System, TimeSpan.FromDays(1)).GetTableClient(NewName());
        Task[] waiting =
        [
            table.AddEntityAsync(Row("a"), patience.Token),
            table.GetEntityIfExistsAsync<TableEntity>(Partition, "a", cancellationToken: patience.Token),
            table.QueryAsync<TableEntity>(cancellationToken: patience.Token).GetAsyncEnumerator().MoveNextAsync().AsTask(),
        ];
        Assert.All(waiting, operation => Assert.False(operation.IsCompleted));
        await patience.CancelAsync();
        foreach (var operation in waiting)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => operation);
    }

    private static TableEntity With(string name, object value) => new(Partition, "a") { [name] = value };

    private static TableEntity WithMany(int count, object value)
    {
        var row = new TableEntity(Partition, "a");
        for (var i = 0; i < count; i++) row[$"P{i}"] = value;
        return row;
    }

    private sealed class StoppedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    }
}
