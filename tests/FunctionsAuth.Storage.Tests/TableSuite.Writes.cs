using Azure;
using Azure.Data.Tables;

namespace FunctionsAuth.Storage.Tests;

// One entity at a time: the conflicts on which every single-use rule of the product rests.
public abstract partial class TableSuite
{
    [StorageFact]
    public async Task An_insert_of_a_key_that_is_taken_is_refused_with_409()
    {
        await Insert("a");
        await Refused(409, "EntityAlreadyExists", () => Table.AddEntityAsync(Row("a", "second")));
        Assert.Equal("first", await TextOf("a"));
    }

    [StorageFact]
    public async Task Of_50_inserts_of_one_key_at_once_one_wins()
    {
        var outcomes = await AtOnce(i => Table.AddEntityAsync(Row("a", $"writer {i}")));
        Assert.Equal(1, outcomes.Count(status => status == 204));
        Assert.Equal(49, outcomes.Count(status => status == 409));
    }

    [StorageFact]
    public async Task Of_50_updates_of_one_version_at_once_one_wins()
    {
        var etag = await Insert("a");
        var outcomes = await AtOnce(i => Table.UpdateEntityAsync(Row("a", $"writer {i}"), etag, TableUpdateMode.Replace));
        Assert.Equal(1, outcomes.Count(status => status == 204));
        Assert.Equal(49, outcomes.Count(status => status == 412));
        Assert.Equal($"writer {Array.IndexOf(outcomes, 204)}", await TextOf("a"));
    }

    [StorageFact]
    public async Task An_update_of_an_older_version_is_refused_with_412()
    {
        var first = await Insert("a");
        var second = (await Table.UpdateEntityAsync(Row("a", "second"), first)).Headers.ETag!.Value;
        Assert.NotEqual(first, second);
        await Refused(412, "UpdateConditionNotSatisfied", () => Table.UpdateEntityAsync(Row("a", "third"), first));
        Assert.Equal("second", await TextOf("a"));
        await Table.UpdateEntityAsync(Row("a", "third"), second);
        Assert.Equal("third", await TextOf("a"));
    }

    [StorageFact]
    public async Task The_ETag_of_a_write_is_the_one_that_a_read_gives()
    {
        var written = await Insert("a");
        var read = (await Table.GetEntityAsync<TableEntity>(Partition, "a")).Value;
        Assert.Equal(written, read.ETag);
        Assert.NotNull(read.Timestamp);
    }

    [StorageFact]
    public async Task A_merge_keeps_what_it_does_not_name_and_a_replace_drops_it()
    {
        await Insert("a");
        await Table.UpdateEntityAsync(new TableEntity(Partition, "a") { ["Other"] = 1 }, ETag.All, TableUpdateMode.Merge);
        var merged = (await Table.GetEntityAsync<TableEntity>(Partition, "a")).Value;
        Assert.Equal("first", merged.GetString("Text"));
        Assert.Equal(1, merged.GetInt32("Other"));

        await Table.UpdateEntityAsync(new TableEntity(Partition, "a") { ["Other"] = 2 }, ETag.All, TableUpdateMode.Replace);
        var replaced = (await Table.GetEntityAsync<TableEntity>(Partition, "a")).Value;
        Assert.False(replaced.ContainsKey("Text"));
        Assert.Equal(2, replaced.GetInt32("Other"));
    }

    [StorageFact]
    public async Task An_update_of_a_row_that_is_not_there_is_refused_with_404()
    {
        await Refused(404, "ResourceNotFound", () => Table.UpdateEntityAsync(Row("a"), ETag.All));
        await Refused(404, "ResourceNotFound", () => Table.UpdateEntityAsync(Row("a"), StaleETag));
    }

    [StorageFact]
    public async Task An_upsert_inserts_and_then_updates()
    {
        await Table.UpsertEntityAsync(Row("a"), TableUpdateMode.Replace);
        await Table.UpsertEntityAsync(new TableEntity(Partition, "a") { ["Other"] = 1 }, TableUpdateMode.Merge);
        Assert.Equal("first", await TextOf("a"));
        await Table.UpsertEntityAsync(new TableEntity(Partition, "a") { ["Other"] = 1 }, TableUpdateMode.Replace);
        Assert.Null(await TextOf("a"));
    }

