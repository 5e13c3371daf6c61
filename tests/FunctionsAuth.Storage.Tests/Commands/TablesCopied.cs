using System.Globalization;
using Azure.Data.Tables;

namespace FunctionsAuth.Storage.Tests.Commands;

/// <summary>A copy of the tables, restored elsewhere.</summary>
[NeedsStorage]
public sealed class TablesCopied : IDisposable
{
    private readonly string storage = NeedsStorageAttribute.ConnectionString ?? "";
    private readonly string from = $"f{Guid.NewGuid():N}"[..12];
    private readonly string to = $"t{Guid.NewGuid():N}"[..12];
    private readonly FileInfo file = new(Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.copy"));

    public void Dispose() => file.Delete();

    [StorageFact]
    public async Task Has_all_rows_with_all_types_and_nothing_that_was_revoked_or_used()
    {
        await AddAsync("Users", new("alice", "user")
        {
            ["Text"] = "ä \"quoted\"\n",
            ["Flag"] = true,
            ["Int"] = -1,
            ["Long"] = long.MaxValue,
            ["Double"] = 0.1,
            ["Bytes"] = new byte[] { 0, 255 },
            ["Moment"] = new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero).AddTicks(1234567),
            ["Id"] = Guid.Empty,
        });
        foreach (var table in new[] { "Grants", "Sessions", "Replays", "AccessTokens", "SigningKeys" })
            await AddAsync(table, new("a", "b"));

        Assert.StartsWith("1 rows were saved.", Assert.Single((await RunAsync("save", from)).ShouldSucceed().Lines), StringComparison.Ordinal);
        Assert.Equal("1 rows were written. 0 rows existed already and were not changed.", Assert.Single((await RunAsync("restore", to)).ShouldSucceed().Lines));

        Assert.Equal(await PropertiesAsync(from), await PropertiesAsync(to));
        Assert.False((await TableAsync(to, "Grants")).Exists);
    }

    [StorageFact]
    public async Task Leaves_what_is_there()
    {
        await AddAsync("Users", new("alice", "user") { ["Name"] = "old" });
        (await RunAsync("save", from)).ShouldSucceed();
        await (await TableAsync(from, "Users")).Client.UpsertEntityAsync(new TableEntity("alice", "user") { ["Name"] = "new" }, TableUpdateMode.Replace);

        Assert.StartsWith("0 rows were written. 1 rows existed", (await RunAsync("restore", from)).ShouldSucceed().Output, StringComparison.Ordinal);
        Assert.Equal("new", (await (await TableAsync(from, "Users")).Client.GetEntityAsync<TableEntity>("alice", "user")).Value.GetString("Name"));
    }

    [StorageFact]
    public async Task Is_refused_whole_when_a_part_of_it_is_missing_or_wrong()
    {
        await AddAsync("Users", new("alice", "user"));
        await AddAsync("Users", new("bob", "user"));
        (await RunAsync("save", from)).ShouldSucceed();
        var lines = await File.ReadAllLinesAsync(file.FullName);
        foreach (var wrong in new string[][]
        {
            lines[..2], lines[1..], [.. lines, lines[0]], [lines[0], "{}", lines[2]], [lines[0], "no json", lines[2]], [],
            [lines[0], lines[1].Replace("\"Users\"", "\"Grants\"", StringComparison.Ordinal), lines[2]],
            [lines[0], lines[1].Replace("\"properties\":{", "\"properties\":{\"X\":[\"float\",1],", StringComparison.Ordinal), lines[2]],
        })
        {
            await File.WriteAllLinesAsync(file.FullName, wrong);
            Assert.Equal(2, (await RunAsync("restore", to)).Status);
        }
        Assert.False((await TableAsync(to, "Users")).Exists);
    }

    [StorageFact]
    public async Task Never_replaces_a_file()
    {
        await File.WriteAllTextAsync(file.FullName, "precious");
        (await RunAsync("save", from)).ShouldBeTold($"{file.FullName} can't be written:");
        Assert.Equal("precious", await File.ReadAllTextAsync(file.FullName));
    }

    private Task<LocalHostCommand> RunAsync(string action, string prefix) =>
        LocalHostCommand.RunAsync("tables", action, "--storage", storage, "--table-prefix", prefix, file.FullName);

    private async Task AddAsync(string table, TableEntity row)
    {
        var client = new TableClient(storage, from + table);
        await client.CreateIfNotExistsAsync();
        await client.AddEntityAsync(row);
    }

    private async Task<(TableClient Client, bool Exists)> TableAsync(string prefix, string name)
    {
        var tables = new TableServiceClient(storage).QueryAsync($"TableName eq '{prefix}{name}'");
        await foreach (var _ in tables)
            return (new TableClient(storage, prefix + name), true);
        return (new TableClient(storage, prefix + name), false);
    }

    private async Task<IEnumerable<string>> PropertiesAsync(string prefix)
    {
        var row = (await new TableClient(storage, prefix + "Users").GetEntityAsync<TableEntity>("alice", "user")).Value;
        return row.Where(property => property.Key is not ("odata.etag" or "Timestamp"))
            .Select(property => $"{property.Key} {property.Value.GetType().Name} {TextOf(property.Value)}").Order();
    }

    private static string? TextOf(object value) => value switch
    {
        byte[] bytes => Convert.ToHexString(bytes),
        DateTimeOffset moment => moment.ToString("O", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };
}
