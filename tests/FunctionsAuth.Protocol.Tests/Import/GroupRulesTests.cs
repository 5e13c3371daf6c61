namespace FunctionsAuth.Protocol.Tests.Import;

public sealed class GroupRulesTests
{
    private const string Client = "\"grant_types\": [], \"scope\": \"openid email offline_access\"";

    [Theory]
    [InlineData("\"groups\": [\"a b\"]", "groups[0]", "must be 1 to 100 letters*")]
    [InlineData("\"scope_maps\": { \"a b\": [\"email\"] }", "scope_maps.a b", "is not the name of a group*")]
    [InlineData("\"scope_maps\": { \"a\": [] }", "scope_maps.a", "must have at least one scope")]
    [InlineData("\"scope_maps\": { \"a\": [\"email\", \"openid\"] }", "scope_maps.a[1]", "must not be openid or offline_access*")]
    [InlineData("\"scope_maps\": { \"a\": [\"offline_access\"] }", "scope_maps.a[0]", "must not be openid or offline_access*")]
    [InlineData("\"scope_maps\": { \"a\": [\"profile\"] }", "scope_maps.a[0]", "must be one of the client's scopes")]
    [InlineData("\"scope_maps\": [\"email\"]", "scope_maps", "must be an object")]
    [InlineData("\"scope_maps\": { \"a\": \"email\" }", "scope_maps.a", "must be an array")]
    [InlineData("\"scope_maps\": { \"a\": [1] }", "scope_maps.a[0]", "must be a string")]
    [InlineData("\"supplementary_scope_maps\": { \"a\": [\"openid\"] }", "supplementary_scope_maps.a[0]", "must not be openid or offline_access*")]
    [InlineData("\"claim_maps\": { \"roles\": [\"a\"] }", "claim_maps.roles", "must be an object")]
    [InlineData("\"claim_maps\": { \"roles\": { \"a\": \"admin\" } }", "claim_maps.roles.a", "must be an array")]
    [InlineData("\"claim_maps\": { \"roles\": { \"a\": [null] } }", "claim_maps.roles.a[0]", "must not be null*")]
    [InlineData("\"claim_maps\": { \"roles\": { \"a\": [\"\"] } }", "claim_maps.roles.a[0]", "must have 1 to 200 characters*")]
    [InlineData("\"claim_maps\": { \"roles\": { \"a b\": [\"x\"] } }", "claim_maps.roles.a b", "is not the name of a group*")]
    [InlineData("\"claim_maps\": { \"email\": { \"a\": [\"x\"] } }", "claim_maps.email", "is a claim of OpenID Connect about the user*")]
    public void A_client_with_a_wrong_membership_or_map_is_refused(string member, string path, string problem) =>
        Expect(Files.Confidential($"{Client}, {member}"), $"clients[0].{path}", problem);

    [Theory]
    [InlineData("iss")]
    [InlineData("sub")]
    [InlineData("aud")]
    [InlineData("exp")]
    [InlineData("nbf")]
    [InlineData("iat")]
    [InlineData("jti")]
    [InlineData("client_id")]
    [InlineData("scope")]
    [InlineData("nonce")]
    [InlineData("auth_time")]
    [InlineData("acr")]
    [InlineData("amr")]
    [InlineData("azp")]
    [InlineData("sid")]
    [InlineData("at_hash")]
    [InlineData("c_hash")]
    [InlineData("cnf")]
    [InlineData("act")]
    [InlineData("may_act")]
    [InlineData("events")]
    [InlineData("active")]
    [InlineData("token_type")]
    [InlineData("username")]
    [InlineData("authorization_details")]
    public void No_group_sets_a_claim_of_the_protocol(string claim)
    {
        var maps = $$"""
            "claim_maps": { "{{claim}}": { "a": ["x"] } }
            """;
        Expect(Files.Confidential($"{Client}, {maps}"), $"clients[0].claim_maps.{claim}", "is a claim of the protocol*");
        Expect($$"""{ "resources": [{ "identifier": "https://api.test", {{maps}} }] }""", $"resources[0].claim_maps.{claim}", "is a claim of the protocol*");
    }

    [Fact]
    public void Groups_have_names_of_their_own()
    {
        Expect("""{ "groups": [{ "name": "a" }, { "name": "a" }] }""", "groups[1].name", "occurs twice");
        Expect("""{ "groups": [{ "name": "a b" }] }""", "groups[0].name", "must be 1 to 100 letters*");
        Expect(Files.User("\"groups\": [\"a b\"]"), "users[0].groups[0]", "must be 1 to 100 letters*");
        Expect(Files.User($"\"groups\": [{string.Join(',', Enumerable.Range(0, 201).Select(number => $"\"g{number}\""))}]"), "users[0].groups", "must have at most 200 names");
    }

    private static void Expect(string json, string path, string problem)
    {
        var found = Assert.Single(Files.ProblemsOf(json));
        Assert.Equal(path, found.Path);
        Assert.Matches($"^{System.Text.RegularExpressions.Regex.Escape(problem).Replace("\\*", ".*", StringComparison.Ordinal)}$", found.Problem);
    }
}