    [StorageFact]
    public async Task A_delete_of_another_version_is_refused_with_412()
    {
        var etag = await Insert("a");
        await Refused(412, "UpdateConditionNotSatisfied", () => Table.DeleteEntityAsync(Partition, "a", StaleETag));
        Assert.Equal("first", await TextOf("a"));
        Assert.Equal(204, (await Table.DeleteEntityAsync(Partition, "a", etag)).Status);
        Assert.Null(await TextOf("a"));
    }

    [StorageFact]
    public async Task A_delete_of_a_row_that_is_not_there_answers_404_without_throwing()
    {
        Assert.Equal(404, (await Table.DeleteEntityAsync(Partition, "a")).Status);
        Assert.Equal(404, (await Table.DeleteEntityAsync(Row("a"))).Status);
    }

    [StorageFact]
    public async Task A_key_with_a_character_that_is_not_allowed_is_refused_with_400()
    {
        foreach (var key in new[] { "a/b", "a\\b", "a#b", "a?b", "a\tb", "a\u007Fb", "a\u0085b" })
        {
            await Refused(400, null, () => Table.AddEntityAsync(new TableEntity(key, "r")));
            await Refused(400, null, () => Table.AddEntityAsync(new TableEntity(Partition, key)));
        }
    }

    [StorageFact]
    public async Task Keys_with_quotes_spaces_and_letters_of_any_script_are_found_again()
    {
        foreach (var key in new[] { "it's", "a b", "a+b%20&c=d", "naïve", "日本", "" })
        {
            await Table.AddEntityAsync(new TableEntity("p" + key, key) { ["Text"] = key });
            Assert.Equal(key, (await Table.GetEntityAsync<TableEntity>("p" + key, key)).Value.GetString("Text"));
            Assert.Equal(204, (await Table.DeleteEntityAsync("p" + key, key)).Status);
        }
    }

    [StorageFact]
    public async Task Every_type_of_property_comes_back_as_it_was()
    {
        var moment = new DateTimeOffset(2031, 2, 3, 4, 5, 6, TimeSpan.FromHours(2)).AddTicks(1_234_567);
        var id = Guid.NewGuid();
        await Table.AddEntityAsync(new TableEntity(Partition, "a")
        {
            ["Text"] = "\"quotes\", 'quotes', \u00e9 \u65e5 \n and \\",
            ["Empty"] = "",
            ["Int32"] = int.MinValue,
            ["Int64"] = long.MaxValue,
            ["Small64"] = 7L,
            ["True"] = true,
            ["Double"] = 1.5,
            ["Whole"] = 2.0,
            ["NaN"] = double.NaN,
            ["Moment"] = moment,
            ["Utc"] = moment.UtcDateTime,
            ["Id"] = id,
            ["Bytes"] = new byte[] { 0, 1, 255 },
            ["Data"] = new BinaryData(new byte[] { 2, 3 }),
            ["Null"] = null,
        });
        var read = (await Table.GetEntityAsync<TableEntity>(Partition, "a")).Value;
        Assert.Equal("\"quotes\", 'quotes', \u00e9 \u65e5 \n and \\", read.GetString("Text"));
        Assert.Equal("", read.GetString("Empty"));
        Assert.Equal(int.MinValue, read.GetInt32("Int32"));
        Assert.Equal(long.MaxValue, read.GetInt64("Int64"));
        Assert.Equal(7L, read.GetInt64("Small64"));
        Assert.True(read.GetBoolean("True"));
        Assert.Equal(1.5, read.GetDouble("Double"));
        Assert.Equal(2.0, read.GetDouble("Whole"));
        Assert.Equal(double.NaN, read.GetDouble("NaN"));
        Assert.Equal(moment, read.GetDateTimeOffset("Moment"));
        Assert.Equal(moment.UtcDateTime, read.GetDateTime("Utc"));
        Assert.Equal(id, read.GetGuid("Id"));
        Assert.Equal<byte[]>([0, 1, 255], read.GetBinary("Bytes"));
        Assert.Equal<byte[]>([2, 3], read.GetBinary("Data"));
        Assert.False(read.ContainsKey("Null"));
    }

    // The status of each: a refusal is an outcome here, not a failure.
    private static Task<int[]> AtOnce(Func<int, Task<Response>> operation)
    {
        return Task.WhenAll(Enumerable.Range(0, 50).Select(i => Task.Run(() => Outcome(i))));

        async Task<int> Outcome(int i)
        {
            try
            {
                return (await operation(i)).Status;
            }
            catch (RequestFailedException e)
            {
                return e.Status;
            }
        }
    }
}
