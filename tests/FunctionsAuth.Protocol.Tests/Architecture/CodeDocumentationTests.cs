using System.Reflection;
using System.Text.RegularExpressions;
using FunctionsAuth.Protocol.Configuration;

namespace FunctionsAuth.Protocol.Tests.Architecture;

public sealed partial class CodeDocumentationTests
{
    private static readonly string Page = File.ReadAllText(Repository.PathOf("docs", "code.md"));

    private static readonly Type[] Types = typeof(ServerOptions).Assembly.GetTypes();

    public static TheoryData<string, string> Members
    {
        get
        {
            var members = new TheoryData<string, string>();
            foreach (Match match in Member().Matches(Page))
                members.Add(match.Groups[1].Value, match.Groups[2].Value);
            return members;
        }
    }

    [Theory]
    [MemberData(nameof(Members))]
    public void The_page_names_members_that_there_are(string type, string member)
    {
        const BindingFlags all = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        var named = Assert.Single(Types, candidate => candidate.Name == type);
        Assert.NotEmpty(named.GetMember(member, all));
    }

    [Fact]
    public void The_page_names_several() => Assert.True(Members.Count > 10);

    [GeneratedRegex(@"`([A-Z]\w+)\.(\w+)`")]
    private static partial Regex Member();
}
