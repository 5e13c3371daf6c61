using FunctionsAuth.LocalHost.Hosting;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Users;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.FrontChannel;

/// <summary>A server with a client that can do without some of its scopes.</summary>
public sealed class ChoosyServer : IAsyncLifetime
{
    public const string ClientId = "choosy";
    public const string Callback = "https://choosy.example/callback";

    private int users;

    public RunningServer Server { get; private set; } = null!;

    public ClientApp App => new(Server, ClientId);

    public async Task InitializeAsync()
    {
        Server = await RunningServer.StartAsync(new ServerSetup { Settings = new() { ["CacheFor"] = "00:00:00", ["Legacy:ImplicitAndHybrid"] = "true" } });
        await LocalServer.ImportAsync(Server.Services, $$"""
            {
              "scopes": [{ "name": "photos.read", "display_name": "See your photos" }, { "name": "photos.write" }, { "name": "terms", "required": true }],
              "resources": [{ "identifier": "https://photos.example", "scopes": ["photos.read", "photos.write"] }, { "identifier": "https://whole.example" }],
              "clients": [{
                "client_id": "choosy",
                "client_secret": "{{RawRequests.SecretOf(ClientId)}}",
                "redirect_uris": ["{{Callback}}"],
                "grant_types": ["authorization_code", "refresh_token", "implicit"],
                "response_types": ["code", "code id_token token"],
                "scope": "openid profile email phone offline_access photos.read photos.write terms api.read",
                "resources": ["https://whole.example"],
                "required_scopes": ["profile"]
              }]
            }
            """);
    }

    public async Task DisposeAsync() => await Server.DisposeAsync();

    /// <summary>A browser in which somebody has just signed in whom no other test knows.</summary>
    public async Task<Browser> NewUserAsync() => (await NewPersonAsync()).Browser;

    public async Task<(Browser Browser, string Subject)> NewPersonAsync()
    {
        var username = await Server.AddUserAsync($"user-{Interlocked.Increment(ref users)}", WithClaims);
        return (await Server.SignedInAsync(username), $"{username}-subject");
    }

    /// <summary>The operator changes the client.</summary>
    public async Task ChangeAsync(Func<Client, Client> change) =>
        await Server.RegisterAsync(change((await Server.Get<IClientStore>().FindAsync(ClientId, default))!));

    public static AuthorizationParameters Request(string scope) => new(ClientId, Callback, scope);

    /// <summary>The consent page for these scopes.</summary>
    public static async Task<Answer> OpenAsync(Browser browser, string scope, Action<AuthorizationParameters>? change = null)
    {
        var request = Request(scope);
        change?.Invoke(request);
        var page = await browser.FollowAsync(await browser.GetAsync(request.Url));
        Expect.Form(page, "consent");
        return page;
    }

    /// <summary>Presses Allow, with only these checkboxes checked.</summary>
    public static Task<Answer> AllowAsync(Browser browser, Answer page, params string[] boxes) =>
        browser.PostAsync("consent", page.HiddenFields().Append(new("action", "allow")).Concat(boxes.Select(box => KeyValuePair.Create(box, "true"))));

    public static IEnumerable<string> CheckboxesOn(Answer page) => page.Document.QuerySelectorAll("input[type=checkbox]").Select(box => box.GetAttribute("name")!);

    public async Task<JsonAnswer> RedeemAsync(Answer answer, params (string Name, string? Value)[] changes) =>
        (await App.RedeemAsync(Expect.Code(answer, Callback), changes)).ShouldBeOk();

    private static User WithClaims(User user) => user with
    {
        Claims = new()
        {
            ["name"] = "Somebody",
            ["email"] = $"{user.Username}@example.com",
            ["email_verified"] = true,
            ["phone_number"] = "+49 30 1234567",
        },
    };
}
