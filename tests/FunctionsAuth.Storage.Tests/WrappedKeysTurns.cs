using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;

namespace FunctionsAuth.Storage.Tests;

/// <summary>Lets the table operations of several instances through one at a time, in an order that a test chooses.</summary>
internal sealed class WrappedKeysTurns
{
    private readonly Lock gate = new();
    private readonly TaskCompletionSource?[] waiting;
    private int running;
    private TaskCompletionSource allStand = NewSource();

    private WrappedKeysTurns(int instances) => (waiting, running) = (new TaskCompletionSource?[instances], instances);

    /// <summary>Runs what the instances do in every order of their operations that there is, each time from the beginning.</summary>
    /// <param name="begin">Prepares one run: what each instance does, and what is then looked at.</param>
    /// <returns>The number of orders.</returns>
    public static async Task<int> ForEveryOrderAsync(int instances, Func<WrappedKeysTurns, Task<(Func<Task>[] Work, Func<string, Task> Look)>> begin)
    {
        List<(int Choice, int Of)> order = [];
        for (var orders = 1; ; orders++)
        {
            var turns = new WrappedKeysTurns(instances);
            var (work, look) = await begin(turns);
            var doing = Task.WhenAll(work.Select(turns.RunAsync));
            var done = 0;
            for (var standing = await turns.AllStandAsync(); standing.Count > 0; standing = await turns.AllStandAsync())
            {
                if (done == order.Count)
                    order.Add((0, standing.Count));
                turns.Let(standing[order[done++].Choice]);
            }
            await doing;
            await look(string.Join(' ', order.Select(step => step.Choice)));
            while (order.Count > 0 && order[^1].Choice == order[^1].Of - 1)
                order.RemoveAt(order.Count - 1);
            if (order.Count == 0)
                return orders;
            order[^1] = (order[^1].Choice + 1, order[^1].Of);
        }
    }

    public Task ArriveAsync(int instance)
    {
        lock (gate)
        {
            var turn = waiting[instance] = NewSource();
            Stands();
            return turn.Task;
        }
    }

    private async Task RunAsync(Func<Task> work)
    {
        try
        {
            await Task.Run(work);
        }
        finally
        {
            lock (gate)
                Stands();
        }
    }

    /// <summary>Waits until each instance stands before an operation or has ended.</summary>
    /// <returns>Those that stand.</returns>
    private async Task<IReadOnlyList<int>> AllStandAsync()
    {
        await allStand.Task.WaitAsync(TimeSpan.FromMinutes(5));
        lock (gate)
            return [.. Enumerable.Range(0, waiting.Length).Where(i => waiting[i] is not null)];
    }

    private void Let(int instance)
    {
        TaskCompletionSource turn;
        lock (gate)
        {
            turn = waiting[instance]!;
            waiting[instance] = null;
            running++;
            allStand = NewSource();
        }
        turn.SetResult();
    }

    private void Stands()
    {
        if (--running == 0)
            allStand.SetResult();
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>The tables of an account as one instance sees them: each operation on a row of that partition waits for its turn.</summary>
internal sealed class TablesInTurn(TableServiceClient inner, string partition, Func<Task> turn) : TableServiceClient
{
    public override TableClient GetTableClient(string tableName) => new TableInTurn(inner.GetTableClient(tableName), partition, turn);

    private sealed class TableInTurn(TableClient inner, string partition, Func<Task> turn) : TableClient
    {
        public override Task<Response<TableItem>> CreateIfNotExistsAsync(CancellationToken cancellationToken = default) =>
            inner.CreateIfNotExistsAsync(cancellationToken);

        public override Task<Response> AddEntityAsync<T>(T entity, CancellationToken cancellationToken = default) =>
            InTurnAsync(entity.PartitionKey, () => inner.AddEntityAsync(entity, cancellationToken));

        public override Task<Response> UpdateEntityAsync<T>(
            T entity, ETag ifMatch, TableUpdateMode mode = TableUpdateMode.Merge, CancellationToken cancellationToken = default) =>
            InTurnAsync(entity.PartitionKey, () => inner.UpdateEntityAsync(entity, ifMatch, mode, cancellationToken));

        public override Task<NullableResponse<T>> GetEntityIfExistsAsync<T>(
            string partitionKey, string rowKey, IEnumerable<string>? select = null, CancellationToken cancellationToken = default) =>
            InTurnAsync(partitionKey, () => inner.GetEntityIfExistsAsync<T>(partitionKey, rowKey, select, cancellationToken));

        public override AsyncPageable<T> QueryAsync<T>(
            string? filter = null, int? maxPerPage = null, IEnumerable<string>? select = null, CancellationToken cancellationToken = default) =>
            new Pages<T>(inner.QueryAsync<T>(filter, maxPerPage, select, cancellationToken), filter!.Contains($"'{partition}'", StringComparison.Ordinal) ? turn : null);

        private async Task<T> InTurnAsync<T>(string of, Func<Task<T>> operation)
        {
            if (of == partition)
                await turn();
            return await operation();
        }
    }

    private sealed class Pages<T>(AsyncPageable<T> inner, Func<Task>? turn) : AsyncPageable<T>
        where T : notnull
    {
        public override async IAsyncEnumerable<Page<T>> AsPages(string? continuationToken = null, int? pageSizeHint = null)
        {
            if (turn is not null)
                await turn();
            await foreach (var page in inner.AsPages(continuationToken, pageSizeHint))
                yield return page;
        }
    }
}
