using FunctionsAuth.LocalHost.Hosting;

namespace FunctionsAuth.Server.Tests.Harness;

/// <summary>A server that the tests of a class share, and a browser in which alice stays signed in.</summary>
public class SharedServer : IAsyncLifetime
{
    public RunningServer Server { get; private set; } = null!;

    public Browser Alice { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Server = await RunningServer.StartAsync(Setup());
        if (Import is not null)
            await LocalServer.ImportAsync(Server.Services, Import);
        Alice = new Browser(Server);
    }

    public Task DisposeAsync() => Server.DisposeAsync().AsTask();

    public ClientApp App(string clientId = "web") => new(Server, clientId);

    /// <summary>Gets a code for alice, who signs in again if her session has ended.</summary>
    public Task<string> CodeAsync(string clientId = "web", string scope = "openid offline_access", Action<AuthorizationParameters>? change = null) =>
        Alice.CodeAsync(new ClientApp(Server, clientId), clientId, scope, change);

    /// <summary>Tokens for alice.</summary>
    public async Task<JsonAnswer> TokensAsync(
        string clientId = "web", string scope = "openid offline_access", Action<AuthorizationParameters>? change = null) =>
        (await App(clientId).RedeemAsync(await CodeAsync(clientId, scope, change))).ShouldBeOk();

    /// <summary>The data that is imported in addition to clients.json.</summary>
    protected virtual string? Import => null;

    protected virtual ServerSetup? Setup() => null;
}

public static class BrowserCodes
{
    /// <summary>Takes an authorization request through all pages to its code.</summary>
    public static async Task<string> CodeAsync(
        this Browser browser, ClientApp app, string clientId, string scope, Action<AuthorizationParameters>? change = null)
    {
        var request = new AuthorizationParameters(clientId, app.RedirectUri, scope);
        change?.Invoke(request);
        var answer = await browser.AuthorizeAsync(request);
        return answer.Location is not null && answer.Parameters.TryGetValue("code", out var code)
            ? code
            : throw new InvalidOperationException($"No code but {answer.Status} {answer.Location} {answer.Body}");
    }
}
