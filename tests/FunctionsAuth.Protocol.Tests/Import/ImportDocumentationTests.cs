using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Details;
using FunctionsAuth.Protocol.Groups;
using FunctionsAuth.Protocol.Import;
using FunctionsAuth.Protocol.Scopes;

namespace FunctionsAuth.Protocol.Tests.Import;

public sealed class ImportDocumentationTests
{
    private static readonly string Docs = Repository.PathOf("docs");
    private static readonly JsonElement Schema = JsonDocument.Parse(File.ReadAllText(Path.Combine(Docs, "import.schema.json"))).RootElement;

    [Fact]
    public void The_example_in_the_documentation_is_right()
    {
        var file = Files.Parse(Example());
        Assert.Equal([5, 2, 1, 1, 2, 2], [file.Clients.Count, file.Scopes.Count, file.Resources.Count, file.AuthorizationDetailsTypes.Count, file.Groups.Count, file.Users.Count]);
    }

    [Fact]
    public void The_example_in_the_guide_to_groups_is_right()
    {
        var file = Files.Parse(Example("groups.md"));
        Assert.Equal([2, 3, 3], [file.Clients.Count, file.Groups.Count, file.Users.Count]);
    }

    [Fact]
    public void The_example_in_the_guide_to_rich_authorization_requests_is_right()
    {
        var file = Files.Parse(Example("rich-authorization-requests.md"));
        Assert.Equal([2, 1], [file.Clients.Count, file.AuthorizationDetailsTypes.Count]);
    }

    [Fact]
    public void The_schema_has_the_sections_of_the_file() =>
        Assert.Equal(["$schema", "authorization_details_types", "clients", "groups", "resources", "scopes", "users"], MembersOf(Schema).Order());

    [Theory]
    [InlineData("client", typeof(Client), "client_secret")]
    [InlineData("client_secret", typeof(ImportedSecret))]
    [InlineData("scope", typeof(Scope))]
    [InlineData("resource", typeof(Resource))]
    [InlineData("authorization_details_type", typeof(AuthorizationDetailsType))]
    [InlineData("detail_line", typeof(DetailLine))]
    [InlineData("group", typeof(Group))]
    [InlineData("user", typeof(ImportedUser))]
    public void The_schema_has_what_can_be_imported_and_nothing_else(string definition, Type type, params string[] more)
    {
        var members = type.GetProperties()
            // Texts in several languages are members of their own: the patterns of the schema.
            .Where(property => property.CanWrite && property.GetCustomAttribute<JsonIgnoreAttribute>() is null && property.GetCustomAttribute<JsonPropertyNameAttribute>() is null)
            .Select(property => JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name))
            .Concat(more);
        Assert.Equal(members.Order(), MembersOf(Schema.GetProperty("$defs").GetProperty(definition)).Order());
    }

    [Theory]
    [InlineData("client", "\"clients\": [{0}]")]
    [InlineData("client_secret", "\"clients\": [{{ \"client_id\": \"a\", \"client_secrets\": [{0}] }}]")]
    [InlineData("scope", "\"scopes\": [{0}]")]
    [InlineData("resource", "\"resources\": [{0}]")]
    [InlineData("authorization_details_type", "\"authorization_details_types\": [{0}]")]
    [InlineData("detail_line", "\"authorization_details_types\": [{{ \"lines\": [{0}] }}]")]
    [InlineData("group", "\"groups\": [{0}]")]
    [InlineData("user", "\"users\": [{0}]")]
    public void Every_member_of_the_schema_is_known_to_the_import(string definition, string file)
    {
        var members = MembersOf(Schema.GetProperty("$defs").GetProperty(definition)).Select(name => $"\"{name}\": []");
        var item = $$"""{ {{string.Join(", ", members)}}, "not_in_the_schema": 1 }""";
        var unknown = Files.ProblemsOf("{" + string.Format(null, file, item) + "}").Where(problem => problem.Problem == "is unknown");
        Assert.EndsWith("not_in_the_schema", Assert.Single(unknown).Path, StringComparison.Ordinal);
    }

    [Fact]
    public void The_documentation_describes_every_member_of_the_schema()
    {
        var text = File.ReadAllText(Path.Combine(Docs, "import.md"));
        var example = Example();
        foreach (var member in new[] { "client", "client_secret", "scope", "resource", "authorization_details_type", "detail_line", "group", "user" }.SelectMany(name => MembersOf(Schema.GetProperty("$defs").GetProperty(name))))
        {
            Assert.Contains($"`{member}`", text, StringComparison.Ordinal);
            Assert.Contains($"\"{member}\":", example, StringComparison.Ordinal);
        }
    }

    private static IEnumerable<string> MembersOf(JsonElement schema) => schema.GetProperty("properties").EnumerateObject().Select(member => member.Name);

    private static string Example(string page = "import.md")
    {
        var text = File.ReadAllText(Path.Combine(Docs, page));
        const string fence = "```jsonc\n";
        var start = text.IndexOf(fence, StringComparison.Ordinal) + fence.Length;
        return text[start..text.IndexOf("\n```", start, StringComparison.Ordinal)];
    }
}
