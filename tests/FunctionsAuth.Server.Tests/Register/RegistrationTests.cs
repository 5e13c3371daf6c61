using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.ClientAuthentication;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Server.Tests.FrontChannel;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Register;

/// <summary>RFC 7591: what a client gets that registers itself.</summary>
public sealed class RegistrationTests(OpenServer shared) : IClassFixture<OpenServer>
{
    private readonly RunningServer server = shared.Server;
    private readonly Registrar registrar = new(shared.Server);

    [Fact]
    public async Task No_page_loads_the_logo_of_a_client_that_no_operator_knows()
    {
        var client = await registrar.RegisterOkAsync(("client_name", "Logo app"), ("logo_uri", "https://app.example/logo.png"));
        Assert.Equal("https://app.example/logo.png", client["logo_uri"]);
        var browser = new Browser(shared.Server);
        var page = await browser.FollowAsync(await browser.GetAsync(Registrar.RequestOf(client["client_id"]!).Url));
        Assert.Empty(page.Document.QuerySelectorAll("img"));
        Assert.Equal("L", page.Document.QuerySelector(".monogram")!.TextContent);

        var known = await registrar.RegisterAsync(Registrar.Metadata(("logo_uri", "https://app.example/logo.png")), await registrar.NewTokenAsync());
        page = await browser.FollowAsync(await browser.GetAsync(Registrar.RequestOf(known["client_id"]!).Url));
        Assert.Single(page.Document.QuerySelectorAll("img.logo"));

        // An operator's client has its logo; what a browser shows if that can not be loaded is the letter.
        await shared.Server.RegisterAsync(new Client { ClientId = "logo-of-operator", RedirectUris = [Registrar.Callback], LogoUri = new Uri("https://app.example/logo.png") });
        page = await browser.FollowAsync(await browser.GetAsync(Registrar.RequestOf("logo-of-operator").Url));
        Assert.Equal("L", page.Document.QuerySelector("img.logo[src='https://app.example/logo.png']")!.GetAttribute("data-initial"));
    }

