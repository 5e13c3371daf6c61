using Azure;
using Azure.Data.Tables;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Storage;

namespace FunctionsAuth.Azure.Tables;

public sealed partial class Table
{
    /// <summary>All or nothing, in one partition, at most 100.</summary>
    /// <returns>False when a row that it names is gone; nothing was changed then.</returns>
    public async Task<bool> TrySubmitAsync(IEnumerable<TableTransactionAction> actions, CancellationToken cancellation)
    {
        try
        {
            await CountAsync("transaction", () => client.SubmitTransactionAsync(actions, cancellation), [NotFound], cancellation);
            return true;
        }
        catch (RequestFailedException e) when (e.Status == NotFound)
        {
            return false;
        }
    }

    /// <summary>The same beside a row that guards the others: it is inserted if its version is empty, else replaced if it still has that version.</summary>
    /// <returns>False when somebody else wrote the guard, or a row that is named is gone, or one that is inserted is there; nothing was changed then.</returns>
    public async Task<bool> TrySubmitAsync(TableEntity guard, string version, IEnumerable<TableTransactionAction> others)
    {
        guard[Stamp] = UniqueId.New();
        TableTransactionAction[] actions =
        [
            version.Length == 0 ? new(TableTransactionActionType.Add, guard) : new(TableTransactionActionType.UpdateReplace, guard, new ETag(version)), .. others,
        ];
        TemporarilyUnavailableException? failure = null;
        try
        {
            await CountAsync("transaction", () => CreatingTableAsync(() => client.SubmitTransactionAsync(actions)), [NotFound, Conflict, PreconditionFailed], CancellationToken.None);
            return true;
        }
        catch (RequestFailedException e) when (e.Status is NotFound or Conflict or PreconditionFailed)
        {
            // Refused, or a first answer got lost: the stamp tells.
        }
        catch (TemporarilyUnavailableException e)
        {
            failure = e;
        }
        var current = await FindAsync(guard.PartitionKey, guard.RowKey, CancellationToken.None);
        var won = current?.GetString(Stamp) == guard.GetString(Stamp);
        return failure is null || won ? won : throw failure;
    }
}
