using Azure.Data.Tables;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.FrontChannel;

/// <summary>A whole day of a server, with all that can go wrong, and then a look into its log.</summary>
public sealed class LogSecrecyTests : IAsyncLifetime
{
    private const string Third = "https://third.example/callback";

    private readonly Dictionary<string, string> secrets = [];
    private RunningServer server = null!;

    public async Task InitializeAsync() => server = await RunningServer.StartAsync();

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task No_password_code_token_cookie_or_secret_is_in_the_log()
    {
        var browser = new Browser(server);
        await SignInAndConsentAsync(browser);
        await UseTokensAsync();
        await FailAsync();
        await BreakAsync(browser);

        Assert.True(secrets.Count >= 14, $"Only {secrets.Count} secrets were seen");
        Assert.All(secrets, secret => Assert.True(secret.Value.Length >= 8, $"{secret.Key} is too short to look for"));
        Assert.Contains(server.Log.Lines, line => line.Contains("failed unexpectedly", StringComparison.Ordinal));
        Assert.Contains(server.Log.Lines, line => line.Contains("was used twice", StringComparison.Ordinal));
        var found = from line in server.Log.Lines
                    from secret in secrets
                    where line.Contains(secret.Value, StringComparison.Ordinal)
                    select $"{secret.Key} in: {line}";
        Assert.Empty(found);
    }

    private async Task SignInAndConsentAsync(Browser browser)
    {
        secrets["password"] = RunningServer.Password;
        secrets["wrong password"] = "Wrong-Horse-8-Battery";
        var request = new AuthorizationParameters("third-party", Third, "openid profile offline_access");
        secrets["state"] = request["state"];
        secrets["nonce"] = request["nonce"];
        var page = await browser.FollowAsync(await browser.GetAsync(request.Url));
        secrets["browser cookie"] = browser.Cookie(BrowserCookieJar.Secret)!;
        secrets["login form token"] = page.HiddenFields()["form_token"];
        page = await browser.LoginAsync(page, password: secrets["wrong password"]);
        page = await browser.FollowAsync(await browser.LoginAsync(page));
        secrets["session cookie"] = browser.Cookie(BrowserCookieJar.Session)!;
        secrets["session secret"] = secrets["session cookie"].Split('.')[1];
        secrets["consent form token"] = page.HiddenFields()["form_token"];
        secrets["code"] = Expect.Code(await browser.SubmitAsync(page, ("action", "allow")), Third);
    }

    private async Task UseTokensAsync()
    {
        secrets["client secret"] = "third-secret-0123456789-0123456789-abc";
        secrets["client secret in the header"] = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"third-party:{secrets["client secret"]}"));
        secrets["code verifier"] = AuthorizationParameters.Verifier;
        var client = new ClientApp(server, "third-party");
        var tokens = await client.RedeemAsync(secrets["code"]);
        Keep("first", tokens);
        Assert.Equal(200, (await client.UserInfoAsync(tokens.AccessToken)).Status);
        var second = await client.RefreshAsync(tokens.RefreshToken);
        Keep("second", second);
        await new ClientApp(server, "api").IntrospectAsync(second.AccessToken);

        // Reuse: of the code here, and of a refresh token beyond its grace.
        Assert.Equal("invalid_grant", (await client.RedeemAsync(secrets["code"])).Error);
        server.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal("invalid_grant", (await client.RefreshAsync(tokens.RefreshToken)).Error);
        await client.RevokeAsync(second.RefreshToken);

        void Keep(string which, JsonAnswer answer)
        {
            secrets[$"{which} access token"] = answer.AccessToken;
            secrets[$"{which} access token's signature"] = answer.AccessToken.Split('.')[2];
            secrets[$"{which} refresh token"] = answer.RefreshToken;
            if (answer["id_token"] is { } idToken)
                secrets[$"{which} ID token"] = idToken;
        }
    }

    /// <summary>Errors that a client or a person can cause.</summary>
    private async Task FailAsync()
    {
        secrets["forged code"] = "forged-" + secrets["code"][7..];
        secrets["wrong client secret"] = "wrong-secret-0123456789-0123456789";
        var client = new ClientApp(server, "third-party");
        await client.RedeemAsync(secrets["forged code"]);
        await client.RefreshAsync(secrets["forged code"]);
        await client.UserInfoAsync(secrets["first access token"] + "x");
        await server.Http.PostAsync("token", new FormUrlEncodedContent(
            [new("grant_type", "client_credentials"), new("client_id", "post"), new("client_secret", secrets["wrong client secret"])]));
        await server.Http.GetAsync($"authorize?client_id=nobody&id_token_hint={secrets["first ID token"]}");
        await server.Http.GetAsync($"authorize?{new AuthorizationParameters().With("id_token_hint", secrets["first ID token"] + "x").Encoded}");
        await server.Http.GetAsync($"logout?id_token_hint={secrets["first ID token"]}x");
        await server.Http.PostAsync("login", new FormUrlEncodedContent(
            [new("request", "x"), new("form_token", secrets["login form token"]), new("username", "alice"), new("password", RunningServer.Password)]));
    }

    /// <summary>What nobody foresaw is logged with its exception.</summary>
    private async Task BreakAsync(Browser browser)
    {
        await server.Get<TableServiceClient>().GetTableClient("Clients").AddEntityAsync(new TableEntity("broken", "client") { ["Json"] = "{" });
        await browser.GetAsync(new AuthorizationParameters("broken").With("id_token_hint", secrets["first ID token"]).Url);
        await server.Http.PostAsync("token", new FormUrlEncodedContent(
            [new("grant_type", "authorization_code"), new("client_id", "broken"), new("client_secret", secrets["client secret"]), new("code", secrets["code"])]));
    }
}
