using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Scopes;

namespace FunctionsAuth.Protocol.Tests.Import;

public sealed class ClientRulesTests
{
    private const string Redirect = "\"redirect_uris\": [\"https://app.test/cb\"]";

    [Theory]
    [InlineData("\"token_endpoint_auth_method\": \"magic\"", "token_endpoint_auth_method", "must be one of client_secret_basic, client_secret_post, client_secret_jwt, private_key_jwt, tls_client_auth, self_signed_tls_client_auth, none")]
    [InlineData("\"token_endpoint_auth_method\": \"none\"", "client_secret", "must be left out, because token_endpoint_auth_method is none")]
    [InlineData("\"grant_types\": [\"authorization_code\", \"magic\"]", "grant_types[1]", "must be one of authorization_code, refresh_token, client_credentials, implicit, password")]
    [InlineData("\"grant_types\": [\"authorization_code\", \"password\"]", "grant_types[1]", "must not be password unless the client is first_party")]
    [InlineData("\"scope\": \"openid a\\\\b\"", "scope", "must be 1 to 200 visible ASCII characters without quote and backslash")]
    [InlineData("\"scope\": \"openid nope\"", "scope", "has the unknown scope nope")]
    [InlineData("\"resources\": [\"https://api.test\"]", "resources[0]", "is an unknown resource")]
    [InlineData("\"allowed_cors_origins\": [\"https://a.test/\"]", "allowed_cors_origins[0]", "must be an origin as browsers send it*")]
    [InlineData("\"allowed_cors_origins\": [\"https://A.test\"]", "allowed_cors_origins[0]", "must be an origin as browsers send it*")]
    [InlineData("\"allowed_cors_origins\": [\"https://a.test:443\"]", "allowed_cors_origins[0]", "must be an origin as browsers send it*")]
    [InlineData("\"allowed_cors_origins\": [\"*\"]", "allowed_cors_origins[0]", "must be an origin as browsers send it*")]
    [InlineData("\"allowed_cors_origins\": [\"https://me@a.test\"]", "allowed_cors_origins[0]", "must be an origin as browsers send it*")]
    [InlineData("\"allowed_cors_origins\": [\"http://a.test\"]", "allowed_cors_origins[0]", "must be https*")]
    [InlineData("\"post_logout_redirect_uris\": [\"https://a.test/#f\"]", "post_logout_redirect_uris[0]", "must have no fragment")]
    [InlineData("\"post_logout_redirect_uris\": [\"https://a.test/?state=x\"]", "post_logout_redirect_uris[0]", "must not have the parameter state in its query, because the authorization response adds it")]
    [InlineData("\"client_uri\": \"http://a.test\"", "client_uri", "must be an absolute https URL without a user")]
    [InlineData("\"logo_uri\": \"/logo.png\"", "logo_uri", "must be an absolute https URL without a user")]
    [InlineData("\"policy_uri\": \"https://me@a.test\"", "policy_uri", "must be an absolute https URL without a user")]
    [InlineData("\"tos_uri\": \"javascript:alert(1)\"", "tos_uri", "must be an absolute https URL without a user")]
    [InlineData("\"id_token_signed_response_alg\": \"none\"", "id_token_signed_response_alg", "must be one of RS256, PS256, ES256")]
    [InlineData("\"default_max_age\": -1", "default_max_age", "must be 0 to 315360000 seconds")]
    [InlineData("\"access_token_lifetime\": 0", "access_token_lifetime", "must be 1 to 86400 seconds")]
    [InlineData("\"access_token_lifetime\": 86401", "access_token_lifetime", "must be 1 to 86400 seconds")]
    [InlineData("\"refresh_token_lifetime\": 0", "refresh_token_lifetime", "must be 1 to 315360000 seconds")]
    [InlineData("\"refresh_token_idle_lifetime\": 9223372036854775807", "refresh_token_idle_lifetime", "must be 1 to 315360000 seconds")]
    [InlineData("\"scope\": \"openid profile\", \"required_scopes\": [\"profile\", \"email\"]", "required_scopes[1]", "is not one of the client's scopes")]
    [InlineData("\"id_token_claims\": [\"name\"]", "id_token_claims[0]", "is a claim that none of the client's scopes has")]
    [InlineData("\"scope\": \"openid profile\", \"id_token_claims\": [\"name\", \"sub\"]", "id_token_claims[1]", "is a claim of the protocol, which the server sets itself")]
    [InlineData("\"client_secrets\": []", "client_secrets", "can't be used together with client_secret")]
    public void A_client_with_a_wrong_member_is_refused(string member, string path, string problem) =>
        Expect(Files.Confidential($"{Redirect}, {member}"), path, problem);

