using System.Net;
using System.Text.Json;
using FunctionsAuth.LocalHost.Hosting;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.FrontChannel;

public sealed class MetadataTests(FrontServer shared) : IClassFixture<FrontServer>
{
    private const string OpenId = ".well-known/openid-configuration";
    private const string OAuth = ".well-known/oauth-authorization-server";

    [Fact]
    public async Task It_says_what_the_server_does_and_nothing_else()
    {
        var metadata = await ReadAsync(shared.Server, OpenId);

        Assert.Equal(RunningServer.Issuer, metadata.GetProperty("issuer").GetString());
        AssertIs(["code"], "response_types_supported");
        AssertIs(["form_post", "form_post.jwt", "fragment", "fragment.jwt", "jwt", "query", "query.jwt"], "response_modes_supported");
        AssertIs(["ES256", "PS256", "RS256"], "authorization_signing_alg_values_supported");
        AssertIs(["authorization_code", "client_credentials", "refresh_token"], "grant_types_supported");
        AssertIs(["pairwise", "public"], "subject_types_supported");
        AssertIs(["phr", "urn:functionsauth:acr:mfa", "urn:functionsauth:acr:passkey", "urn:functionsauth:acr:password"], "acr_values_supported");
        AssertIs(["ES256", "PS256", "RS256"], "userinfo_signing_alg_values_supported");
        AssertIs(["ES256", "PS256", "RS256"], "introspection_signing_alg_values_supported");
        AssertIs(["ES256", "PS256", "RS256"], "request_object_signing_alg_values_supported");
        AssertIs(["ES256", "PS256", "RS256"], "id_token_signing_alg_values_supported");
        AssertIs(["client_secret_basic", "client_secret_jwt", "client_secret_post", "none", "private_key_jwt"], "token_endpoint_auth_methods_supported");
        AssertIs(["client_secret_basic", "client_secret_jwt", "client_secret_post", "private_key_jwt"], "introspection_endpoint_auth_methods_supported");
        AssertIs(["ES256", "HS256", "PS256", "RS256"], "token_endpoint_auth_signing_alg_values_supported");
        AssertIs(["S256"], "code_challenge_methods_supported");
        AssertIs(["consent", "login", "none", "select_account"], "prompt_values_supported");
        AssertIs(["address", "email", "offline_access", "openid", "phone", "profile"], "scopes_supported");
        Assert.True(metadata.GetProperty("authorization_response_iss_parameter_supported").GetBoolean());
        Assert.True(metadata.GetProperty("request_parameter_supported").GetBoolean());
        Assert.True(metadata.GetProperty("request_uri_parameter_supported").GetBoolean());
        Assert.True(metadata.GetProperty("require_request_uri_registration").GetBoolean());
        Assert.True(metadata.GetProperty("claims_parameter_supported").GetBoolean());
        Assert.False(metadata.GetProperty("require_pushed_authorization_requests").GetBoolean());
        foreach (var channel in (string[])["backchannel", "frontchannel"])
        {
            Assert.True(metadata.GetProperty($"{channel}_logout_supported").GetBoolean());
            Assert.True(metadata.GetProperty($"{channel}_logout_session_supported").GetBoolean());
        }
        Assert.False(metadata.TryGetProperty("check_session_iframe", out _));
        Assert.Subset(
            metadata.GetProperty("claims_supported").EnumerateArray().Select(claim => claim.GetString()).ToHashSet(),
            new HashSet<string?> { "sub", "name", "email", "email_verified", "phone_number", "address", "updated_at" });

        void AssertIs(string[] expected, string name) =>
            Assert.Equal(expected, metadata.GetProperty(name).EnumerateArray().Select(value => value.GetString()!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task It_lists_the_scopes_that_are_for_everyone_and_their_claims_and_not_the_operators_own()
    {
        await using var server = await RunningServer.StartAsync(new ServerSetup { Settings = new() { ["Registration:Scopes"] = "openid tools" } });
        await LocalServer.ImportAsync(server.Services, """
            { "scopes": [
              { "name": "tools", "claims": ["plan"] },
              { "name": "shown", "claims": ["level"], "advertised": true },
              { "name": "internal", "claims": ["salary"] }
            ] }
            """);
        var metadata = await ReadAsync(server, OpenId);
        Assert.Equal(["address", "email", "offline_access", "openid", "phone", "profile", "shown", "tools"], TextsOf("scopes_supported").Order(StringComparer.Ordinal));
        Assert.Equal(["level", "plan"], TextsOf("claims_supported").Where(claim => claim is "level" or "plan" or "salary").Order(StringComparer.Ordinal));

        IEnumerable<string> TextsOf(string name) => metadata.GetProperty(name).EnumerateArray().Select(value => value.GetString()!);
    }

    [Fact]
    public async Task It_tells_of_what_is_legacy_only_where_that_is_on()
    {
        await using var server = await RunningServer.StartAsync(new ServerSetup
        {
            Settings = new() { ["Legacy:ImplicitAndHybrid"] = "true", ["Legacy:PasswordGrant"] = "true", ["RequirePushedAuthorizationRequests"] = "true" },
        });
        var metadata = await ReadAsync(server, OpenId);
        Assert.Equal(7, metadata.GetProperty("response_types_supported").GetArrayLength());
        var grants = metadata.GetProperty("grant_types_supported").EnumerateArray().Select(grant => grant.GetString());
        Assert.Equal(["authorization_code", "client_credentials", "implicit", "password", "refresh_token"], grants.Order(StringComparer.Ordinal));
        Assert.True(metadata.GetProperty("require_pushed_authorization_requests").GetBoolean());
    }

    [Theory]
    [InlineData("pushed_authorization_request_endpoint", "par")]
    [InlineData("authorization_endpoint", "authorize")]
    [InlineData("token_endpoint", "token")]
    [InlineData("userinfo_endpoint", "userinfo")]
    [InlineData("jwks_uri", ".well-known/jwks.json")]
    [InlineData("introspection_endpoint", "introspect")]
    [InlineData("revocation_endpoint", "revoke")]
    [InlineData("end_session_endpoint", "logout")]
    [InlineData("registration_endpoint", "register")]
    [InlineData("global_token_revocation_endpoint", "global_token_revocation")]
    public async Task Each_address_is_one_that_answers(string name, string route)
    {
        var address = (await ReadAsync(shared.Server, OpenId)).GetProperty(name).GetString();
        Assert.Equal($"{RunningServer.Issuer}/{route}", address);
        Assert.NotEqual(HttpStatusCode.NotFound, (await shared.Server.Http.GetAsync(address)).StatusCode);
    }

    [Fact]
    public async Task Every_address_in_it_is_tested_here()
    {
        var metadata = await ReadAsync(shared.Server, OpenId);
        Assert.Equal(10, metadata.EnumerateObject().Count(member => member.Name.EndsWith("_endpoint", StringComparison.Ordinal) || member.Name == "jwks_uri"));
    }

    [Theory]
    [InlineData(OpenId)]
    [InlineData(OAuth)]
    [InlineData(".well-known/jwks.json")]
    public async Task A_slash_at_the_end_makes_no_difference(string path) =>
        Assert.Equal((await ReadAsync(shared.Server, path)).GetRawText(), (await ReadAsync(shared.Server, path + "/")).GetRawText());

    [Fact]
    public async Task Both_names_give_the_same_document() =>
        Assert.Equal((await ReadAsync(shared.Server, OpenId)).GetRawText(), (await ReadAsync(shared.Server, OAuth)).GetRawText());

    [Fact]
    public async Task It_may_be_kept_for_as_long_as_the_server_keeps_its_own_data()
    {
        var response = await shared.Server.Http.GetAsync(OpenId);
        Assert.Equal("public, max-age=60", response.Headers.CacheControl?.ToString());
        Assert.Equal("application/json", response.Content.Headers.ContentType?.ToString());
        Assert.False(response.Headers.Contains("Pragma"));
    }

    [Fact]
    public async Task A_public_address_moves_the_endpoints_but_not_the_issuer()
    {
        await using var server = await RunningServer.StartAsync(new ServerSetup { Settings = new() { ["PublicUrl"] = "https://gateway.example/auth/" } });
        var metadata = await ReadAsync(server, OpenId);
        Assert.Equal(RunningServer.Issuer, metadata.GetProperty("issuer").GetString());
        Assert.Equal("https://gateway.example/auth/token", metadata.GetProperty("token_endpoint").GetString());
        var answer = await Answer.ReadAsync(await server.Http.GetAsync("authorize?" + new AuthorizationParameters().Encoded));
        Assert.StartsWith("https://gateway.example/auth/login?", answer.Location);
    }

    [Theory]
    [InlineData("https://login.example/", "https://login.example")]
    [InlineData("https://login.example:8443", "https://login.example:8443")]
    [InlineData("http://localhost:7071", "http://localhost:7071")]
    public async Task The_issuer_is_the_setting_without_a_final_slash(string setting, string issuer)
    {
        await using var server = await RunningServer.StartAsync(new ServerSetup { Settings = new() { ["Issuer"] = setting } });
        var metadata = await ReadAsync(server, OpenId);
        Assert.Equal(issuer, metadata.GetProperty("issuer").GetString());
        Assert.Equal($"{issuer}/token", metadata.GetProperty("token_endpoint").GetString());
    }

    [Fact]
    public async Task A_path_that_is_not_the_issuers_is_another_issuer()
    {
        foreach (var path in (string[])["tenant/.well-known/openid-configuration", ".well-known/openid-configuration/tenant", ".well-known/oauth-authorization-server/tenant", "tenant/.well-known/oauth-authorization-server"])
            Assert.Equal(HttpStatusCode.NotFound, (await shared.Server.Http.GetAsync(path)).StatusCode);
    }

    private static async Task<JsonElement> ReadAsync(RunningServer server, string path)
    {
        var response = await server.Http.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
    }
}
