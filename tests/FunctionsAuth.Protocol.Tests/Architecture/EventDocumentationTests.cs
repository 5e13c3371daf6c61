using System.Text.RegularExpressions;

namespace FunctionsAuth.Protocol.Tests.Architecture;

/// <summary>An event that a guide or an alert names is one that the server writes; and each id means one event.</summary>
public sealed partial class EventDocumentationTests
{
    private static readonly string[] Guides = ["README.md", .. Files("docs", "*.md"), .. Files("infra", "*.bicep"), .. Files("infra", "*.md")];

    private static readonly List<string> Written =
        [.. Files("src", "*.cs").SelectMany(file => Logged().Matches(File.ReadAllText(Repository.PathOf(file))).Select(match => match.Groups[1].Value))];

    public static TheoryData<string, string> Named
    {
        get
        {
            var named = new TheoryData<string, string>();
            foreach (var guide in Guides)
            {
                var ids = Mentioned().Matches(File.ReadAllText(Repository.PathOf(guide))).SelectMany(match => Id().Matches(match.Value)).Select(match => match.Value);
                foreach (var id in ids.Distinct())
                    named.Add(guide, id);
            }
            return named;
        }
    }

    [Theory]
    [MemberData(nameof(Named))]
    public void An_event_that_a_guide_names_is_written_by_the_server(string guide, string id) =>
        Assert.True(Written.Contains(id), $"{guide} names event {id}, and nothing writes it");

    [Fact]
    public void Guides_and_alerts_name_several() => Assert.True(Named.Count > 12);

    [Fact]
    public void No_two_events_have_the_same_id() => Assert.Empty(Written.GroupBy(id => id).Where(same => same.Count() > 1).Select(same => same.Key));

    private static IEnumerable<string> Files(string folder, string pattern)
    {
        var root = Repository.PathOf(".");
        return Directory.EnumerateFiles(Repository.PathOf(folder), pattern, SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(root, file))
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin" or "node_modules"));
    }

    [GeneratedRegex(@"\[LoggerMessage\((\d+),")]
    private static partial Regex Logged();

    [GeneratedRegex(@"[Ee]vents? \d{4}(?:(?:, | and | or | to )\d{4})*")]
    private static partial Regex Mentioned();

    [GeneratedRegex(@"\d{4}")]
    private static partial Regex Id();
}
