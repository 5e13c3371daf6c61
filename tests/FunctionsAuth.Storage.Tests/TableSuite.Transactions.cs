using Azure.Data.Tables;
using static Azure.Data.Tables.TableTransactionActionType;

namespace FunctionsAuth.Storage.Tests;

public abstract partial class TableSuite
{
    [StorageFact]
    public async Task A_transaction_writes_all_of_its_rows_and_gives_their_ETags()
    {
        await Insert("gone");
        await Insert("old");
        var answers = (await Table.SubmitTransactionAsync(
        [
            new(Add, Row("new")),
            new(UpdateMerge, Row("old", "changed")),
            new(Delete, Row("gone")),
        ])).Value;
        Assert.Equal([204, 204, 204], answers.Select(a => a.Status));
        Assert.Equal("first", await TextOf("new"));
        Assert.Equal("changed", await TextOf("old"));
        Assert.Null(await TextOf("gone"));
        Assert.Equal(answers[0].Headers.ETag, (await Table.GetEntityAsync<TableEntity>(Partition, "new")).Value.ETag);
    }

    [StorageFact]
    public async Task A_transaction_with_a_taken_key_writes_nothing_and_names_the_action()
    {
        await Insert("taken");
        await RefusedAt(2, 409, "EntityAlreadyExists", [new(Add, Row("a")), new(UpsertReplace, Row("b")), new(Add, Row("taken"))]);
        Assert.Null(await TextOf("a"));
        Assert.Null(await TextOf("b"));
    }

    [StorageFact]
    public async Task A_transaction_with_an_older_version_writes_nothing_and_names_the_action()
    {
        await Insert("old");
        await RefusedAt(1, 412, "UpdateConditionNotSatisfied", [new(Add, Row("a")), new(UpdateReplace, Row("old", "changed"), StaleETag)]);
        await RefusedAt(0, 412, "UpdateConditionNotSatisfied", [new(Delete, Row("old"), StaleETag), new(Add, Row("a"))]);
        Assert.Equal("first", await TextOf("old"));
        Assert.Null(await TextOf("a"));
    }

    [StorageFact]
    public async Task A_transaction_that_deletes_what_is_not_there_is_refused_with_404()
    {
        await RefusedAt(1, 404, "ResourceNotFound", [new(Add, Row("a")), new(Delete, Row("none"))]);
        Assert.Null(await TextOf("a"));
    }

    [StorageFact]
    public async Task A_transaction_with_a_row_twice_is_refused_with_400()
    {
        await RefusedAt(1, 400, "InvalidDuplicateRow", [new(Add, Row("a")), new(UpsertMerge, Row("a"))]);
        Assert.Null(await TextOf("a"));
    }

    [StorageFact]
    public async Task A_transaction_holds_100_actions_and_not_101()
    {
        await ShouldRefuseAsTooManyAsync(() => Table.SubmitTransactionAsync(Inserts(101)));
        Assert.Null(await TextOf("0"));
        var answers = await Table.SubmitTransactionAsync(Inserts(100));
        Assert.Equal(100, answers.Value.Count);
        Assert.Equal("first", await TextOf("99"));
    }

    [StorageFact]
    public async Task Of_50_transactions_at_once_that_insert_one_row_one_wins_with_all_it_wrote()
    {
        var outcomes = await AtOnce(async i =>
            (await Table.SubmitTransactionAsync([new(Add, Row($"mine {i}")), new(Add, Row("shared", $"writer {i}"))])).Value[0]);
        var winner = Array.IndexOf(outcomes, 204);
        Assert.Equal(1, outcomes.Count(status => status == 204));
        Assert.Equal($"writer {winner}", await TextOf("shared"));
        var rows = (await Pages("PartitionKey eq 'p'")).SelectMany(p => p).Select(r => r.RowKey);
        Assert.Equal([$"mine {winner}", "shared"], rows);
    }

    protected virtual Task ShouldRefuseAsTooManyAsync(Func<Task> transaction) => Refused(400, null, transaction);

    private static IEnumerable<TableTransactionAction> Inserts(int count) =>
        Enumerable.Range(0, count).Select(i => new TableTransactionAction(Add, Row($"{i}")));

    private async Task RefusedAt(int index, int status, string code, IEnumerable<TableTransactionAction> actions)
    {
        var refusal = await Refused(status, code, () => Table.SubmitTransactionAsync(actions));
        Assert.Equal(index, Assert.IsType<TableTransactionFailedException>(refusal).FailedTransactionActionIndex);
    }
}