    [Fact]
    public async Task Grant_types_and_response_types_that_the_server_does_not_know_are_left_out()
    {
        var client = await registrar.RegisterOkAsync(
            ("grant_types", new JsonArray("authorization_code", "urn:ietf:params:oauth:grant-type:unheard-of")), ("response_types", new JsonArray("none", "code", "voucher")));
        Assert.Equal(["authorization_code"], client.Json.GetProperty("grant_types").EnumerateArray().Select(type => type.GetString()));
        Assert.Equal(["code"], client.Json.GetProperty("response_types").EnumerateArray().Select(type => type.GetString()));
        var none = await registrar.RegisterAsync(Registrar.Metadata(("response_types", new JsonArray("none"))));
        Assert.StartsWith("response_types[0] must be code", none.ShouldFail("invalid_client_metadata")["error_description"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_says_nothing_but_its_redirect_uri_gets_the_defaults_of_the_rfc()
    {
        var client = await registrar.RegisterOkAsync();
        Assert.Equal("no-store", client.Response.Headers.CacheControl?.ToString());
        Assert.Equal("application/json", client.Response.Content.Headers.ContentType?.ToString());
        Assert.Equal("client_secret_basic", client["token_endpoint_auth_method"]);
        Assert.Equal("""["authorization_code"]""", client["grant_types"]);
        Assert.Equal("""["code"]""", client["response_types"]);
        Assert.Equal("openid profile email", client["scope"]);
        Assert.Equal(43, client["client_secret"]!.Length);
        Assert.Equal("0", client["client_secret_expires_at"]);
        Assert.Equal(server.Clock.GetUtcNow().ToUnixTimeSeconds().ToString(null, null), client["client_id_issued_at"]);
        Assert.Equal($"{RunningServer.Issuer}/register/{client["client_id"]}", client["registration_client_uri"]);
    }

    [Fact]
    public async Task It_can_sign_a_user_in_at_once_with_its_secret()
    {
        var client = await registrar.RegisterOkAsync();
        (await registrar.LoginAsync(client["client_id"]!, client["client_secret"])).ShouldBeOk();
        (await registrar.LoginAsync(client["client_id"]!, "another-secret-0123456789-0123456789")).ShouldFail("invalid_client", 401);
    }

    [Fact]
    public async Task A_public_client_gets_no_secret_and_needs_pkce()
    {
        var client = await registrar.RegisterOkAsync(
            ("token_endpoint_auth_method", "none"), ("grant_types", new JsonArray("authorization_code", "refresh_token")), ("scope", "openid offline_access"));
        Assert.Null(client["client_secret"]);
        Assert.Null(client["client_secret_expires_at"]);
        Assert.NotNull((await registrar.LoginAsync(client["client_id"]!, scope: "openid offline_access")).ShouldBeOk().RefreshToken);
        var answer = await new Browser(server).GetAsync(Registrar.RequestOf(client["client_id"]!).With("code_challenge", null).With("code_challenge_method", null).Url);
        Expect.Page(answer, "PKCE is required");
    }

    [Fact]
    public async Task A_client_with_a_secret_for_its_jwts_can_use_it()
    {
        var client = await registrar.RegisterOkAsync(("token_endpoint_auth_method", "client_secret_jwt"));
        var id = client["client_id"]!;
        var code = (await new Browser(server).AuthorizeAsync(Registrar.RequestOf(id))).Parameters["code"];
        var now = server.Clock.GetUtcNow().ToUnixTimeSeconds();
        var assertion = ClientKey.SignWithSecret(
            new JsonObject { ["iss"] = id, ["sub"] = id, ["aud"] = RunningServer.Issuer, ["jti"] = "1", ["exp"] = now + 60 }, client["client_secret"]!);
        (await server.PostAsync("token", $"grant_type=authorization_code&code={code}&redirect_uri={Uri.EscapeDataString(Registrar.Callback)}"
            + $"&code_verifier={AuthorizationParameters.Verifier}&client_assertion_type={Uri.EscapeDataString(ClientAssertions.Type)}&client_assertion={assertion}")).ShouldBeOk();
    }

    [Fact]
    public async Task Everything_that_it_registered_comes_back_as_it_was_sent()
    {
        var metadata = new JsonObject
        {
            ["redirect_uris"] = new JsonArray("https://app.example/callback", "https://app.example/callback?a=b"),
            ["client_name"] = "Die App für Jürgen",
            ["client_uri"] = "https://app.example",
            ["logo_uri"] = "https://app.example/logo.png",
            ["policy_uri"] = "https://app.example/policy",
            ["tos_uri"] = "https://app.example/tos",
            ["contacts"] = new JsonArray("ops@app.example"),
            ["initiate_login_uri"] = "https://app.example/login",
            ["token_endpoint_auth_method"] = "private_key_jwt",
            ["jwks"] = new JsonObject { ["keys"] = new JsonArray(new ClientKey().Jwk(withKid: false)) },
            ["grant_types"] = new JsonArray("authorization_code", "refresh_token"),
            ["response_types"] = new JsonArray("code"),
            ["scope"] = "openid email",
            ["application_type"] = "web",
            ["id_token_signed_response_alg"] = "ES256",
            ["userinfo_signed_response_alg"] = "RS256",
            ["request_object_signing_alg"] = "ES256",
            ["subject_type"] = "pairwise",
            ["default_max_age"] = 3600,
            ["post_logout_redirect_uris"] = new JsonArray("https://app.example/bye"),
            ["backchannel_logout_uri"] = "https://app.example/logout",
            ["backchannel_logout_session_required"] = true,
            ["frontchannel_logout_uri"] = "https://app.example/front",
            ["require_pushed_authorization_requests"] = true,
            ["request_uris"] = new JsonArray("https://app.example/request#hash"),
            ["software_id"] = "app",
            ["software_version"] = "1.0",
        };
        var client = await registrar.RegisterAsync(metadata.DeepClone().AsObject());
        Assert.True(client.Status == 201, client.Json.ToString());
        var read = (await registrar.GetAsync(client)).ShouldBeOk();
        foreach (var (name, value) in metadata)
        {
            foreach (var answer in (JsonAnswer[])[client, read])
                Assert.True(JsonNode.DeepEquals(value, JsonNode.Parse(answer.Json.GetProperty(name).GetRawText())), name);
        }
        Assert.Equal(client["registration_access_token"], read["registration_access_token"]);
    }

    [Fact]
    public async Task What_only_an_operator_decides_is_ignored()
    {
        var client = await registrar.RegisterOkAsync(
            ("first_party", true), ("authorization_details_types", new JsonArray("payment")), ("disabled", true), ("require_pkce", false), ("resources", new JsonArray("https://api.example")), ("client_id", "web"),
            ("client_secret", "chosen-by-me-0123456789-0123456789"), ("access_token_lifetime", 86400), ("allowed_cors_origins", new JsonArray("https://evil.example")),
            ("refresh_token_reuse", true), ("access_token_format", "reference"), ("Registration", new JsonObject()), ("unheard_of", 1));
        Assert.NotEqual("web", client["client_id"]);
        Assert.NotEqual("chosen-by-me-0123456789-0123456789", client["client_secret"]);
        var stored = (await server.Get<IClientStore>().FindAsync(client["client_id"]!, default))!;
        Assert.Equal((false, false, true, 0, 0), (stored.FirstParty, stored.Disabled, stored.RequirePkce, stored.Resources.Count, stored.AllowedCorsOrigins.Count));
        Assert.Empty(stored.AuthorizationDetailsTypes);
        Assert.Null(stored.AccessTokenLifetime);
        Assert.False(stored.RefreshTokenReuse);
        Assert.Equal("jwt", stored.AccessTokenFormat);
        Assert.DoesNotContain("first_party", client.Json.EnumerateObject().Select(member => member.Name));
        // Nor does the person go unasked.
        var page = await new Browser(server).FollowAsync(await (await LoggedInAsync()).GetAsync(Registrar.RequestOf(client["client_id"]!).Url));
        Assert.Null(page.Location);
    }

    [Fact]
    public async Task An_import_can_not_pretend_that_a_client_registered_itself()
    {
        foreach (var member in (string[])["registration", "Registration", "version"])
        {
            var json = $$"""{ "clients": [{ "client_id": "x", "token_endpoint_auth_method": "none", "redirect_uris": ["https://x.example/"], "{{member}}": {} }] }""";
            var refusal = await Assert.ThrowsAsync<FunctionsAuth.Protocol.Import.ImportException>(() => FunctionsAuth.LocalHost.Hosting.LocalServer.ImportAsync(server.Services, json));
            Assert.Contains("is unknown", refusal.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Scopes_that_no_such_client_may_have_are_left_out()
    {
        var client = await registrar.RegisterOkAsync(("scope", "openid api.read unheard-of email offline_access"));
        // Without the grant type there is no use for offline_access.
        Assert.Equal("openid email", client["scope"]);
        (await registrar.RegisterAsync(Registrar.Metadata(("scope", "api.read api.write")))).ShouldFail("invalid_client_metadata");
    }

    [Fact]
    public async Task Grant_types_that_the_server_does_not_know_are_left_out()
    {
        var client = await registrar.RegisterOkAsync(("grant_types", new JsonArray("authorization_code", "urn:ietf:params:oauth:grant-type:device_code")));
        Assert.Equal("""["authorization_code"]""", client["grant_types"]);
        (await registrar.RegisterAsync(Registrar.Metadata(("grant_types", new JsonArray("urn:example:unheard-of"))))).ShouldFail("invalid_client_metadata");
    }

    [Fact]
    public async Task An_empty_value_is_as_good_as_none()
    {
        var client = await registrar.RegisterOkAsync(("client_uri", ""), ("logo_uri", null), ("token_endpoint_auth_method", ""), ("scope", ""));
        Assert.Equal("client_secret_basic", client["token_endpoint_auth_method"]);
        Assert.Equal("openid profile email", client["scope"]);
    }

    [Fact]
    public async Task Browser_code_of_any_origin_may_register_and_manage()
    {
        using var preflight = new HttpRequestMessage(HttpMethod.Options, "register");
        preflight.Headers.Add("Origin", "https://app.example");
        var answer = await server.Http.SendAsync(preflight);
        Assert.Equal("*", answer.Headers.GetValues("Access-Control-Allow-Origin").Single());
        var client = await registrar.RegisterOkAsync();
        Assert.Equal("*", client.Response.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Equal("*", (await registrar.GetAsync(client)).Response.Headers.GetValues("Access-Control-Allow-Origin").Single());
    }

    [Fact]
    public async Task No_secret_and_no_token_of_it_gets_into_the_log()
    {
        var client = await registrar.RegisterOkAsync(("token_endpoint_auth_method", "client_secret_jwt"));
        var changed = await registrar.PutAsync(client, Registrar.Metadata(("token_endpoint_auth_method", "client_secret_jwt")));
        await registrar.GetAsync(changed);
        string[] secrets = [client["client_secret"]!, Registrar.TokenOf(client), Registrar.TokenOf(changed)];
        Assert.All(server.Log.Lines, line => Assert.DoesNotContain(secrets, secret => line.Contains(secret, StringComparison.Ordinal)));
    }

    private async Task<Browser> LoggedInAsync()
    {
        var browser = new Browser(server);
        await browser.CodeAsync(new ClientApp(server), "web", "openid");
        return browser;
    }
}
