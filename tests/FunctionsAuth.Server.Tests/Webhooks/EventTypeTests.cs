using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.Webhooks;

namespace FunctionsAuth.Server.Tests.Webhooks;

public sealed class EventTypeTests
{
    [Fact]
    public void Each_kind_of_event_has_a_name_of_its_own()
    {
        var names = Enum.GetValues<AuditKind>().Select(EventTypes.Of).ToList();
        Assert.All(names, name => Assert.Matches(@"^[a-z]+(_[a-z]+)*\.[a-z]+(_[a-z]+)*\z", name));
        Assert.Equal(names.Count, names.Distinct().Count());
        Assert.Equal(names.Order(StringComparer.Ordinal), EventTypes.Names.Order(StringComparer.Ordinal));
        Assert.DoesNotContain(EventTypes.Ping, names);
    }

    [Fact]
    public void The_page_on_webhooks_has_all_types()
    {
        var listed = File.ReadLines(Path.Combine(FindRoot(), "docs", "webhooks.md"))
            .SkipWhile(line => line != "## Types of events")
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Split('`')[1]);
        Assert.Equal(EventTypes.Names.Append(EventTypes.Ping).Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "FunctionsAuth.sln")))
            folder = folder.Parent!;
        return folder.FullName;
    }
}
