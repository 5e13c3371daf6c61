using System.Text.Json.Nodes;
using FunctionsAuth.Server.Tests.Harness;
using FunctionsAuth.Server.Tests.Logout;

namespace FunctionsAuth.Server.Tests.Register;

/// <summary>A client's metadata document broke after it took part: that is this client's trouble, and nobody else's.</summary>
public sealed class BrokenDocumentTests : IAsyncLifetime
{
    private const string Path = "/client.json";

    private LogoutScene scene = null!;

    private string Id => new Uri(scene.Host.Url, Path).AbsoluteUri;

    public async Task InitializeAsync() => scene = await LogoutScene.StartAsync(new ServerSetup
    {
        Settings = new() { ["ClientIdMetadataDocuments"] = "true", ["Registration:Scopes"] = "openid profile offline_access api.read" },
    });

    public async Task DisposeAsync() => await scene.DisposeAsync();

    [Fact]
    public async Task It_keeps_nobody_signed_in_and_the_other_clients_are_told()
    {
        var browser = new Browser(scene.Server);
        var told = await scene.AddAsync("told");
        await TakePartAsync(browser);
        var login = (await told.LoginAsync("openid", browser)).ShouldBeOk();
        Break();

        (await browser.LogoutAsync(login)).ShouldBeSignedOut();
        Assert.Equal([login.Sid()], scene.SidsOf("told"));
        Assert.False(await browser.IsSignedInAsync());
    }

    [Fact]
    public async Task Its_own_hint_still_ends_the_session()
    {
        var browser = new Browser(scene.Server);
        var tokens = await TakePartAsync(browser);
        Break();
        (await browser.LogoutAsync(tokens, $"&post_logout_redirect_uri={Registrar.Callback}")).ShouldBeSignedOut();
        Assert.False(await browser.IsSignedInAsync());
    }

    [Fact]
    public async Task Its_tokens_are_not_valid_for_a_reader()
    {
        var tokens = await TakePartAsync(new Browser(scene.Server));
        (await new ClientApp(scene.Server).UserInfoAsync(tokens.AccessToken)).ShouldBeOk();
        Assert.True((await new ClientApp(scene.Server, "api").IntrospectAsync(tokens.AccessToken)).IsActive);
        Break();
        (await new ClientApp(scene.Server).UserInfoAsync(tokens.AccessToken)).ShouldFail("invalid_token", 401);
        (await new ClientApp(scene.Server, "api").IntrospectAsync(tokens.AccessToken)).ShouldBeInactive();
    }

    private async Task<JsonAnswer> TakePartAsync(Browser browser)
    {
        scene.Host.Serve(Path, new JsonObject
        {
            ["client_id"] = Id,
            ["redirect_uris"] = new JsonArray(Registrar.Callback),
            ["backchannel_logout_uri"] = new Uri(scene.Host.Url, "/document").AbsoluteUri,
            ["scope"] = "openid profile api.read",
        }.ToJsonString());
        return (await new Registrar(scene.Server).LoginAsync(Id, scope: "openid api.read", browser: browser)).ShouldBeOk();
    }

    private void Break()
    {
        scene.Host.Serve(Path, "broken");
        // The document was kept for five minutes.
        scene.Server.Clock.Advance(TimeSpan.FromMinutes(6));
    }
}
