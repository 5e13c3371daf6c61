using System.Globalization;
using Azure;
using Azure.Data.Tables;
using FunctionsAuth.Azure.Stores;
using FunctionsAuth.LocalHost.Commands;

namespace FunctionsAuth.LocalHost.Copies;

/// <summary>
/// Saves copies of the tables that cannot be created again to a file. A restore would make revoked tokens and ended sessions valid again. So grants,
/// sessions and values that are used once are not copied, and signing keys are not copied either.
/// </summary>
internal sealed class TableCopy(TableServiceClient service, string prefix)
{
    private const string End = "end ";
    private const int AtOnce = 16;

    private const int Conflict = 409;

    private static readonly string[] Tables = [.. ServerStores.Tables.Where(table => table.IsCopied).Select(table => table.Name)];

    /// <returns>The number of rows.</returns>
    public async Task<int> SaveAsync(TextWriter writer, CancellationToken cancellation)
    {
        var count = 0;
        foreach (var table in Tables)
        {
            await foreach (var row in RowsAsync(table, cancellation))
            {
                await writer.WriteLineAsync(RowText.Write(table, row).AsMemory(), cancellation);
                count++;
            }
        }
        // Without this line, the file is incomplete.
        await writer.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{End}{count}").AsMemory(), cancellation);
        return count;
    }

    /// <summary>Writes the rows that do not exist. Existing rows are not changed. It can be run again.</summary>
    /// <exception cref="UsageException">The file is not a copy, or is incomplete. Nothing was written.</exception>
    public async Task<(int Written, int Kept)> RestoreAsync(FileInfo file, CancellationToken cancellation)
    {
        Check(file);
        foreach (var table in Tables)
            await service.GetTableClient(prefix + table).CreateIfNotExistsAsync(cancellation);
        var (written, kept) = (0, 0);
        var rows = File.ReadLines(file.FullName).Where(line => !line.StartsWith(End, StringComparison.Ordinal)).Select(RowText.Read);
        await Parallel.ForEachAsync(rows, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation }, async (row, stopping) =>
        {
            if (await TryAddAsync(row.Table, row.Row, stopping))
                Interlocked.Increment(ref written);
            else
                Interlocked.Increment(ref kept);
        });
        return (written, kept);
    }

    private static void Check(FileInfo file)
    {
        var (count, end) = (0, "");
        foreach (var line in File.ReadLines(file.FullName))
        {
            if (end.Length > 0)
                throw new UsageException($"{file.Name} is damaged: there is more text after the end mark of the copy.");
            if (line.StartsWith(End, StringComparison.Ordinal))
            {
                end = line[End.Length..];
                continue;
            }
            count++;
            CheckRow(file, line, count);
        }
        if (end != count.ToString(CultureInfo.InvariantCulture))
            throw new UsageException($"{file.Name} is incomplete: the end of the copy or some rows are missing.");
    }

    private static void CheckRow(FileInfo file, string line, int number)
    {
        try
        {
            var (table, _) = RowText.Read(line);
            if (!Tables.Contains(table))
                throw new FormatException($"a copy has no table with the name {table}");
        }
        catch (FormatException e)
        {
            throw new UsageException($"Line {number} of {file.Name} can't be restored: {e.Message}.");
        }
    }

    private async Task<bool> TryAddAsync(string table, TableEntity row, CancellationToken cancellation)
    {
        try
        {
            await service.GetTableClient(prefix + table).AddEntityAsync(row, cancellation);
            return true;
        }
        catch (RequestFailedException e) when (e.Status == Conflict)
        {
            return false;
        }
    }

    private async IAsyncEnumerable<TableEntity> RowsAsync(string table, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var rows = service.GetTableClient(prefix + table).QueryAsync<TableEntity>(cancellationToken: cancellation).GetAsyncEnumerator(cancellation);
        while (await NextAsync())
            yield return rows.Current;

        async Task<bool> NextAsync()
        {
            try
            {
                return await rows.MoveNextAsync();
            }
            catch (RequestFailedException e) when (e.ErrorCode == "TableNotFound")
            {
                return false; // nothing was ever written to it
            }
        }
    }
}