    [Theory]
    [InlineData("\"require_pkce\": false", "require_pkce", "must be true for a client without a secret")]
    [InlineData("\"refresh_token_reuse\": true", "refresh_token_reuse", "must be false for a client without a secret")]
    [InlineData("\"grant_types\": [\"authorization_code\", \"client_credentials\"]", "grant_types[1]", "must not be client_credentials for a client without a secret")]
    [InlineData("\"client_secrets\": [{ \"client_secret\": \"" + Files.Secret + "\" }]", "client_secrets", "must be left out, because token_endpoint_auth_method is none")]
    public void A_public_client_may_not_do_what_needs_a_secret(string member, string path, string problem) =>
        Expect(Files.Public($"{Redirect}, {member}"), path, problem);

    [Theory]
    [InlineData("\"grant_types\": [\"authorization_code\"]", "redirect_uris", "must have at least one, because grant_types has authorization_code or implicit")]
    [InlineData("\"grant_types\": [\"client_credentials\"], " + Redirect, "redirect_uris", "must be left out, because grant_types has neither authorization_code nor implicit")]
    [InlineData("\"grant_types\": [\"client_credentials\", \"refresh_token\"]", "grant_types[1]", "must not be refresh_token without a grant type that gives one, such as authorization_code")]
    [InlineData("\"redirect_uris\": [\"myapp:/cb\", \"javascript:alert(1)\"]", "redirect_uris[1]", "must be https*")]
    [InlineData("\"redirect_uris\": [\"http://app.test/cb\"]", "redirect_uris[0]", "must be https*")]
    [InlineData("\"redirect_uris\": [\"https://app.test/cb\", \"/cb\"]", "redirect_uris[1]", "must be https*")]
    [InlineData("\"redirect_uris\": [\"https://a.test/?tenant=1&code=x\"]", "redirect_uris[0]", "must not have the parameter code in its query, because the authorization response adds it")]
    [InlineData("\"redirect_uris\": [\"https://a.test/?is%73=https://evil.test\"]", "redirect_uris[0]", "must not have the parameter iss in its query, because the authorization response adds it")]
    [InlineData("\"redirect_uris\": [\"com.example.app:/callback?State\"]", "redirect_uris[0]", "must not have the parameter state in its query, because the authorization response adds it")]
    [InlineData("\"redirect_uris\": [\"https://a.test/?&error=x\"]", "redirect_uris[0]", "must not have the parameter error in its query, because the authorization response adds it")]
    [InlineData("\"redirect_uris\": [\"https://a.test/?response=x\"]", "redirect_uris[0]", "must not have the parameter response in its query, because the authorization response adds it")]
    public void Redirect_URIs_and_grant_types_fit_each_other(string members, string path, string problem) =>
        Expect(Files.Confidential(members), path, problem);

    [Theory]
    [InlineData("", "is required")]
    [InlineData("\"client_id\": \"\",", "must be 1 to 200 letters, digits, dots, hyphens, underscores or tildes")]
    [InlineData("\"client_id\": \"a b\",", "must be 1 to 200 letters, digits, dots, hyphens, underscores or tildes")]
    public void A_client_without_a_good_id_is_refused(string id, string problem) =>
        Expect($$"""{ "clients": [{ {{id}} "client_secret": "{{Files.Secret}}", {{Redirect}} }] }""", "client_id", problem);

