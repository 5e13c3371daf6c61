using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using FunctionsAuth.LocalHost.Hosting;
using FunctionsAuth.Server.Tests.Dpop;
using FunctionsAuth.Server.Tests.FrontChannel;
using FunctionsAuth.Server.Tests.Harness;
using FunctionsAuth.Server.Tests.Register;

namespace FunctionsAuth.Server.Tests.Certificates;

/// <summary>Tokens that are bound to a certificate, and how the server says where it takes one: requirements MTL6, MTL7 and MTL8.</summary>
public sealed class BoundTokenTests : IAsyncLifetime
{
    private const string Secret = "bound-secret-0123456789-0123456789-abc";
    private const string Bound = """ "tls_client_certificate_bound_access_tokens": true, """;

    private static readonly string Api = RawRequests.Basic("api", RawRequests.SecretOf("api"));

    private CertificateServer server = null!;
    private X509Certificate2 own = null!;
    private X509Certificate2 other = null!;

    public async Task InitializeAsync()
    {
        server = await CertificateServer.StartAsync(("Registration:Mode", "open"));
        own = TestAuthority.SelfSigned("CN=own");
        other = TestAuthority.SelfSigned("CN=other");
        await LocalServer.ImportAsync(server.Running.Services, $$"""
            { "clients": [
              { "client_id": "bound", "client_secret": "{{Secret}}", {{Bound}} "redirect_uris": ["https://bound.example/callback"], "first_party": true,
                "grant_types": ["authorization_code", "refresh_token", "client_credentials"], "scope": "openid profile offline_access api.read opaque.read" },
              { "client_id": "desktop", "token_endpoint_auth_method": "none", {{Bound}} "redirect_uris": ["https://desktop.example/callback"], "first_party": true,
                "grant_types": ["authorization_code", "refresh_token"], "scope": "openid offline_access" }
            ] }
            """);
    }

