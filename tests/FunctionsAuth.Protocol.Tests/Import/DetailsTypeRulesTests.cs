using FunctionsAuth.Protocol.Details;
using FunctionsAuth.Protocol.Import;

namespace FunctionsAuth.Protocol.Tests.Import;

/// <summary>A type of authorization details is refused that could grant what nobody saw, or what this server could not check.</summary>
public sealed class DetailsTypeRulesTests
{
    [Fact]
    public void A_type_needs_no_more_than_its_name_and_its_title() => Assert.Empty(ProblemsOf("""{ "type": "ping", "title": "To know that you are there" }"""));

    [Theory]
    [InlineData("type", "\"\"")]
    [InlineData("type", "\"with space\"")]
    [InlineData("type", "\"quote\\\"\"")]
    [InlineData("title", "\"\"")]
    [InlineData("title", "\"A\\u202eB\"")]
    [InlineData("title#de", "\" \"")]
    [InlineData("title#notatag!", "\"A\"")]
    [InlineData("description#de", "\"A\"")]
    [InlineData("resource", "\"https://unknown.test\"")]
    public void Its_other_members_are_checked(string member, string value)
    {
        var all = new Dictionary<string, string> { ["type"] = "\"ping\"", ["title"] = "\"Ping\"", [member] = value };
        Assert.Equal($"authorization_details_types[0].{member}", Assert.Single(ProblemsOf("{" + string.Join(',', all.Select(pair => $"\"{pair.Key}\": {pair.Value}")) + "}")).Path);
    }

    [Theory]
    [InlineData("""{ "type": "array" }""", ".type")]
    [InlineData("""{ "$ref": "https://evil.test/schema" }""", ".$ref")]
    [InlineData("""{ "properties": { "a": { "$ref": "#/$defs/b" } } }""", ".properties.a.type")]
    [InlineData("""{ "properties": { "a": { "type": "string", "$ref": "#/$defs/b" } } }""", ".properties.a.$ref")]
    [InlineData("""{ "$defs": {} }""", ".$defs")]
    [InlineData("""{ "anyOf": [] }""", ".anyOf")]
    [InlineData("""{ "patternProperties": {} }""", ".patternProperties")]
    [InlineData("""{ "additionalProperties": true }""", ".additionalProperties")]
    [InlineData("""{ "additionalProperties": { "type": "string" } }""", ".additionalProperties")]
    [InlineData("""{ "properties": [] }""", ".properties")]
    [InlineData("""{ "properties": { "a": true } }""", ".properties.a.type")]
    [InlineData("""{ "properties": { "a": {} } }""", ".properties.a.type")]
    [InlineData("""{ "properties": { "a": { "type": ["string", "null"] } } }""", ".properties.a.type")]
    [InlineData("""{ "properties": { "a": { "type": "null" } } }""", ".properties.a.type")]
    [InlineData("""{ "properties": { "type": { "type": "string" } } }""", ".properties.type")]
    [InlineData("""{ "properties": { "a.b": { "type": "string" } } }""", ".properties.a.b")]
    [InlineData("""{ "required": ["a"] }""", ".required[0]")]
    [InlineData("""{ "required": "a" }""", ".required")]
    [InlineData("""{ "properties": { "a": { "type": "object" } } }""", ".properties.a")]
    [InlineData("""{ "properties": { "a": { "type": "array" } } }""", ".properties.a.items")]
    [InlineData("""{ "properties": { "a": { "type": "array", "items": { "type": "array", "items": { "type": "string" } } } } }""", ".properties.a.items")]
    [InlineData("""{ "properties": { "a": { "type": "array", "minItems": 0, "items": { "type": "string" } } } }""", ".properties.a.minItems")]
    [InlineData("""{ "properties": { "a": { "type": "array", "maxItems": 1000, "items": { "type": "string" } } } }""", ".properties.a.maxItems")]
    [InlineData("""{ "properties": { "a": { "type": "array", "uniqueItems": true, "items": { "type": "string" } } } }""", ".properties.a.uniqueItems")]
    [InlineData("""{ "properties": { "a": { "type": "string", "minLength": 0 } } }""", ".properties.a.minLength")]
    [InlineData("""{ "properties": { "a": { "type": "string", "maxLength": 100000 } } }""", ".properties.a.maxLength")]
    [InlineData("""{ "properties": { "a": { "type": "string", "minimum": 1 } } }""", ".properties.a.minimum")]
    [InlineData("""{ "properties": { "a": { "type": "string", "format": "regex" } } }""", ".properties.a.format")]
    [InlineData("""{ "properties": { "a": { "type": "string", "pattern": "(" } } }""", ".properties.a.pattern")]
    [InlineData("""{ "properties": { "a": { "type": "string", "pattern": "(a)\\1" } } }""", ".properties.a.pattern")]
    [InlineData("""{ "properties": { "a": { "type": "string", "pattern": "(?=a)b" } } }""", ".properties.a.pattern")]
    [InlineData("""{ "properties": { "a": { "type": "string", "enum": [] } } }""", ".properties.a.enum")]
    [InlineData("""{ "properties": { "a": { "type": "string", "enum": ["a", 1] } } }""", ".properties.a.enum[1]")]
    [InlineData("""{ "properties": { "a": { "type": "integer", "const": 1.5 } } }""", ".properties.a.const")]
    [InlineData("""{ "properties": { "a": { "type": "number", "multipleOf": 2 } } }""", ".properties.a.multipleOf")]
    [InlineData("""{ "properties": { "a": { "type": "number", "maximum": 1e9 } } }""", ".properties.a.maximum")]
    [InlineData("""{ "properties": { "locations": { "type": "string" } } }""", ".properties.locations")]
    public void A_schema_has_only_what_is_checked(string schema, string path)
    {
        var problems = ProblemsOf($$"""{ "type": "a", "title": "A", "schema": {{schema}}, "lines": [{ "text": "{a}" }] }""");
        Assert.Equal("authorization_details_types[0].schema" + path, problems.First(problem => problem.Path.Contains(".schema", StringComparison.Ordinal)).Path);
    }