    [Theory]
    [InlineData("\"disabled\": false", "client_secret", "is required with client_secret_basic")]
    [InlineData("\"client_secrets\": []", "client_secrets", "is required with client_secret_basic")]
    [InlineData("\"client_secret\": \"only-31-characters-of-a-secret-\"", "client_secret", "must have at least 32 characters, all of them ASCII")]
    [InlineData("\"client_secret\": \"Ungenügend: nicht alles hier ist ASCII\"", "client_secret", "must have at least 32 characters, all of them ASCII")]
    [InlineData("\"client_secrets\": [{ \"client_secret\": \"short\" }]", "client_secrets[0].client_secret", "must have at least 32 characters, all of them ASCII")]
    [InlineData("\"client_secrets\": [{}]", "client_secrets[0]", "must have either client_secret or sha256")]
    [InlineData("\"client_secrets\": [{ \"sha256\": \"00\" }]", "client_secrets[0].sha256", "must be the base64url of a SHA-256: 43 characters without padding")]
    [InlineData("\"client_secrets\": [{ \"sha256\": \"ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa1\" }]", "client_secrets[0].sha256", "must be the base64url of a SHA-256: 43 characters without padding")]
    public void A_confidential_client_without_a_good_secret_is_refused(string member, string path, string problem) =>
        Expect($$"""{ "clients": [{ "client_id": "app", {{Redirect}}, {{member}} }] }""", path, problem);

    [Fact]
    public void A_problem_with_a_secret_does_not_quote_it() =>
        Assert.All(Files.ProblemsOf(Files.Public("\"client_secret\": \"tooshort\"")), problem => Assert.DoesNotContain("tooshort", problem.ToString(), StringComparison.Ordinal));

    [Fact]
    public void A_client_may_name_what_the_file_or_the_server_has()
    {
        var existing = new Catalog([new Scope { Name = "old" }], [new Resource { Identifier = "https://old.test" }]);
        Assert.Empty(Files.ProblemsOf(
            $$"""
            {
              "clients": [{ "client_id": "app", "client_secret": "{{Files.Secret}}", {{Redirect}},
                "scope": "openid old new", "resources": ["https://old.test", "https://new.test"] }],
              "scopes": [{ "name": "new" }],
              "resources": [{ "identifier": "https://new.test", "scopes": ["old", "new"] }],
            }
            """,
            existing));
    }

    [Fact]
    public void An_API_that_only_introspects_needs_no_grant_type() => Assert.Empty(Files.ProblemsOf(Files.Confidential("\"grant_types\": []")));

    [Fact]
    public void A_scope_that_is_declared_wrongly_is_reported_once() =>
        Assert.Equal(
            ["scopes[0].description"],
            Files.ProblemsOf($$"""
                { "scopes": [{ "name": "new", "description": 5 }],
                  "clients": [{ "client_id": "app", "client_secret": "{{Files.Secret}}", {{Redirect}}, "scope": "new" }] }
                """).Select(problem => problem.Path));

    [Fact]
    public void What_a_client_leaves_out_has_the_defaults_of_the_server()
    {
        var client = Assert.Single(Files.Parse(Files.Confidential(Redirect)).Clients);
        var defaults = new Client { ClientId = "app" };
        Assert.Equal(defaults.Scope, client.Scope);
        Assert.Equal(defaults.GrantTypes, client.GrantTypes);
        Assert.Equal(defaults.RequirePkce, client.RequirePkce);
        Assert.Equal(defaults.TokenEndpointAuthMethod, client.TokenEndpointAuthMethod);
        Assert.Null(client.AccessTokenLifetime);
    }

    [Fact]
    public void Secrets_are_kept_as_hashes()
    {
        var file = Files.Parse($$"""
            { "clients": [{ "client_id": "app", {{Redirect}}, "client_secrets": [
                { "client_secret": "{{Files.Secret}}", "expires_at": "2030-01-31T02:00:00+02:00" },
                { "sha256": "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0" } ] }] }
            """);
        Assert.Equal(
            [
                new ClientSecret("1YB2pUev6P0a47g7h72NCWFJTFLNqFKTrSYoaDu4Jqs", new DateTimeOffset(2030, 1, 31, 0, 0, 0, TimeSpan.Zero)),
                new ClientSecret("ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0"),
            ],
            file.Clients[0].ClientSecrets);
    }

    /// <param name="problem">A star at its end stands for anything.</param>
    internal static void Expect(string json, string path, string problem)
    {
        var found = Files.ProblemsOf(json).Where(p => p.Path == "clients[0]." + path).Select(p => p.Problem).ToList();
        Assert.Contains(found, p => problem.EndsWith('*') ? p.StartsWith(problem[..^1], StringComparison.Ordinal) : p == problem);
    }
}
