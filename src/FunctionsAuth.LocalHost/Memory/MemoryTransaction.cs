using Azure;
using Azure.Data.Tables;

namespace FunctionsAuth.LocalHost.Memory;

/// <summary>The rules of an entity group transaction: one partition, each row once, 100 actions, 4 MiB.</summary>
internal static class MemoryTransaction
{
    private const int MostActions = 100;
    private const int MostBytes = 4 << 20;

    /// <summary>Throws <see cref="TableTransactionFailedException"/> with the index of the action that can't be.</summary>
    public static IReadOnlyList<MemoryWrite> Check(IReadOnlyList<TableTransactionAction> actions)
    {
        if (actions.Count == 0) throw new InvalidOperationException("A transaction has at least one action.");
        if (actions.Count > MostActions)
            throw Refused("InvalidInput", $"A transaction has at most {MostActions} actions.", MostActions);

        var writes = new List<MemoryWrite>(actions.Count);
        var keys = new HashSet<EntityKey>();
        foreach (var action in actions)
        {
            var write = Checked(action, writes.Count);
            if (writes.Count > 0 && write.Key.Partition != writes[0].Key.Partition)
                throw Refused("CommandsInBatchActOnDifferentPartitions", "A transaction is of one partition.", writes.Count);
            if (!keys.Add(write.Key)) throw Refused("InvalidDuplicateRow", "An entity can appear only once in a batch.", writes.Count);
            writes.Add(write);
        }
        if (writes.Sum(w => w.Size) > MostBytes) throw new TableTransactionFailedException(Refusals.TransactionTooLarge());
        return writes;
    }

    private static MemoryWrite Checked(TableTransactionAction action, int index)
    {
        try
        {
            return MemoryWrite.Of(action);
        }
        catch (RequestFailedException e)
        {
            throw Refusals.Transaction(e, index);
        }
    }

    private static TableTransactionFailedException Refused(string code, string message, int index) =>
        Refusals.Transaction(Refusals.BadInput(code, message), index);
}
