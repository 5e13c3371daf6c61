using FunctionsAuth.Azure.Stores;

namespace FunctionsAuth.Storage.Tests.Commands;

public sealed class TableDocumentationTests
{
    public static TheoryData<string> Tables => [.. ServerStores.Tables.Select(table => table.Name)];

    [Theory]
    [MemberData(nameof(Tables))]
    public void The_operators_page_says_of_each_table_whether_a_copy_has_it(string name)
    {
        var rows = File.ReadLines(Path.Combine(FindRoot(), "docs", "operations.md"))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .Where(cells => cells.Length > 3 && cells[1].Split(", ").Contains(name));
        var table = ServerStores.Tables.Single(table => table.Name == name);
        Assert.Equal(table.IsCopied ? "yes" : "**never**", Assert.Single(rows)[2]);
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "FunctionsAuth.sln")))
            folder = folder.Parent!;
        return folder.FullName;
    }
}
