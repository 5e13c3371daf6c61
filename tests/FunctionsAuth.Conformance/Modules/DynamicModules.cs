using System.Text.Json.Nodes;
using FunctionsAuth.Conformance.Checks;
using FunctionsAuth.Conformance.Client;
using FunctionsAuth.Conformance.Party;
using FunctionsAuth.Conformance.Running;

namespace FunctionsAuth.Conformance.Modules;

/// <summary>The Dynamic plan's modules of every response type: each registers its client, with something special.</summary>
public abstract partial class DynamicModules : RequestObjectModules
{
    [Module("oidcc-discovery-endpoint-verification")]
    public async Task Discovery()
    {
        var url = $"{Server.Issuer}/.well-known/openid-configuration";
        DiscoveryCheck.Full(await SuiteHttp.GetAsync(url), new Uri(url), dynamic: true);
    }

    [Module("oidcc-idtoken-rs256")]
    public async Task Id_token_rs256()
    {
        var login = await (await RegisterAsync(new JsonObject { ["id_token_signed_response_alg"] = "RS256" })).LoginAsync();
        Assert.Equal("RS256", login.IdToken.Header["alg"]!.GetValue<string>());
        Assert.NotNull(login.IdToken.Header["kid"]);
    }

    [Module("oidcc-registration-logo-uri")]
    public async Task Logo_uri()
    {
        var page = await ShowLoginAsync("logo_uri");
        // The suite leaves it to whoever looks at the page. OpenID Connect Registration §2 has servers show the logo, but this client
        // registered where anyone may, and nobody's browser is sent to the host of a stranger. With an initial access token it is shown.
        Assert.Empty(page.Document.QuerySelectorAll("img"));
        Assert.Single(page.Document.QuerySelectorAll(".monogram"));
    }

    [Module("oidcc-registration-policy-uri")]
    public async Task Policy_uri() => ShouldLink(await ShowLoginAsync("policy_uri"), "policy_uri");

    [Module("oidcc-registration-tos-uri")]
    public async Task Tos_uri() => ShouldLink(await ShowLoginAsync("tos_uri"), "tos_uri");

    [Module("oidcc-registration-jwks-uri")]
    public async Task Jwks_uri()
    {
        var client = await RegisterAsync(new JsonObject { ["jwks_uri"] = Inbox.Serve("jwks.json", SuiteKey.Shared.Jwks("first").ToJsonString()) });
        await Party(client.Client with { Kid = "first" }).LoginAsync();
    }

    [Module("oidcc-registration-sector-uri")]
    public async Task Sector_uri()
    {
        var client = await RegisterAsync(Pairwise(Inbox.CallbackUri));
        await client.LoginAsync();
    }

    [Module("oidcc-registration-sector-bad")]
    public async Task Sector_bad() =>
        RegistrationCheck.Error(await Registrar.TryAsync(Pairwise(Inbox.AddressOf("elsewhere"))), "invalid_client_metadata");

    [Module("oidcc-server-rotate-keys")]
    public async Task Rotate_keys()
    {
        using var rollover = await Rollover.TakeTurnAsync();
        var before = (await Provider.LoadAsync(rollover.Server)).Keys.Keys;
        await Rollover.RotateAsync();
        var hasNewKey = await Patience.UntilAsync(async () =>
        {
            var after = (await Provider.LoadAsync(rollover.Server)).Keys.Keys;
            // What the old keys signed must still verify.
            Assert.All(before, key => Assert.Contains(after, one => one.Kid == key.Kid));
            return after.Any(key => before.All(old => old.Kid != key.Kid && (old.N ?? old.X) != (key.N ?? key.X)));
        });
        Assert.True(hasNewKey, "There is no new key");
    }

    private static void ShouldLink(Page page, string member) =>
        Assert.Contains(page.Document.QuerySelectorAll("a"), link => link.GetAttribute("href")?.EndsWith($"/{member}", StringComparison.Ordinal) == true);

    private async Task<Page> ShowLoginAsync(string member)
    {
        Browser.ClearCookies();
        var client = await RegisterAsync(new JsonObject { [member] = Inbox.AddressOf(member) });
        var request = client.Request();
        var page = await Browser.GetAsync(request.Url(Provider.AuthorizationEndpoint));
        Assert.True(page.IsLogin, page.Text);
        await client.FinishAsync(request, page);
        return page;
    }

    private JsonObject Pairwise(string redirectUri)
    {
        Assert.Contains("pairwise", Provider.List("subject_types_supported"));
        return new JsonObject
        {
            ["subject_type"] = "pairwise",
            ["sector_identifier_uri"] = Inbox.Serve("sector.json", new JsonArray(redirectUri).ToJsonString()),
        };
    }
}