    public async Task DisposeAsync()
    {
        own.Dispose();
        other.Dispose();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task A_token_is_bound_to_the_certificate_and_userinfo_and_introspection_know_it()
    {
        var tokens = (await RedeemAsync("bound", await CodeAsync("bound", "openid api.read"), own)).ShouldBeOk();
        Assert.Equal("Bearer", tokens["token_type"]);
        var confirmation = JsonAnswer.Claims(tokens.AccessToken).GetProperty("cnf");
        Assert.Equal($$"""{"x5t#S256":"{{CertificateServer.ThumbprintOf(own)}}"}""", confirmation.GetRawText());
        (await server.UserInfoAsync(tokens.AccessToken, own)).ShouldBeOk();
        foreach (var wrong in new[] { null, other })
        {
            var refused = await server.UserInfoAsync(tokens.AccessToken, wrong);
            refused.ShouldFail("invalid_token", 401);
            Assert.StartsWith("Bearer realm=\"userinfo\", error=\"invalid_token\"", refused.ChallengeOf(), StringComparison.Ordinal);
        }
        var active = (await server.PostAsync("introspect", [("token", (await ApiTokenAsync("api.read")).AccessToken)], null, Api)).ShouldBeOk();
        Assert.Equal(("Bearer", CertificateServer.ThumbprintOf(own)), (active["token_type"], active.Json.GetProperty("cnf").GetProperty("x5t#S256").GetString()));
    }

    /// <summary>Nobody could redeem the code: such a client has no proof at the token endpoint.</summary>
    [Fact]
    public async Task A_code_is_not_bound_to_a_DPoP_key_beside()
    {
        var maker = new ProofMaker(server.Running);
        (string, string?)[] request = [.. new AuthorizationParameters("desktop").All.Select(field => (field.Key, (string?)field.Value))];
        Assert.Equal(201, (await server.PostAsync("par", request, null)).Status);
        (await server.PostAsync("par", request, null, dpop: maker.Make("POST", "par"))).ShouldFail("invalid_request");
        (await server.PostAsync("par", [.. request, ("dpop_jkt", maker.Thumbprint)], null)).ShouldFail("invalid_request");
    }

    [Fact]
    public async Task A_header_without_its_proof_opens_no_bound_token()
    {
        var tokens = (await RedeemAsync("bound", await CodeAsync("bound", "openid"), own)).ShouldBeOk();
        using var request = new HttpRequestMessage(HttpMethod.Get, "userinfo");
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {tokens.AccessToken}");
        request.Headers.TryAddWithoutValidation(CertificateServer.Header, CertificateServer.Encode(own));
        (await JsonAnswer.ReadAsync(await server.Running.Http.SendAsync(request))).ShouldFail("invalid_token", 401);
    }

    [Fact]
    public async Task Reference_tokens_are_bound_too()
    {
        var token = (await ApiTokenAsync("opaque.read")).AccessToken;
        Assert.DoesNotContain(".", token, StringComparison.Ordinal);
        var active = (await server.PostAsync("introspect", [("token", token)], null, Api)).ShouldBeOk();
        Assert.Equal(CertificateServer.ThumbprintOf(own), active.Json.GetProperty("cnf").GetProperty("x5t#S256").GetString());
    }

    [Fact]
    public async Task Without_a_certificate_such_a_client_gets_nothing_and_loses_no_code()
    {
        var code = await CodeAsync("bound", "openid");
        (await RedeemAsync("bound", code, null)).ShouldFail("invalid_request", 400);
        (await server.PostAsync("token", [("grant_type", "client_credentials")], null, RawRequests.Basic("bound", Secret))).ShouldFail("invalid_request", 400);
        (await RedeemAsync("bound", code, own)).ShouldBeOk();
    }

    [Fact]
    public async Task A_client_that_is_not_registered_for_it_gets_bearer_tokens_whatever_it_shows()
    {
        var answer = (await server.PostAsync("token", [("grant_type", "client_credentials")], own, RawRequests.Basic("service", RawRequests.SecretOf("service")))).ShouldBeOk();
        Assert.False(JsonAnswer.Claims(answer.AccessToken).TryGetProperty("cnf", out _));
    }

    [Fact]
    public async Task Refresh_tokens_of_a_public_client_are_bound_and_those_of_a_confidential_one_are_not()
    {
        var tokens = (await RedeemAsync("desktop", await CodeAsync("desktop", "openid offline_access"), own)).ShouldBeOk();
        (await RefreshAsync("desktop", tokens.RefreshToken, null)).ShouldFail("invalid_request");
        (await RefreshAsync("desktop", tokens.RefreshToken, other)).ShouldFail("invalid_grant");
        // Whoever stole it has ended nothing.
        var refreshed = (await RefreshAsync("desktop", tokens.RefreshToken, own)).ShouldBeOk();
        Assert.Equal(CertificateServer.ThumbprintOf(own), JsonAnswer.Claims(refreshed.AccessToken).GetProperty("cnf").GetProperty("x5t#S256").GetString());
        server.Running.Clock.Advance(TimeSpan.FromHours(1));
        (await RefreshAsync("desktop", tokens.RefreshToken, other)).ShouldFail("invalid_grant");
        (await RefreshAsync("desktop", refreshed.RefreshToken, own)).ShouldBeOk();

        var confidential = (await RedeemAsync("bound", await CodeAsync("bound", "openid offline_access"), own)).ShouldBeOk();
        var renewed = (await RefreshAsync("bound", confidential.RefreshToken, other)).ShouldBeOk();
        Assert.Equal(CertificateServer.ThumbprintOf(other), JsonAnswer.Claims(renewed.AccessToken).GetProperty("cnf").GetProperty("x5t#S256").GetString());
    }

    [Fact]
    public async Task A_bound_refresh_token_stays_bound_when_the_client_is_not_registered_for_it_any_more()
    {
        var tokens = (await RedeemAsync("desktop", await CodeAsync("desktop", "openid offline_access"), own)).ShouldBeOk();
        await LocalServer.ImportAsync(server.Running.Services, """
            { "clients": [{ "client_id": "desktop", "token_endpoint_auth_method": "none", "redirect_uris": ["https://desktop.example/callback"], "first_party": true,
                "grant_types": ["authorization_code", "refresh_token"], "scope": "openid offline_access" }] }
            """);
        server.Running.Clock.Advance(TimeSpan.FromMinutes(2));
        (await RefreshAsync("desktop", tokens.RefreshToken, null)).ShouldFail("invalid_grant");
    }

    [Fact]
    public async Task A_token_is_bound_to_a_key_or_to_a_certificate_and_not_to_both()
    {
        var maker = new ProofMaker(server.Running);
        (await server.PostAsync("token", [("grant_type", "client_credentials")], own, RawRequests.Basic("bound", Secret), maker.Make("POST", "token"))).ShouldFail("invalid_request", 400);
        // For any other client, the certificate of the connection does not matter.
        var tokens = (await server.PostAsync("token", [("grant_type", "client_credentials")], own, RawRequests.Basic("service", RawRequests.SecretOf("service")), maker.Make("POST", "token"))).ShouldBeOk();
        Assert.Equal(maker.Thumbprint, JsonAnswer.Claims(tokens.AccessToken).GetProperty("cnf").GetProperty("jkt").GetString());
    }

    [Fact]
    public async Task A_bound_token_is_no_DPoP_token()
    {
        var tokens = (await RedeemAsync("bound", await CodeAsync("bound", "openid"), own)).ShouldBeOk();
        var maker = new ProofMaker(server.Running);
        (await maker.UserInfoAsync(tokens.AccessToken, maker.Make("GET", "userinfo", tokens.AccessToken))).ShouldFail("invalid_token", 401);
    }

    [Fact]
    public async Task It_costs_no_storage_operation()
    {
        var storage = new TestStorage(BackEnd.Memory);
        await using var counted = await RunningServer.StartAsync(storage.Setup(
            ("ClientCertificates:Source", "header"), ("ClientCertificates:Header", CertificateServer.Header), ("ClientCertificates:ProofHeader", CertificateServer.ProofHeader), ("ClientCertificates:ProofSecret", CertificateServer.Proof)));
        await LocalServer.ImportAsync(counted.Services, $$"""{ "clients": [{ "client_id": "bound", "client_secret": "{{Secret}}", {{Bound}} "grant_types": ["client_credentials"], "scope": "api.read" }] }""");
        Assert.Equal(200, (int)(await SendAsync()).StatusCode);
        storage.Script.Arm();
        Assert.Equal(200, (int)(await SendAsync()).StatusCode);
        Assert.Empty(storage.Script.Operations);

        Task<HttpResponseMessage> SendAsync() => counted.Http.SendAsync(new HttpRequestMessage(HttpMethod.Post, "token")
        {
            Content = new FormUrlEncodedContent([new("grant_type", "client_credentials")]),
            Headers = { { "Authorization", RawRequests.Basic("bound", Secret) }, { CertificateServer.Header, CertificateServer.Encode(own) }, { CertificateServer.ProofHeader, CertificateServer.Proof } },
        });
    }

    [Fact]
    public async Task The_metadata_names_the_methods_and_the_aliases_of_endpoints_that_clients_call()
    {
        var metadata = JsonNode.Parse(await server.Running.Http.GetStringAsync(".well-known/openid-configuration"))!.AsObject();
        Assert.True((bool)metadata["tls_client_certificate_bound_access_tokens"]!);
        foreach (var endpoint in (string[])["token", "introspection", "revocation"])
        {
            var methods = metadata[$"{endpoint}_endpoint_auth_methods_supported"]!.AsArray().Select(name => (string)name!).ToList();
            Assert.Contains("tls_client_auth", methods);
            Assert.Contains("self_signed_tls_client_auth", methods);
        }
        var aliases = metadata["mtls_endpoint_aliases"]!.AsObject();
        Assert.Equal(["global_token_revocation_endpoint", "introspection_endpoint", "pushed_authorization_request_endpoint", "revocation_endpoint", "token_endpoint", "userinfo_endpoint"], aliases.Select(pair => pair.Key).Order(StringComparer.Ordinal));
        Assert.All(aliases, pair => Assert.Equal(((string)metadata[pair.Key]!).Replace(RunningServer.Issuer, CertificateServer.Alias, StringComparison.Ordinal), (string)pair.Value!));
    }

    [Fact]
    public async Task Without_authorities_or_an_alias_there_is_no_word_of_them()
    {
        await using var plain = await CertificateServer.StartAsync(("ClientCertificates:PublicUrl", null), ("ClientCertificates:TrustedAuthorities:0", null));
        var metadata = JsonNode.Parse(await plain.Running.Http.GetStringAsync(".well-known/openid-configuration"))!.AsObject();
        Assert.False(metadata.ContainsKey("mtls_endpoint_aliases"));
        var methods = metadata["token_endpoint_auth_methods_supported"]!.AsArray().Select(name => (string)name!).ToList();
        Assert.DoesNotContain("tls_client_auth", methods);
        Assert.Contains("self_signed_tls_client_auth", methods);
    }

    [Fact]
    public async Task A_proof_of_a_key_may_name_the_alias_and_is_good_once_at_either_address()
    {
        var maker = new ProofMaker(server.Running);
        var service = RawRequests.Basic("service", RawRequests.SecretOf("service"));
        var proof = maker.Make("POST", "token", change: (_, claims) => claims["htu"] = $"{CertificateServer.Alias}/token");
        (await server.PostAsync("token", [("grant_type", "client_credentials")], null, service, proof)).ShouldBeOk();
        (await server.PostAsync("token", [("grant_type", "client_credentials")], null, service, proof)).ShouldFail("invalid_dpop_proof", 400);
        var forAnother = maker.Make("POST", "token", change: (_, claims) => claims["htu"] = $"{CertificateServer.Alias}/revoke");
        (await server.PostAsync("token", [("grant_type", "client_credentials")], null, service, forAnother)).ShouldFail("invalid_dpop_proof", 400);
    }

    [Theory]
    [InlineData("token", true)]
    [InlineData("par", true)]
    [InlineData("userinfo", false)]
    public async Task An_assertion_may_name_the_alias_of_the_endpoint_that_takes_it(string endpoint, bool isTaken)
    {
        var key = new ClientKey();
        await server.ImportAsync("signer", $$""" "token_endpoint_auth_method": "private_key_jwt", {{Bound}} "jwks": { "keys": [{{key.Jwk().ToJsonString()}}] } """);
        var claims = new JsonObject
        {
            ["iss"] = "signer",
            ["sub"] = "signer",
            ["aud"] = $"{CertificateServer.Alias}/{endpoint}",
            ["jti"] = Guid.NewGuid().ToString(),
            ["exp"] = server.Running.Clock.GetUtcNow().AddMinutes(1).ToUnixTimeSeconds(),
        };
        var answer = await server.PostAsync(
            "token", [("grant_type", "client_credentials"), ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"), ("client_assertion", key.Sign(claims))], own);
        if (isTaken)
            Assert.Equal(CertificateServer.ThumbprintOf(own), JsonAnswer.Claims(answer.ShouldBeOk().AccessToken).GetProperty("cnf").GetProperty("x5t#S256").GetString());
        else
            answer.ShouldFail("invalid_client", 401);
    }

    [Fact]
    public async Task A_client_may_register_itself_with_its_own_key_and_with_bound_tokens_and_not_with_an_authority()
    {
        var registrar = new Registrar(server.Running);
        var key = new ClientKey();
        var registered = await registrar.RegisterOkAsync(
            ("token_endpoint_auth_method", "self_signed_tls_client_auth"), ("jwks", new JsonObject { ["keys"] = new JsonArray(key.Jwk()) }), ("tls_client_certificate_bound_access_tokens", true),
            ("tls_client_auth_subject_dn", "CN=anybody"));
        Assert.Equal(("self_signed_tls_client_auth", "True", null), (registered["token_endpoint_auth_method"], registered["tls_client_certificate_bound_access_tokens"], registered["tls_client_auth_subject_dn"]));
        Assert.Null(registered["client_secret"]);
        (await registrar.RegisterAsync(Registrar.Metadata(("token_endpoint_auth_method", "tls_client_auth"), ("tls_client_auth_subject_dn", "CN=anybody")))).ShouldFail("invalid_client_metadata");
        (await registrar.RegisterAsync(Registrar.Metadata(("token_endpoint_auth_method", "self_signed_tls_client_auth")))).ShouldFail("invalid_client_metadata");

        await using var without = await RunningServer.StartAsync(new ServerSetup { Settings = Registrar.OpenMode });
        var elsewhere = new Registrar(without);
        (await elsewhere.RegisterAsync(Registrar.Metadata(("token_endpoint_auth_method", "self_signed_tls_client_auth"), ("jwks", new JsonObject { ["keys"] = new JsonArray(key.Jwk()) })))).ShouldFail("invalid_client_metadata");
        (await elsewhere.RegisterAsync(Registrar.Metadata(("tls_client_certificate_bound_access_tokens", true)))).ShouldFail("invalid_client_metadata");
    }

    private async Task<string> CodeAsync(string clientId, string scope) => Expect.Code(await new Browser(server.Running).AuthorizeAsync(new AuthorizationParameters(clientId, scope: scope)), $"https://{clientId}.example/callback");

    private Task<JsonAnswer> ApiTokenAsync(string scope) =>
        server.PostAsync("token", [("grant_type", "client_credentials"), ("scope", scope)], own, RawRequests.Basic("bound", Secret));

    private Task<JsonAnswer> RedeemAsync(string clientId, string code, X509Certificate2? certificate) => PostAsync(
        clientId, [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", $"https://{clientId}.example/callback"), ("code_verifier", AuthorizationParameters.Verifier)], certificate);

    private Task<JsonAnswer> RefreshAsync(string clientId, string token, X509Certificate2? certificate) => PostAsync(clientId, [("grant_type", "refresh_token"), ("refresh_token", token)], certificate);

    private Task<JsonAnswer> PostAsync(string clientId, IEnumerable<(string Name, string? Value)> fields, X509Certificate2? certificate) => clientId == "bound"
        ? server.PostAsync("token", fields, certificate, RawRequests.Basic("bound", Secret))
        : server.PostAsync("token", [("client_id", clientId), .. fields], certificate);
}
