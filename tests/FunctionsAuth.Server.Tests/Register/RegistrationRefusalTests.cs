using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Register;

/// <summary>What is refused, with which error of RFC 7591 §3.2.2; the description names the member and quotes nothing.</summary>
public sealed class RegistrationRefusalTests : IAsyncLifetime
{
    private RunningServer server = null!;
    private ClientHost host = null!;

    public async Task InitializeAsync()
    {
        host = await ClientHost.StartAsync();
        server = await RunningServer.StartAsync(new ServerSetup { Settings = new(Registrar.OpenMode) { ["Fetch:TrustedHosts:0"] = "127.0.0.1" } });
    }

    public async Task DisposeAsync()
    {
        await server.DisposeAsync();
        await host.DisposeAsync();
    }

    [Theory]
    [InlineData("""{}""", "redirect_uris")]
    [InlineData("""{ "redirect_uris": [] }""", "redirect_uris")]
    [InlineData("""{ "redirect_uris": "https://app.example/callback" }""", "redirect_uris must be an array")]
    [InlineData("""{ "redirect_uris": ["https://app.example/callback#foobar"] }""", "redirect_uris[0] must have no fragment")]
    [InlineData("""{ "redirect_uris": ["https://app.example/callback?a=1&code=x"] }""", "redirect_uris[0] must not have the parameter code in its query, because the authorization response adds it")]
    [InlineData("""{ "redirect_uris": ["https://app.example/callback", "http://app.example/callback"] }""", "redirect_uris[1] must be https")]
    [InlineData("""{ "redirect_uris": ["/callback"] }""", "redirect_uris[0]")]
    [InlineData("""{ "redirect_uris": ["javascript:alert(1)"] }""", "redirect_uris[0]")]
    [InlineData("""{ "redirect_uris": ["com.example.app:/callback", "cursor://anysphere.cursor-mcp/oauth/callback", "myapp:/callback"] }""", "redirect_uris[2] must be https, http on a loopback host, or a private-use scheme with a dot")]
    [InlineData("""{ "redirect_uris": ["https://user@app.example/callback"] }""", "redirect_uris[0] must not have a user name")]
    [InlineData("""{ "redirect_uris": [1] }""", "redirect_uris[0] must be a string")]
    public async Task Redirect_uris(string json, string says)
    {
        var answer = (await PostAsync(json)).ShouldFail("invalid_redirect_uri");
        Assert.Contains(says, answer["error_description"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"grant_types\": [\"password\"]", "grant_types[0]")]
    [InlineData("\"grant_types\": [\"client_credentials\"]", "grant_types[0] must not be client_credentials")]
    [InlineData("\"grant_types\": [\"authorization_code\", \"implicit\"], \"response_types\": [\"id_token\"]", "grant_types[1] must not be implicit")]
    [InlineData("\"grant_types\": [\"refresh_token\"]", "grant_types[0]")]
    [InlineData("\"response_types\": [\"code id_token\"]", "response_types[0] must be code")]
    [InlineData("\"token_endpoint_auth_method\": \"magic\"", "token_endpoint_auth_method must be one of")]
    [InlineData("\"token_endpoint_auth_method\": \"tls_client_auth\"", "token_endpoint_auth_method must not be tls_client_auth")]
    [InlineData("\"token_endpoint_auth_method\": \"private_key_jwt\"", "jwks or jwks_uri is required")]
    [InlineData("\"jwks\": { \"keys\": [{ \"kty\": \"oct\", \"k\": \"AAAA\" }] }", "jwks must have public keys only")]
    [InlineData("\"jwks\": { \"keys\": [] }", "jwks must be a JWK set")]
    [InlineData("\"jwks_uri\": \"http://app.example/jwks\"", "jwks_uri must be an absolute https URL")]
    [InlineData("\"jwks_uri\": \"https://app.example/jwks\", \"jwks\": { \"keys\": [] }", "jwks_uri can't be used together with jwks")]
    [InlineData("\"backchannel_logout_uri\": \"http://localhost/logout\"", "backchannel_logout_uri must be an absolute https URL")]
    [InlineData("\"initiate_login_uri\": \"http://app.example/login\"", "initiate_login_uri must be an absolute https URL")]
    [InlineData("\"logo_uri\": \"javascript:alert(1)\"", "logo_uri must be an absolute https URL")]
    [InlineData("\"id_token_signed_response_alg\": \"none\"", "id_token_signed_response_alg must be one of")]
    [InlineData("\"request_object_signing_alg\": \"none\"", "request_object_signing_alg must be one of")]
    [InlineData("\"userinfo_signed_response_alg\": \"HS256\"", "userinfo_signed_response_alg must be one of")]
    [InlineData("\"subject_type\": \"secret\"", "subject_type must be one of")]
    [InlineData("\"application_type\": \"desktop\"", "application_type must be one of")]
    [InlineData("\"default_max_age\": \"soon\"", "default_max_age must be a whole number")]
    [InlineData("\"default_max_age\": -1", "default_max_age must be 0 to")]
    [InlineData("\"require_pushed_authorization_requests\": \"true\"", "require_pushed_authorization_requests must be true or false")]
    [InlineData("\"client_name\": { \"en\": \"App\" }", "client_name must be a string")]
    [InlineData("\"client_name\": \"safe\\u202egnp.exe\"", "client_name must have no control characters")]
    [InlineData("\"client_name\": \"A name that nobody reads to its end, as it is longer than what a page can show of it, so nobody knows it\"", "client_name must have at most 100 characters")]
    [InlineData("\"client_name#de\": \"Ein Name, den niemand zu Ende liest, da er länger ist als das, was eine Seite zeigt, so kennt ihn keiner\"", "client_name#de must have at most 100 characters")]
    [InlineData("\"contacts\": \"ops@app.example\"", "contacts must be an array")]
    [InlineData("\"post_logout_redirect_uris\": [\"ftp://app.example\"]", "post_logout_redirect_uris[0]")]
    [InlineData("\"post_logout_redirect_uris\": [\"vscode://vendor.extension\", \"myapp:/bye\"]", "post_logout_redirect_uris[1] must be https")]
    [InlineData("\"frontchannel_logout_uri\": \"https://other.example/\"", "frontchannel_logout_uri must have the scheme")]
    [InlineData("\"scope\": \"a\\\\b\"", "scope has no scope that a client may have")]
    public async Task Other_members(string member, string says)
    {
        var answer = (await PostAsync($$"""{ "redirect_uris": ["https://app.example/callback"], {{member}} }""")).ShouldFail("invalid_client_metadata");
        Assert.Contains(says, answer["error_description"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("{ \"redirect_uris\": [\"https://app.example/callback\"], }")]
    [InlineData("{ \"redirect_uris\": [\"https://app.example/callback\"] } // comment")]
    [InlineData("{ \"redirect_uris\": [\"https://app.example/callback\"], \"redirect_uris\": [\"https://evil.example/\"] }")]
    [InlineData("{ \"redirect_uris\": [\"https://app.example/callback\"], \"client_name\": \"\\ud800\" }")]
    [InlineData("{ \"redirect_uris\": [\"https://app.example/callback\"], \"jwks\": { \"keys\": [], \"keys\": [] } }")]
    public async Task A_body_that_is_no_strict_json_object(string body) => (await PostAsync(body)).ShouldFail("invalid_client_metadata");

    [Fact]
    public async Task A_software_statement_as_nobody_is_trusted_to_make_one() =>
        (await PostAsync("""{ "redirect_uris": ["https://app.example/callback"], "software_statement": "e30.e30.e30" }""")).ShouldFail("invalid_software_statement");

    [Fact]
    public async Task A_body_that_is_too_large_or_something_else()
    {
        (await PostAsync(new string(' ', 40_000))).ShouldFail("invalid_request", 413);
        (await server.PostAsync("register", "redirect_uris=https%3A%2F%2Fapp.example")).ShouldFail("invalid_request", 415);
        (await PostAsync($$"""{ "redirect_uris": ["https://app.example/callback"], "software_id": "{{new string('x', 30_500)}}" }""")).ShouldFail("invalid_client_metadata");
    }

    [Fact]
    public async Task A_web_app_that_gets_tokens_at_a_page_that_is_not_https()
    {
        await using var legacy = await RunningServer.StartAsync(new ServerSetup { Settings = new(Registrar.OpenMode) { ["Legacy:ImplicitAndHybrid"] = "true" } });
        var registrar = new Registrar(legacy);
        var implicitClient = Registrar.Metadata(("grant_types", new JsonArray("implicit")), ("response_types", new JsonArray("id_token token")));
        Assert.Equal(201, (await registrar.RegisterAsync(implicitClient.DeepClone().AsObject())).Status);
        implicitClient["redirect_uris"] = new JsonArray("http://localhost/callback");
        (await registrar.RegisterAsync(implicitClient)).ShouldFail("invalid_redirect_uri");
    }

    [Fact]
    public async Task A_sector_that_does_not_know_each_redirect_uri()
    {
        host.Serve("/good", """["https://app.example/callback", "https://app2.example/callback"]""");
        host.Serve("/bad", """["https://app.example/other"]""");
        host.Serve("/text", "no json");
        host.Serve("/object", """{ "a": 1 }""");
        var registrar = new Registrar(server);
        var several = new JsonArray("https://app.example/callback", "https://app2.example/callback");
        Assert.Equal(201, (await registrar.RegisterAsync(Sector(several, "/good"))).Status);
        foreach (var path in (string[])["/bad", "/text", "/object", "/missing"])
            (await registrar.RegisterAsync(Sector(several, path))).ShouldFail("invalid_client_metadata");
        // Several hosts, and nobody says that they are one sector.
        (await registrar.RegisterAsync(Registrar.Metadata(("subject_type", "pairwise"), ("redirect_uris", several.DeepClone())))).ShouldFail("invalid_client_metadata");
    }

    [Theory]
    [InlineData("https://127.0.0.2/sector")]
    [InlineData("https://169.254.169.254/latest")]
    [InlineData("https://[::1]/sector")]
    [InlineData("http://app.example/sector")]
    public async Task A_sector_at_an_address_that_is_not_public(string url) =>
        (await new Registrar(server).RegisterAsync(Registrar.Metadata(("sector_identifier_uri", url)))).ShouldFail("invalid_client_metadata");

    [Fact]
    public async Task A_sector_behind_a_redirect_which_is_not_followed()
    {
        host.Serve("/moved", http =>
        {
            http.Response.Redirect(new Uri(host.Url, "/target").AbsoluteUri);
            return Task.CompletedTask;
        });
        host.Serve("/target", $"""["{Registrar.Callback}"]""");
        (await new Registrar(server).RegisterAsync(Sector(new JsonArray(Registrar.Callback), "/moved"))).ShouldFail("invalid_client_metadata");
        Assert.Equal((1, 0), (host.RequestsFor("/moved"), host.RequestsFor("/target")));
    }

    private JsonObject Sector(JsonArray redirectUris, string path) => Registrar.Metadata(
        ("subject_type", "pairwise"), ("redirect_uris", redirectUris.DeepClone()), ("sector_identifier_uri", new Uri(host.Url, path).AbsoluteUri));

    private Task<JsonAnswer> PostAsync(string body) => new Registrar(server).SendAsync(
        HttpMethod.Post, "register", null, new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json")));
}
