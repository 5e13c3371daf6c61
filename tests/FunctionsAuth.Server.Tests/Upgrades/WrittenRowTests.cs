using Azure.Data.Tables;
using FunctionsAuth.LocalHost.Memory;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Upgrades;

/// <summary>
/// While instances of an earlier release and of this one run side by side, the earlier one reads what this one writes. The same life
/// on both leaves the same kinds of rows, so they can be compared.
/// </summary>
public sealed class WrittenRowTests
{
    /// <summary>If this is set, the rows and what clients keep of them are saved into that folder: a fixture for later releases.</summary>
    private const string SaveTo = "FUNCTIONSAUTH_SAVE_ROWS";

    [Theory]
    [InMemory]
    [OnAzurite]
    public async Task Each_row_has_what_such_rows_had_in_an_earlier_release(BackEnd backEnd)
    {
        var (rows, kept) = await LiveAsync(backEnd);
        if (Environment.GetEnvironmentVariable(SaveTo) is { Length: > 0 } folder)
            await SaveAsync(folder, rows, kept);
        Assert.Empty(Lost(rows.ToLookup(row => row.Table), EarlierRelease.Rows.ToLookup(row => row.Table)));
    }

    private static async Task<(IReadOnlyList<SavedRow> Rows, Kept Kept)> LiveAsync(BackEnd backEnd)
    {
        var prefix = backEnd == BackEnd.Memory ? "" : $"t{Guid.NewGuid():N}"[..12];
        var tables = backEnd == BackEnd.Memory ? new MemoryTableServiceClient() : new TableServiceClient(OnAzuriteAttribute.ConnectionString!, TestStorage.Options());
        var keys = Directory.CreateTempSubdirectory("functionsauth-keys-");
        try
        {
            await using var server = await RunningServer.StartAsync(new ServerSetup
            {
                Settings = new(Life.Settings) { ["Storage:TablePrefix"] = prefix },
                Tables = _ => tables,
                KeyFolder = keys.FullName,
            });
            var life = new Life(server);
            await life.LiveAsync();
            foreach (var file in keys.EnumerateFiles("*.*", SearchOption.AllDirectories).Where(file => file.Name != ".lock"))
                life.Kept.KeyFiles[Path.GetRelativePath(keys.FullName, file.FullName)] = await File.ReadAllTextAsync(file.FullName);
            return (await SavedRows.ReadAsync(tables, prefix), life.Kept);
        }
        finally
        {
            keys.Delete(recursive: true);
        }
    }

    private static async Task SaveAsync(string folder, IEnumerable<SavedRow> rows, Kept kept)
    {
        Directory.CreateDirectory(folder);
        await File.WriteAllLinesAsync(Path.Combine(folder, "rows.jsonl"), rows.Select(row => row.Write()).Order(StringComparer.Ordinal));
        await File.WriteAllTextAsync(Path.Combine(folder, "kept.json"), kept.Write() + "\n");
    }

    /// <summary>Kinds of rows that are not written any more, and rows that lack what all of their kind had.</summary>
    private static IEnumerable<string> Lost(ILookup<string, SavedRow> now, ILookup<string, SavedRow> before)
    {
        foreach (var table in before)
        {
            var (old, written) = (Shapes(table), Shapes(now[table.Key]));
            foreach (var shape in old.Where(shape => !written.Any(one => one.IsSupersetOf(shape))))
                yield return $"{table.Key}: no row has any more {string.Join(", ", shape)}. {Nearest(shape, written)}";
            foreach (var shape in written.Where(shape => !old.Any(shape.IsSupersetOf)))
                yield return $"{table.Key}: a row has {string.Join(", ", shape)}, and an earlier row had more.";
        }
    }

    private static string Nearest(IReadOnlySet<string> shape, IReadOnlyList<IReadOnlySet<string>> written) => written.MinBy(one => shape.Except(one).Count()) is { } nearest
        ? $"The nearest lacks {string.Join(", ", shape.Except(nearest))}."
        : "Nothing is written to the table.";

    private static IReadOnlyList<IReadOnlySet<string>> Shapes(IEnumerable<SavedRow> rows) =>
        [.. rows.Select(RowShape.Of).DistinctBy(shape => string.Join('\n', shape))];
}
