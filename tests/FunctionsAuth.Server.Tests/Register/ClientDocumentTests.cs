using System.Net;
using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.ClientAuthentication;
using FunctionsAuth.Server.Tests.FrontChannel;
using FunctionsAuth.Server.Tests.Harness;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Server.Tests.Register;

/// <summary>Clients whose id is the address of their metadata: draft-ietf-oauth-client-id-metadata-document.</summary>
public sealed class ClientDocumentTests : IAsyncLifetime
{
    private const string Path = "/client.json";

    private ClientHost host = null!;
    private RunningServer server = null!;
    private Registrar registrar = null!;

    private string Id => new Uri(host.Url, Path).AbsoluteUri;

    public async Task InitializeAsync()
    {
        host = await ClientHost.StartAsync();
        server = await RunningServer.StartAsync(new ServerSetup
        {
            Settings = new() { ["ClientIdMetadataDocuments"] = "true", ["Fetch:TrustedHosts:0"] = "127.0.0.1" },
        });
        registrar = new Registrar(server);
    }

    public async Task DisposeAsync()
    {
        await server.DisposeAsync();
        await host.DisposeAsync();
    }

    [Fact]
    public async Task A_client_is_known_by_its_document_alone_and_refreshes_too()
    {
        Serve(("grant_types", new JsonArray("authorization_code", "refresh_token")));
        var tokens = (await registrar.LoginAsync(Id, scope: "openid offline_access")).ShouldBeOk();
        Assert.Equal(Id, JsonAnswer.Claims(tokens.AccessToken).GetProperty("client_id").GetString());
        (await new ClientApp(server).UserInfoAsync(tokens.AccessToken)).ShouldBeOk();
        (await registrar.RefreshAsync(Id, tokens.RefreshToken)).ShouldBeOk();
        Assert.Equal(1, host.RequestsFor(Path));
    }

