using FunctionsAuth.Protocol.Import;

namespace FunctionsAuth.Protocol.Tests.Import;

public sealed class ImportSyntaxTests
{
    [Fact]
    public void Every_section_may_be_absent() => Assert.Empty(Files.ProblemsOf("{}"));

    [Fact]
    public void Comments_and_trailing_commas_are_allowed() =>
        Assert.Empty(Files.ProblemsOf("""
            // what we have
            { "scopes": [{ "name": "a", /* here */ },], }
            """));

    [Theory]
    [InlineData("", 1)]
    [InlineData("{", 1)]
    [InlineData("{\n  \"clients\": [\n    {]\n}", 3)]
    [InlineData("{\n  \"clients\": []\n} }", 3)]
    [InlineData("{\n \"scopes\": [{ \"name\":\n \"\\ud800\" }] }", 3)]
    [InlineData("{\n \"\\udc00\": 1 }", 2)]
    public void Text_that_is_no_JSON_is_refused_with_its_line(string json, int line)
    {
        var problem = Assert.Single(Files.ProblemsOf(json));
        Assert.Equal((line, ""), (problem.Line, problem.Path));
        Assert.StartsWith($"Line {line}: the file is not valid JSON: ", problem.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("BytePosition", problem.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]", "", "must be an object")]
    [InlineData("""{ "client": [] }""", "client", "is unknown")]
    [InlineData("""{ "clients": {} }""", "clients", "must be an array")]
    [InlineData("""{ "users": null }""", "users", "must not be null; leave it out instead")]
    [InlineData("""{ "clients": [5] }""", "clients[0]", "must be an object")]
    [InlineData("""{ "clients": [{}] }""", "clients[0].client_id", "is required")]
    [InlineData("""{ "scopes": [{}] }""", "scopes[0].name", "is required")]
    [InlineData("""{ "resources": [{}] }""", "resources[0].identifier", "is required")]
    [InlineData("""{ "users": [{}] }""", "users[0].username", "is required")]
    [InlineData("""{ "scopes": [{ "name": "a", "claim": [] }] }""", "scopes[0].claim", "is unknown")]
    [InlineData("""{ "scopes": [{ "name": 5 }] }""", "scopes[0].name", "must be a string")]
    [InlineData("""{ "scopes": [{ "name": "a", "claims": ["b", 5] }] }""", "scopes[0].claims[1]", "must be a string")]
    [InlineData("""{ "scopes": [{ "name": "a", "description": null }] }""", "scopes[0].description", "must not be null; leave it out instead")]
    [InlineData("""{ "users": [{ "username": "a", "disabled": "no" }] }""", "users[0].disabled", "must be true or false")]
    [InlineData("""{ "users": [{ "username": "a", "claims": [] }] }""", "users[0].claims", "must be an object")]
    public void Members_of_another_form_are_refused(string json, string path, string problem)
    {
        var found = Assert.Single(Files.ProblemsOf(json));
        Assert.Equal((path, problem), (found.Path, found.Problem));
    }

    [Theory]
    [InlineData("\"scope_s\": []", "scope_s", "is unknown")]
    [InlineData("\"client_secrets\": [{ \"secret\": \"a\" }]", "client_secrets[0].secret", "is unknown")]
    [InlineData("\"default_max_age\": 1.5", "default_max_age", "must be a whole number")]
    [InlineData("\"default_max_age\": \"1\"", "default_max_age", "must be a whole number")]
    [InlineData("\"first_party\": 1", "first_party", "must be true or false")]
    [InlineData("\"client_uri\": 1", "client_uri", "must be a URL")]
    [InlineData("\"redirect_uris\": \"https://a.test\"", "redirect_uris", "must be an array")]
    [InlineData("\"client_secrets\": [{ \"expires_at\": \"tomorrow\" }]", "client_secrets[0].expires_at", "must be a time such as 2030-01-31T00:00:00Z")]
    [InlineData("\"client_secrets\": [{ \"expires_at\": \"2030-01-31\" }]", "client_secrets[0].expires_at", "must be a time such as 2030-01-31T00:00:00Z")]
    [InlineData("\"client_secrets\": [{ \"expires_at\": \"2030-01-31T10:00:00+01\" }]", "client_secrets[0].expires_at", "must be a time such as 2030-01-31T00:00:00Z")]
    [InlineData("\"client_secrets\": [{ \"expires_at\": \"2030-01-31T10:00:00\" }]", "client_secrets[0].expires_at", "must be a time such as 2030-01-31T00:00:00Z")]
    public void Members_of_a_client_of_another_form_are_refused(string member, string path, string problem)
    {
        var found = Files.ProblemsOf(Files.Confidential(member));
        Assert.Contains(found, p => (p.Path, p.Problem) == ("clients[0]." + path, problem));
    }

    [Fact]
    public void A_member_that_only_the_store_has_is_unknown() =>
        Assert.Contains(Files.ProblemsOf(Files.Confidential("\"is_public\": true")), p => p is { Path: "clients[0].is_public", Problem: "is unknown" });

    [Fact]
    public void A_repeated_member_is_refused_where_it_is_repeated()
    {
        var problem = Assert.Single(Files.ProblemsOf("""
            { "scopes": [{
                "name": "a",
                "display_name": "A",
                "name": "b"
            }] }
            """));
        Assert.Equal((4, "scopes[0].name", "occurs twice"), (problem.Line, problem.Path, problem.Problem));
    }

    [Theory]
    [InlineData("\"a\": 1, \"a\": 2", "users[0].claims.a")]
    [InlineData("\"email_verified\": true, \"email_verified\": true", "users[0].claims.email_verified")]
    [InlineData("\"own\": [{ \"a\": 1, \"a\": 2 }]", "users[0].claims.own[0].a")]
    public void A_repeated_member_is_found_at_any_depth(string claims, string path) =>
        Assert.Equal((path, "occurs twice"), Files.ProblemsOf(Files.Claims(claims)).Select(problem => (problem.Path, problem.Problem)).Single());

    [Fact]
    public void A_claim_may_have_the_name_of_another_ones_path() =>
        Assert.Empty(Files.ProblemsOf(Files.Claims("\"a.b\": 1, \"a\": { \"b\": 1 }")));

    [Theory]
    [InlineData("clients", "client_id", "\"client_id\": \"a\", \"token_endpoint_auth_method\": \"none\", \"redirect_uris\": [\"https://a.test\"]")]
    [InlineData("scopes", "name", "\"name\": \"a\"")]
    [InlineData("resources", "identifier", "\"identifier\": \"https://a.test\"")]
    [InlineData("users", "username", "\"username\": \"a\"")]
    public void A_repeated_id_is_refused(string section, string id, string members)
    {
        var problem = Assert.Single(Files.ProblemsOf($$"""
            { "{{section}}": [
                { {{members}} },
                { {{members}} } ] }
            """));
        Assert.Equal((3, $"{section}[1].{id}", "occurs twice"), (problem.Line, problem.Path, problem.Problem));
    }

    [Fact]
    public void Every_problem_is_listed_in_the_order_of_the_lines()
    {
        var exception = Assert.Throws<ImportException>(() => Files.Parse("""
            {
              "users": [{ "username": "alice",
                "password": "short" }],
              "clients": [
                { "client_id": "one",
                  "grant_typ": [] },
                { "client_id": "two", "token_endpoint_auth_method": "none",
                  "redirect_uris": [
                    "https://app.test/a",
                    "https://app.test/#b"
                  ],
                  "scope": "openid nope" }
              ]
            }
            """));
        Assert.Equal(
            [
                "Line 3: users[0].password must have at least 12 characters.",
                "Line 5: clients[0].client_secret is required with client_secret_basic.",
                "Line 5: clients[0].redirect_uris must have at least one, because grant_types has authorization_code or implicit.",
                "Line 6: clients[0].grant_typ is unknown.",
                "Line 10: clients[1].redirect_uris[1] must have no fragment.",
                "Line 12: clients[1].scope has the unknown scope nope.",
            ],
            exception.Message.Split('\n'));
    }
}