    [Fact]
    public void A_schema_that_is_deep_or_large_is_refused_once()
    {
        var deep = string.Concat(Enumerable.Repeat("""{ "type": "object", "properties": { "a": """, 20)) + """{ "type": "string" }""" + string.Concat(Enumerable.Repeat("} }", 20));
        Assert.Contains("levels", Assert.Single(ProblemsOf($$"""{ "type": "a", "title": "A", "schema": {{deep}} }""")).Problem, StringComparison.Ordinal);
        var large = string.Join(',', Enumerable.Range(0, 200).Select(index => $$"""
            "a{{index}}": { "type": "string" }
            """));
        Assert.Contains("members", Assert.Single(ProblemsOf($$"""{ "type": "a", "title": "A", "schema": { "properties": { {{large}} } } }""")).Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Nothing", "lines")]
    [InlineData("{b}", "lines")]
    [InlineData("{a} {b}", "lines")]
    [InlineData("{c}", "lines[0].text")]
    [InlineData("{o}", "lines[0].text")]
    [InlineData("{a", "lines[0].text")]
    [InlineData("a}", "lines[0].text")]
    [InlineData("{0}", "lines[0].text")]
    [InlineData("{}", "lines[0].text")]
    [InlineData("{{a}}", "lines[0].text")]
    [InlineData("", "lines[0].text")]
    public void Each_member_must_be_shown_whenever_it_is_there(string text, string path)
    {
        var problems = ProblemsOf(With(text, "Also {b}", "{o.x}"));
        Assert.Contains(problems, problem => problem.Path == "authorization_details_types[0]." + path);
        Assert.Empty(ProblemsOf(With("Always {a}", "{a} and {b}", "{a} and {o.x}")));
    }

    [Fact]
    public void A_member_that_is_always_the_same_needs_no_line()
    {
        Assert.Empty(ProblemsOf("""{ "type": "a", "title": "A", "schema": { "properties": { "v": { "type": "integer", "const": 1 } }, "required": ["v"] } }"""));
        Assert.Single(ProblemsOf("""{ "type": "a", "title": "A", "schema": { "properties": { "v": { "type": "integer", "const": 1 } } } }"""));
    }

    [Fact]
    public void A_line_is_about_one_array_of_objects_at_most()
    {
        var file = """
            { "type": "a", "title": "A", "schema": { "properties": {
              "x": { "type": "array", "items": { "type": "object", "properties": { "n": { "type": "string" } }, "required": ["n"] } },
              "y": { "type": "array", "items": { "type": "object", "properties": { "n": { "type": "string" } }, "required": ["n"] } } } },
              "lines": [{ "text": "{x.n}" }, { "text": "{y.n}" }, { "text": "{x.n} {y.n}" }] }
            """;
        Assert.Equal("authorization_details_types[0].lines[2].text", Assert.Single(ProblemsOf(file)).Path);
    }

    [Theory]
    [InlineData("{a}, {a}", null)]
    [InlineData("B", "must name the same members as the text in the first language")]
    [InlineData("{a} {b}", "must name the same members as the text in the first language")]
    public void A_line_shows_the_same_in_each_language(string text, string? problem)
    {
        var problems = ProblemsOf($$"""{ "type": "a", "title": "A", "schema": { "properties": { "a": { "type": "string" } } }, "lines": [{ "text": "A {a}", "text#de": "{{text}}" }] }""");
        Assert.Equal(problem is null ? [] : [("authorization_details_types[0].lines[0].text#de", problem)], problems.Select(found => (found.Path, found.Problem)));
    }

    [Fact]
    public void A_client_names_types_of_the_file_or_of_the_server()
    {
        const string type = """{ "type": "ping", "title": "Ping" }""";
        var client = $$"""
            "clients": [{ "client_id": "app", "client_secret": "{{Files.Secret}}", "grant_types": [], "authorization_details_types": ["ping"] }]
            """;
        Assert.Equal("clients[0].authorization_details_types[0]", Assert.Single(Files.ProblemsOf($"{{ {client} }}")).Path);
        Assert.Empty(Files.ProblemsOf($"{{ {client}, \"authorization_details_types\": [{type}] }}"));
        Assert.Empty(Files.ProblemsOf($"{{ {client} }}", new([], [], [new AuthorizationDetailsType { Type = "ping", Title = "Ping" }])));
        Assert.Equal("authorization_details_types[1].type", Assert.Single(Files.ProblemsOf($"{{ \"authorization_details_types\": [{type}, {type}] }}")).Path);
    }

    private static string With(params string[] lines) => $$"""
        { "type": "a", "title": "A", "schema": { "properties": {
          "a": { "type": "string" }, "b": { "type": "string" }, "o": { "type": "object", "properties": { "x": { "type": "string" } }, "required": ["x"] } }, "required": ["a"] },
          "lines": [{{string.Join(',', lines.Select(line => $"{{ \"text\": \"{line}\" }}"))}}] }
        """;

    private static IReadOnlyList<ImportProblem> ProblemsOf(string type) => Files.ProblemsOf($"{{ \"authorization_details_types\": [{type}] }}");
}