    [Fact]
    public async Task The_person_is_always_asked_and_sees_the_host_and_where_the_way_leads()
    {
        Serve(("client_name", "Your Bank"), ("first_party", true));
        var browser = new Browser(server);
        var page = await browser.FollowAsync(await browser.GetAsync(Registrar.RequestOf(Id).Url));
        page = await browser.FollowAsync(await browser.LoginAsync(page));
        Expect.Form(page, "consent");
        Assert.Contains("This app is identified by 127.0.0.1", page.Text(), StringComparison.Ordinal);
        Assert.Contains("app.example", page.Document.QuerySelector("#returns")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_metadata_says_that_such_clients_are_taken()
    {
        var metadata = await JsonAnswer.ReadAsync(await server.Http.GetAsync(".well-known/oauth-authorization-server"));
        Assert.True(metadata.Json.GetProperty("client_id_metadata_document_supported").GetBoolean());
    }

    [Fact]
    public async Task Unless_it_is_on_such_a_client_is_unknown_and_nothing_is_fetched()
    {
        Serve();
        await using var off = await RunningServer.StartAsync(new ServerSetup { Settings = new() { ["Fetch:TrustedHosts:0"] = "127.0.0.1" } });
        Expect.Page(await new Browser(off).GetAsync(Registrar.RequestOf(Id).Url), "The client_id is unknown");
        Assert.Equal(0, host.RequestsFor(Path));
    }

    [Theory]
    [InlineData("another id", """{ "client_id": "https://app.example/client.json", "redirect_uris": ["https://app.example/callback"] }""", "exactly the URL")]
    [InlineData("no id", """{ "redirect_uris": ["https://app.example/callback"] }""", "exactly the URL")]
    [InlineData("a secret", """{ "client_id": "{id}", "client_secret": "s", "redirect_uris": ["https://app.example/callback"] }""", "not have a client_secret")]
    [InlineData("a secret method", """{ "client_id": "{id}", "token_endpoint_auth_method": "client_secret_post", "redirect_uris": ["https://app.example/callback"] }""", "must be none or private_key_jwt")]
    [InlineData("no redirect URI", """{ "client_id": "{id}" }""", "redirect_uris")]
    [InlineData("a bad redirect URI", """{ "client_id": "{id}", "redirect_uris": ["http://app.example/callback"] }""", "redirect_uris[0] must be https")]
    [InlineData("a grant that is for nobody", """{ "client_id": "{id}", "redirect_uris": ["https://app.example/callback"], "grant_types": ["client_credentials"] }""", "grant_types[0]")]
    [InlineData("an array", """[]""", "must be a JSON object")]
    [InlineData("text", """hello""", "not valid JSON")]
    public async Task A_document_that_can_not_be_used_is_told_on_a_page_with_the_reason(string what, string document, string says)
    {
        host.Serve(Path, document.Replace("{id}", Id, StringComparison.Ordinal));
        var page = await new Browser(server).GetAsync(Registrar.RequestOf(Id).Url);
        Expect.Page(page, "The metadata document at the client_id cannot be used.");
        Assert.True(page.Text().Contains(says, StringComparison.Ordinal), $"{what}: {page.Text()}");
    }

    [Fact]
    public async Task A_document_of_another_type_or_that_is_missing_or_moved_is_no_document()
    {
        host.Serve(Path, Document().ToJsonString(), "text/html");
        Expect.Page(await new Browser(server).GetAsync(Registrar.RequestOf(Id).Url), "Its media type must be application/json");
        host.Serve("/vendor", Document("/vendor").ToJsonString(), "application/vnd.example+json; charset=utf-8");
        Assert.NotNull((await new Browser(server).GetAsync(Registrar.RequestOf(IdOf("/vendor")).Url)).Location);
        Expect.Page(await new Browser(server).GetAsync(Registrar.RequestOf(IdOf("/missing")).Url), "The answer had the status code 404");
        host.Serve("/moved", http =>
        {
            http.Response.Redirect("/vendor");
            return Task.CompletedTask;
        });
        Expect.Page(await new Browser(server).GetAsync(Registrar.RequestOf(IdOf("/moved")).Url), "The answer had the status code 302");
    }

    [Theory]
    [InlineData("https://127.0.0.2/client.json")]
    [InlineData("https://10.0.0.1/client.json")]
    [InlineData("https://169.254.169.254/latest/meta-data")]
    [InlineData("https://[::1]/client.json")]
    [InlineData("https://[fd00::1]/client.json")]
    public async Task An_address_that_is_not_public_is_not_asked(string id) =>
        Expect.Page(await new Browser(server).GetAsync(Registrar.RequestOf(id).Url), "The host could not be reached");

    [Theory]
    [InlineData("http://app.example/client.json")]
    [InlineData("https://app.example")]
    [InlineData("https://app.example/")]
    [InlineData("https://app.example/a/../client.json")]
    [InlineData("https://app.example/./client.json")]
    [InlineData("https://app.example/a/%2e%2e/client.json")]
    [InlineData("https://app.example/client.json#")]
    [InlineData("https://app.example/client.json#fragment")]
    [InlineData("https://user@app.example/client.json")]
    [InlineData("https://@app.example/client.json")]
    [InlineData("https://app.example:443/client.json")]
    [InlineData("https://APP.example/client.json")]
    [InlineData("https://app.example\\client.json")]
    [InlineData("https://app.example/cl ient.json")]
    [InlineData("https://")]
    public async Task An_address_that_is_none_for_a_client_is_not_asked(string id) =>
        Expect.Page(await new Browser(server).GetAsync(Registrar.RequestOf(id).Url), "The address must be an");

    [Fact]
    public async Task An_address_may_be_as_long_as_a_key_is_not()
    {
        var path = "/" + new string('a', 500 - IdOf("/").Length);
        host.Serve(path, Document(path).ToJsonString());
        (await registrar.LoginAsync(IdOf(path))).ShouldBeOk();
        Expect.Page(await new Browser(server).GetAsync(Registrar.RequestOf(IdOf(path + "a")).Url), "at most 500 characters");
    }

    [Fact]
    public async Task It_may_have_what_clients_may_have_that_register_themselves()
    {
        Serve(("scope", "openid api.read"));
        Assert.Equal("openid", (await registrar.LoginAsync(Id, scope: "openid api.read")).ShouldBeOk()["scope"]);
        Expect.Page(await new Browser(server).GetAsync(Registrar.RequestOf(Id, "api.read").Url), "scope");
    }

    [Theory]
    [InlineData("""["none", "private_key_jwt"]""", true, true)]
    [InlineData("""["none", "private_key_jwt"]""", false, false)]
    [InlineData("""["client_secret_basic", "private_key_jwt"]""", true, true)]
    [InlineData("""["client_secret_basic", "none"]""", true, false)]
    public async Task Of_several_methods_one_is_taken_that_both_sides_have(string methods, bool hasKey, bool signs)
    {
        var key = new ClientKey();
        Serve(("token_endpoint_auth_methods_supported", JsonNode.Parse(methods)), ("jwks", hasKey ? new JsonObject { ["keys"] = new JsonArray(key.Jwk()) } : null));
        var code = (await new Browser(server).AuthorizeAsync(Registrar.RequestOf(Id))).Parameters["code"];
        var now = server.Clock.GetUtcNow().ToUnixTimeSeconds();
        var assertion = key.Sign(new JsonObject { ["iss"] = Id, ["sub"] = Id, ["aud"] = RunningServer.Issuer, ["jti"] = "1", ["exp"] = now + 60 });
        var form = $"grant_type=authorization_code&code={code}&redirect_uri={Uri.EscapeDataString(Registrar.Callback)}&code_verifier={AuthorizationParameters.Verifier}";
        var signed = await server.PostAsync("token", $"{form}&client_assertion_type={Uri.EscapeDataString(ClientAssertions.Type)}&client_assertion={assertion}");
        var named = await server.PostAsync("token", $"{form}&client_id={Uri.EscapeDataString(Id)}");
        (signs ? signed : named).ShouldBeOk();
        (signs ? named : signed).ShouldFail("invalid_client", 401);
    }

    [Theory]
    [InlineData(null, 5 * 60)]
    [InlineData("no-store", 60)]
    [InlineData("max-age=600", 600)]
    [InlineData("max-age=999999999", 24 * 60 * 60)]
    public async Task It_is_kept_as_its_headers_allow_from_a_minute_to_a_day(string? cacheControl, int seconds)
    {
        host.Serve(Path, Document().ToJsonString(), cacheControl: cacheControl);
        await AskAsync();
        server.Clock.Advance(TimeSpan.FromSeconds(seconds - 1));
        await AskAsync();
        Assert.Equal(1, host.RequestsFor(Path));
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        await AskAsync();
        Assert.Equal(2, host.RequestsFor(Path));
    }

    [Fact]
    public async Task A_failure_is_remembered_for_ten_seconds()
    {
        for (var i = 0; i < 5; i++)
            Expect.Page(await new Browser(server).GetAsync(Registrar.RequestOf(Id).Url), "The answer had the status code 404");
        Assert.Equal(1, host.RequestsFor(Path));
        Serve();
        server.Clock.Advance(TimeSpan.FromSeconds(10));
        await AskAsync();
    }

    [Fact]
    public async Task Many_at_once_fetch_it_once_and_again_once_when_it_is_stale()
    {
        var gate = new TaskCompletionSource();
        host.Serve(Path, async http =>
        {
            await gate.Task;
            http.Response.ContentType = "application/json";
            await http.Response.WriteAsync(Document().ToJsonString());
        });
        for (var round = 1; round <= 2; round++)
        {
            var requests = Enumerable.Range(0, 20).Select(_ => Task.Run(() => new Browser(server).GetAsync(Registrar.RequestOf(Id).Url))).ToList();
            gate.TrySetResult();
            Assert.All(await Task.WhenAll(requests), answer => Assert.Equal(HttpStatusCode.SeeOther, answer.Status));
            Assert.Equal(round, host.RequestsFor(Path));
            server.Clock.Advance(TimeSpan.FromMinutes(5));
        }
    }

    [Fact]
    public async Task At_the_token_endpoint_a_document_that_is_gone_is_an_error_of_the_client()
    {
        (await server.PostAsync("token", $"grant_type=authorization_code&code=x&client_id={Uri.EscapeDataString(Id)}")).ShouldFail("invalid_client");
    }

    private async Task AskAsync() => Assert.Equal(HttpStatusCode.SeeOther, (await new Browser(server).GetAsync(Registrar.RequestOf(Id).Url)).Status);

    private string IdOf(string path) => new Uri(host.Url, path).AbsoluteUri;

    private void Serve(params (string Name, JsonNode? Value)[] members) => host.Serve(Path, Document(Path, members).ToJsonString());

    private JsonObject Document(string path = Path, params (string Name, JsonNode? Value)[] members) =>
        Registrar.Metadata([("client_id", IdOf(path)), ("client_name", "Document app"), .. members]);
}
