using FunctionsAuth.Protocol.Users;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.FrontChannel;

/// <summary>One server for all tests of a class: what one of them leaves behind, another one does not see.</summary>
public sealed class FrontServer : IAsyncLifetime
{
    private int users;
    private Browser? alice;

    public RunningServer Server { get; private set; } = null!;

    public async Task InitializeAsync() => Server = await RunningServer.StartAsync();

    public async Task DisposeAsync() => await Server.DisposeAsync();

    public Browser NewBrowser() => new(Server);

    /// <summary>A browser in which alice is signed in.</summary>
    public async Task<Browser> AliceAsync() => alice ??= await SignedInAsync("alice");

    /// <summary>A new browser in which the user has just signed in.</summary>
    public Task<Browser> SignedInAsync(string username) => Server.SignedInAsync(username);

    /// <summary>The name of a user whom no other test knows.</summary>
    public Task<string> NewUserAsync(Func<User, User>? change = null) => Server.AddUserAsync($"user-{Interlocked.Increment(ref users)}", change);
}

internal static class ServerPreparation
{
    public static async Task<Browser> SignedInAsync(this RunningServer server, string username)
    {
        var browser = new Browser(server);
        Expect.Code(await browser.AuthorizeAsync(new AuthorizationParameters(), username));
        return browser;
    }

    /// <summary>Adds a user with the password of all test users.</summary>
    public static async Task<string> AddUserAsync(this RunningServer server, string username, Func<User, User>? change = null)
    {
        var store = server.Get<IUserStore>();
        var alice = await store.FindAsync("alice-subject", CancellationToken.None);
        var user = new User { Subject = $"{username}-subject", Username = username, PasswordHash = alice!.PasswordHash };
        Assert.True(await store.TryCreateAsync(change is null ? user : change(user), byOperator: true, CancellationToken.None));
        return username;
    }
}
