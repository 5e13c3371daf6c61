using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Details;

namespace FunctionsAuth.Protocol.Tests.Details;

public sealed class DetailSchemaTests
{
    [Theory]
    [InlineData("""{ "type": "string" }""", "\"a\"", true)]
    [InlineData("""{ "type": "string" }""", "\"\"", false)]
    [InlineData("""{ "type": "string" }""", "1", false)]
    [InlineData("""{ "type": "string" }""", "null", false)]
    [InlineData("""{ "type": "string", "maxLength": 2 }""", "\"😀😀\"", true)]
    [InlineData("""{ "type": "string", "maxLength": 2 }""", "\"abc\"", false)]
    [InlineData("""{ "type": "string", "minLength": 2 }""", "\"a\"", false)]
    [InlineData("""{ "type": "string", "pattern": "^a+$" }""", "\"aa\"", true)]
    [InlineData("""{ "type": "string", "pattern": "^a+$" }""", "\"ab\"", false)]
    [InlineData("""{ "type": "string", "format": "date" }""", "\"2026-11-29\"", true)]
    [InlineData("""{ "type": "string", "format": "date" }""", "\"2026-02-30\"", false)]
    [InlineData("""{ "type": "string", "format": "date-time" }""", "\"2026-11-29T15:00:00Z\"", true)]
    [InlineData("""{ "type": "string", "format": "date-time" }""", "\"2026-11-29\"", false)]
    [InlineData("""{ "type": "string", "format": "uri" }""", "\"https://a.test/\"", true)]
    [InlineData("""{ "type": "string", "format": "uri" }""", "\"/path\"", false)]
    [InlineData("""{ "type": "string", "enum": ["a", "b"] }""", "\"b\"", true)]
    [InlineData("""{ "type": "string", "enum": ["a", "b"] }""", "\"c\"", false)]
    [InlineData("""{ "type": "boolean" }""", "false", true)]
    [InlineData("""{ "type": "boolean" }""", "0", false)]
    [InlineData("""{ "type": "boolean", "const": true }""", "false", false)]
    [InlineData("""{ "type": "integer" }""", "-0", true)]
    [InlineData("""{ "type": "integer" }""", "2.0", true)]
    [InlineData("""{ "type": "integer" }""", "2.5", false)]
    [InlineData("""{ "type": "integer" }""", "1234567890123456", false)]
    [InlineData("""{ "type": "number", "const": 1 }""", "1.00", true)]
    [InlineData("""{ "type": "number", "minimum": 1, "exclusiveMaximum": 2 }""", "1", true)]
    [InlineData("""{ "type": "number", "minimum": 1, "exclusiveMaximum": 2 }""", "2", false)]
    [InlineData("""{ "type": "number" }""", "1E2", false)]
    [InlineData("""{ "type": "array", "items": { "type": "string" }, "maxItems": 2 }""", "[\"a\",\"b\",\"c\"]", false)]
    [InlineData("""{ "type": "array", "items": { "type": "string" } }""", "[\"a\",1]", false)]
    [InlineData("""{ "type": "array", "items": { "type": "string" } }""", "{}", false)]
    [InlineData("""{ "type": "object", "properties": { "b": { "type": "string" } } }""", "{}", false)]
    public void A_value_fits_or_does_not(string schema, string value, bool fits)
    {
        var type = TypeOf($$"""{ "properties": { "a": {{schema}} } }""", schema.Contains("\"b\"", StringComparison.Ordinal) && schema.Contains("object", StringComparison.Ordinal) ? "{a.b}" : "{a}");
        Assert.Equal(fits, type.Form!.ProblemOf(DetailOf($$"""{"type":"a","a":{{value}}}"""), "it") is null);
    }

    [Fact]
    public void A_pattern_that_would_take_others_ages_takes_no_time()
    {
        var type = TypeOf("""{ "properties": { "a": { "type": "string", "pattern": "^(a+)+$", "maxLength": 2000 } } }""", "{a}");
        Assert.EndsWith("pattern", type.Form!.ProblemOf(DetailOf($$"""{"type":"a","a":"{{new string('a', 1999)}}!"}"""), "it"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_type_that_this_release_can_not_read_grants_nothing() =>
        Assert.Null(TypeOf("""{ "properties": { "a": { "type": "string", "newKeyword": true } } }""", "{a}").Form);

    [Theory]
    [InlineData("""{"b":1,"type":"a","a":[2,1]}""", """{"type":"a","a":[2.0,1],"b":1.000}""", true)]
    [InlineData("""{"type":"a","a":"\u00e4"}""", """{"a":"ä","type":"a"}""", true)]
    [InlineData("""{"type":"a","a":[1,2]}""", """{"type":"a","a":[2,1]}""", false)]
    [InlineData("""{"type":"a","a":1}""", """{"type":"a","a":"1"}""", false)]
    [InlineData("""{"type":"a","a":"x"}""", """{"type":"a","a":"X"}""", false)]
    [InlineData("""{"type":"a","a":null}""", """{"type":"a"}""", false)]
    [InlineData("""{"type":"a","a":0.1}""", """{"type":"a","a":0.10000000000000001}""", false)]
    public void Two_details_are_one_when_their_structure_is(string one, string other, bool same)
    {
        Assert.Equal(same, DetailOf(one).Equals(DetailOf(other)));
        Assert.Equal(same, DetailOf(one).Mark == DetailOf(other).Mark);
        Assert.Equal("a", AuthorizationDetail.TypeOf(DetailOf(one).Mark));
    }

    private static AuthorizationDetail DetailOf(string json) => AuthorizationDetails.Parse($"[{json}]")[0];

    private static AuthorizationDetailsType TypeOf(string schema, string line) =>
        new() { Type = "a", Title = "A", Schema = JsonNode.Parse(schema)!.AsObject(), Lines = [new DetailLine { Text = line }] };
}
