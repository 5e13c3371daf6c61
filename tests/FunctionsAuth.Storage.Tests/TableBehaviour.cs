using Azure;
using Azure.Data.Tables;

namespace FunctionsAuth.Storage.Tests;

/// <summary>What every kind of table gives the tests: an account, and in it a table of the test's own.</summary>
public abstract class TableBehaviour : IAsyncLifetime
{
    protected const string Partition = "p";

    // Of no version that any row has had.
    protected static ETag StaleETag { get; } = new("W/\"datetime'2020-01-01T00%3A00%3A00.0000000Z'\"");

    protected abstract TableServiceClient Service { get; }

    protected TableClient Table { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Table = Service.GetTableClient(NewName());
        await Table.CreateIfNotExistsAsync();
    }

    public Task DisposeAsync() => Table.DeleteAsync();

    protected static string NewName() => $"t{Guid.NewGuid():N}";

    protected static TableEntity Row(string rowKey, string text = "first") => new(Partition, rowKey) { ["Text"] = text };

    protected async Task<ETag> Insert(string rowKey, string text = "first") =>
        (await Table.AddEntityAsync(Row(rowKey, text))).Headers.ETag!.Value;

    protected async Task<string?> TextOf(string rowKey)
    {
        var row = await Table.GetEntityIfExistsAsync<TableEntity>(Partition, rowKey);
        return row.HasValue ? row.Value!.GetString("Text") : null;
    }

    protected static async Task<RequestFailedException> Refused(int status, string? code, Func<Task> operation)
    {
        var refusal = await Assert.ThrowsAnyAsync<RequestFailedException>(operation);
        Assert.Equal(status, refusal.Status);
        if (code is not null) Assert.Equal(code, refusal.ErrorCode);
        return refusal;
    }
}
