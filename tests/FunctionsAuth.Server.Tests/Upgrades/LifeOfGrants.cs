using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Upgrades;

/// <summary>Codes and refresh tokens in every state, and the access tokens that are rows.</summary>
internal sealed class LifeOfGrants(RunningServer server, Kept kept, LifeOfPeople people)
{
    private const string Offline = "openid offline_access";

    private ClientApp Web { get; } = new(server);

    public async Task BeginAsync()
    {
        await KeepCodeAsync("expired");
        await LoginAsync("unused", "web", "openid profile offline_access api.read");
        await LoginAsync("of session", "web", "openid");
        await LoginAsync("public", "spa", Offline);
        await LoginAsync("not rotating", "legacy", Offline);
        kept["pairwise.sub"] = JsonAnswer.Claims((await LoginAsync("pairwise", "pairwise", Offline)).IdToken).GetProperty("sub").GetString()!;
        await LoginAsync("third-party", "third-party", "openid profile offline_access", people.Alice);
        await LoginAsync("consent revoked", "third-party", "openid profile offline_access", people.Bob);
        await LoginAsync("user disabled", "web", Offline, people.Dora);
        await LoginAsync("signed out everywhere", "web", Offline, people.Eve);
        await RotateAsync("rotated");
        await RotateAsync("rotated and reused");
        var reused = kept["rotated and reused.refresh"];
        kept["rotated twice.refresh"] = (await Web.RefreshAsync(reused)).ShouldBeOk().RefreshToken;
        await RevokeAsync();
        await RedeemTwiceAsync();
        var password = new ClientApp(server, "password");
        Keep("password", (await password.PostAsync("token",
            [("grant_type", "password"), ("username", "alice"), ("password", RunningServer.Password), ("scope", "openid offline_access")])).ShouldBeOk());
        await IssueReferencesAsync();
    }

    public async Task EndAsync()
    {
        await RotateAsync("just rotated");
        await KeepCodeAsync("code");
        await KeepCodeAsync("code to steal");
        kept["code of everything"] = await people.Alice.CodeAsync(new ClientApp(server, "third-party"), "third-party", "openid profile offline_access api.read",
            request => request
                .With("resource", "https://api.example")
                .With("max_age", "3600")
                .With("claims", """{"userinfo":{"email":null},"id_token":{"auth_time":{"essential":true}}}"""));
        var code = await KeepCodeAsync("redeemed");
        Keep("redeemed", (await Web.RedeemAsync(code)).ShouldBeOk());
    }

    private async Task<string> KeepCodeAsync(string name)
    {
        var code = await people.Alice.CodeAsync(Web, "web", Offline);
        kept[$"{name}.code"] = code;
        return code;
    }

    private async Task<JsonAnswer> LoginAsync(string name, string clientId, string scope, Browser? browser = null)
    {
        var app = new ClientApp(server, clientId);
        var tokens = (await app.RedeemAsync(await (browser ?? people.Alice).CodeAsync(app, clientId, scope))).ShouldBeOk();
        Keep(name, tokens);
        return tokens;
    }

    private void Keep(string name, JsonAnswer tokens)
    {
        kept[$"{name}.access"] = tokens.AccessToken;
        kept[$"{name}.refresh"] = tokens.RefreshToken;
    }

    private async Task RotateAsync(string name)
    {
        var before = (await Web.RedeemAsync(await people.Alice.CodeAsync(Web, "web", Offline))).ShouldBeOk();
        kept[$"{name}.before"] = before.RefreshToken;
        Keep(name, (await Web.RefreshAsync(before.RefreshToken)).ShouldBeOk());
    }

    private async Task RevokeAsync()
    {
        var tokens = await LoginAsync("revoked", "web", Offline);
        (await Web.RevokeAsync(tokens.RefreshToken)).ShouldBeOk();
    }

    private async Task RedeemTwiceAsync()
    {
        var code = await people.Alice.CodeAsync(Web, "web", Offline);
        Keep("redeemed twice", (await Web.RedeemAsync(code)).ShouldBeOk());
        (await Web.RedeemAsync(code)).ShouldFail("invalid_grant");
    }

    private async Task IssueReferencesAsync()
    {
        await LoginAsync("reference", "reference", "openid profile offline_access");
        var reference = new ClientApp(server, "reference");
        var tokens = await LoginAsync("revoked reference", "reference", "openid profile offline_access");
        (await reference.RevokeAsync(tokens.AccessToken)).ShouldBeOk();
        foreach (var clientId in (string[])["reference-service", "service"])
        {
            var answer = await new ClientApp(server, clientId).PostAsync("token", [("grant_type", "client_credentials"), ("scope", "api.read")]);
            kept[$"{clientId}.access"] = answer.ShouldBeOk().AccessToken;
        }
    }
}
