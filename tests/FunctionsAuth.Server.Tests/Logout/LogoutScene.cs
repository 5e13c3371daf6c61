using System.Collections.Concurrent;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Server.Tests.Harness;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace FunctionsAuth.Server.Tests.Logout;

/// <summary>A server, and clients on a web server of their own to which it posts logout tokens.</summary>
public sealed class LogoutScene : IAsyncDisposable
{
    private readonly ConcurrentQueue<(string ClientId, string Token)> received = new();

    private LogoutScene(RunningServer server, ClientHost host) => (Server, Host) = (server, host);

    public RunningServer Server { get; }

    public ClientHost Host { get; }

    /// <summary>The logout tokens that came in, in any order.</summary>
    public IReadOnlyCollection<(string ClientId, string Token)> Received => received;

    /// <param name="setup">Of the server, which may reach this machine.</param>
    public static async Task<LogoutScene> StartAsync(ServerSetup? setup = null)
    {
        setup ??= new ServerSetup();
        var server = await RunningServer.StartAsync(setup with
        {
            Settings = new(setup.Settings) { ["Fetch:TrustedHosts:0"] = "127.0.0.1" },
            // So that a test counts what its own requests caused.
            Services = services => services.Configure<TestServerOptions>(options => options.PreserveExecutionContext = true),
        });
        return await StartAsync(server);
    }

    public static async Task<LogoutScene> StartAsync(RunningServer server) => new(server, await ClientHost.StartAsync());

    /// <summary>A client as most tests need it, without logout addresses.</summary>
    public static Client NewClient(string clientId) => new()
    {
        ClientId = clientId,
        ClientSecrets = [new ClientSecret(ServerRecords.HashOf(RawRequests.SecretOf(clientId)))],
        RedirectUris = [$"https://{clientId}.example/callback"],
        PostLogoutRedirectUris = [GoodbyeOf(clientId)],
        GrantTypes = ["authorization_code", "refresh_token"],
        Scope = "openid offline_access",
        FirstParty = true,
    };

    public static string GoodbyeOf(string clientId) => $"https://{clientId}.example/goodbye";

    /// <summary>Registers a client with an address for logout tokens.</summary>
    public async Task<ClientApp> AddAsync(string clientId, Func<Client, Client>? change = null)
    {
        var client = NewClient(clientId) with { BackchannelLogoutUri = new Uri(Host.Url, $"/{clientId}") };
        await Server.RegisterAsync(change is null ? client : change(client));
        Host.Serve($"/{clientId}", http => ReceiveAsync(http, clientId));
        return new ClientApp(Server, clientId);
    }

    /// <summary>What a client does that takes a logout token.</summary>
    public async Task ReceiveAsync(HttpContext http, string clientId)
    {
        Assert.Equal("POST", http.Request.Method);
        var field = Assert.Single(await http.Request.ReadFormAsync());
        Assert.Equal("logout_token", field.Key);
        received.Enqueue((clientId, field.Value.Single()!));
    }

    /// <summary>The session ids of the logout tokens that the client got.</summary>
    public IEnumerable<string> SidsOf(string clientId) =>
        received.Where(post => post.ClientId == clientId).Select(post => JsonAnswer.Claims(post.Token).GetProperty("sid").GetString()!);

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Host.DisposeAsync();
    }
}

internal static class Leaving
{
    public static string Sid(this JsonAnswer login) => JsonAnswer.Claims(login.IdToken).GetProperty("sid").GetString()!;

    /// <summary>The client sends the browser to the end of its session.</summary>
    public static Task<Answer> LogoutAsync(this Browser browser, JsonAnswer login, string? more = null) =>
        browser.GetAsync($"logout?id_token_hint={login.IdToken}{more}");

    public static void ShouldBeSignedOut(this Answer answer) => Assert.Contains("You are signed out", answer.Body);

    /// <summary>A user signs in once more in this browser, at a client that hears of no logout.</summary>
    public static async Task SignInAgainAsync(this Browser browser, string username = "alice")
    {
        var page = await browser.FollowAsync(await browser.GetAsync(new AuthorizationParameters().With("prompt", "login").Url));
        Assert.Contains("code", (await browser.FollowAsync(await browser.LoginAsync(page, username))).Parameters.Keys);
    }

    public static async Task<bool> IsSignedInAsync(this Browser browser) =>
        (await browser.GetAsync(new AuthorizationParameters().With("prompt", "none").Url)).Parameters.ContainsKey("code");
}
