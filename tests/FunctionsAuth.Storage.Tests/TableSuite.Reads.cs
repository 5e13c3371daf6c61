using Azure.Data.Tables;

namespace FunctionsAuth.Storage.Tests;

public abstract partial class TableSuite
{
    [StorageFact]
    public async Task A_read_of_a_row_that_is_not_there_gives_404_or_no_value()
    {
        await Refused(404, "ResourceNotFound", () => Table.GetEntityAsync<TableEntity>(Partition, "a"));
        Assert.False((await Table.GetEntityIfExistsAsync<TableEntity>(Partition, "a")).HasValue);
    }

    [StorageFact]
    public async Task A_read_gives_only_what_was_selected_and_the_ETag()
    {
        var etag = await Insert("a");
        var read = (await Table.GetEntityAsync<TableEntity>(Partition, "a", ["RowKey"])).Value;
        Assert.Equal("a", read.RowKey);
        Assert.False(read.ContainsKey("Text"));
        Assert.False(read.ContainsKey("PartitionKey"));
        Assert.Equal(etag, read.ETag);
    }

    [StorageFact]
    public async Task A_query_of_more_than_1000_rows_continues_and_gives_each_once_in_order()
    {
        await InsertMany("q", 1_100);
        var pages = await Pages("PartitionKey eq 'q'");
        Assert.Equal(1_000, pages[0].Length);
        Assert.Equal(Enumerable.Range(0, 1_100).Select(i => $"{i:D5}"), pages.SelectMany(p => p).Select(r => r.RowKey));
    }

    [StorageFact]
    public async Task A_query_continues_from_a_token_in_pages_of_the_size_asked_for()
    {
        await InsertMany("q", 25);
        var all = new List<string>();
        string? token = null;
        do
        {
            var pages = Table.QueryAsync<TableEntity>("PartitionKey eq 'q'", maxPerPage: 10).AsPages(token).GetAsyncEnumerator();
            Assert.True(await pages.MoveNextAsync());
            Assert.InRange(pages.Current.Values.Count, 0, 10);
            all.AddRange(pages.Current.Values.Select(r => r.RowKey));
            token = pages.Current.ContinuationToken;
            await pages.DisposeAsync();
        }
        while (token is not null);
        Assert.Equal(Enumerable.Range(0, 25).Select(i => $"{i:D5}"), all);
    }

    [StorageFact]
    public async Task A_range_of_partitions_gives_those_in_it_and_no_other()
    {
        foreach (var partition in new[] { "a1", "a2", "a3", "b1" })
            await Table.AddEntityAsync(new TableEntity(partition, "r"));
        Assert.Equal(["a1", "a2"], await Partitions($"PartitionKey ge {"a"} and PartitionKey lt {"a3"}"));
        Assert.Equal(["a2", "a3"], await Partitions($"PartitionKey gt {"a1"} and PartitionKey le {"a3"}"));
        Assert.Equal(["b1"], await Partitions($"PartitionKey eq {"b1"}"));
        Assert.Equal(["a1", "a2", "a3", "b1"], await Partitions($""));
        Assert.Empty(await Partitions($"PartitionKey gt {"b1"}"));
    }

    [StorageFact]
    public async Task A_range_of_rows_gives_those_in_it_and_no_other()
    {
        await InsertMany("q", 10);
        var pages = await Pages("PartitionKey eq 'q' and RowKey ge '00003' and RowKey lt '00006'");
        Assert.Equal(["00003", "00004", "00005"], pages.SelectMany(p => p).Select(r => r.RowKey));
    }

    [StorageFact]
    public async Task A_query_filters_by_a_property_and_selects()
    {
        await Insert("a", "one");
        await Insert("b", "two");
        await Table.AddEntityAsync(new TableEntity(Partition, "c"));
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {Partition} and Text eq {"two"}");
        var rows = (await Pages(filter, ["RowKey"])).SelectMany(p => p).ToArray();
        Assert.Equal("b", Assert.Single(rows).RowKey);
        Assert.False(rows[0].ContainsKey("Text"));
        Assert.False(rows[0].ETag == default);
    }

    [StorageFact]
    public async Task A_table_that_was_not_created_is_a_404_of_its_own()
    {
        var missing = Service.GetTableClient(NewName());
        await Refused(404, "TableNotFound", () => missing.AddEntityAsync(Row("a")));
        await Refused(404, "TableNotFound", () => missing.UpsertEntityAsync(Row("a")));
        await Refused(404, "TableNotFound", () => missing.GetEntityAsync<TableEntity>(Partition, "a"));
        await Refused(404, "TableNotFound", async () => await missing.QueryAsync<TableEntity>().GetAsyncEnumerator().MoveNextAsync());
        Assert.False((await missing.GetEntityIfExistsAsync<TableEntity>(Partition, "a")).HasValue);
        Assert.Equal(404, (await missing.DeleteEntityAsync(Partition, "a")).Status);
        Assert.Equal(404, (await missing.DeleteAsync()).Status);
    }

    [StorageFact]
    public async Task A_table_is_created_once_and_may_be_asked_for_again()
    {
        await Insert("a");
        Assert.Equal(409, (await Table.CreateIfNotExistsAsync()).GetRawResponse().Status);
        await Service.CreateTableIfNotExistsAsync(Table.Name);
        await Refused(409, "TableAlreadyExists", () => Service.CreateTableAsync(Table.Name));
        Assert.Equal("first", await TextOf("a"));
        var names = new List<string>();
        await foreach (var table in Service.QueryAsync(TableClient.CreateQueryFilter($"TableName eq {Table.Name}"))) names.Add(table.Name);
        Assert.Equal([Table.Name], names);
    }

    private async Task InsertMany(string partition, int count)
    {
        foreach (var rows in Enumerable.Range(0, count).Select(i => new TableEntity(partition, $"{i:D5}")).Chunk(100))
            await Table.SubmitTransactionAsync(rows.Select(r => new TableTransactionAction(TableTransactionActionType.Add, r)));
    }

    protected async Task<List<TableEntity[]>> Pages(string filter, string[]? select = null)
    {
        var pages = new List<TableEntity[]>();
        await foreach (var page in Table.QueryAsync<TableEntity>(filter, select: select).AsPages()) pages.Add([.. page.Values]);
        return pages;
    }

    private async Task<string[]> Partitions(FormattableString filter) =>
        [.. (await Pages(TableClient.CreateQueryFilter(filter))).SelectMany(p => p).Select(r => r.PartitionKey)];
}
