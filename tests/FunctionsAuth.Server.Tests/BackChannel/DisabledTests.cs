using Azure.Data.Tables;
using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Consents;
using FunctionsAuth.Protocol.Deletion;
using FunctionsAuth.Protocol.Users;
using FunctionsAuth.Server.Tests.Account;
using FunctionsAuth.Server.Tests.Harness;
using FunctionsAuth.Server.Tests.Logout;

namespace FunctionsAuth.Server.Tests.BackChannel;

/// <summary>
/// Every way in which somebody loses access, against everything that takes a code, a token or a session: what was given out before is
/// refused everywhere. BAS9 of the requirements, with the CVEs of servers that forgot one place.
/// </summary>
public sealed class DisabledTests : IAsyncLifetime
{
    private const string Subject = "alice-subject";
    private const string Scope = "openid offline_access api.read";
    private const string BoundScope = "openid api.read";
    private const string Group = "staff";

    private static readonly Dictionary<string, Func<DisabledTests, Task>> Ways = new()
    {
        ["the user is disabled"] = scene => scene.server.SetDisabledAsync(Subject, true),
        ["the user is disabled by an operator"] = scene => scene.Accounts.DisableAsync("alice", default),
        ["the user is signed out everywhere"] = scene => scene.Accounts.SignOutEverywhereAsync("alice", default),
        ["the user gets another password"] = scene => scene.Accounts.SetPasswordAsync("alice", "another-long-phrase", default),
        ["the user is disabled and enabled again"] = async scene =>
        {
            await scene.server.SetDisabledAsync(Subject, true);
            await scene.server.SetDisabledAsync(Subject, false);
        },
        ["the user must sign in again"] = scene => scene.ChangeUserAsync(user => user with { SessionsValidFrom = scene.server.Clock.GetUtcNow() }),
        ["the user is deleted"] = scene => scene.DeleteAsync("Users", row => row.PartitionKey.Contains(Subject, StringComparison.Ordinal)),
        ["the client is disabled"] = scene => scene.ChangeClientAsync(client => client with { Disabled = true }),
        ["the client is deleted"] = scene => scene.DeleteAsync("Clients", row => row.PartitionKey == "web"),
        ["the consent is taken back"] = scene => scene.server.RevokeConsentAsync(Subject, "web"),
        ["the consent is taken back by an operator"] = async scene =>
            Assert.True(await scene.server.Get<ConsentKeeper>().RevokeAsync(Subject, "web", AuditActor.Operator, default)),
        ["the user signs out everywhere on the account page"] = async scene =>
        {
            var browser = new Browser(scene.server);
            Assert.Equal("You are signed out", (await browser.PressAsync(await browser.AccountAsync("sessions"), "end_all")).Heading());
        },
        ["the user changes the password on the account page"] = async scene =>
        {
            const string password = "four words without relation";
            var browser = new Browser(scene.server);
            Assert.NotNull((await browser.PressAsync(await browser.AccountAsync("password"), "save", null, ("password", password), ("password_again", password))).Done());
        },
        ["the user deletes the account"] = async scene =>
        {
            var browser = new Browser(scene.server);
            Assert.Equal("Your account is deleted", (await browser.PressAsync(await browser.AccountAsync("delete"), "delete", null, ("username", "alice"))).Heading());
        },
        ["the account is deleted by an operator"] = async scene =>
            await scene.server.Get<AccountDeletion>().BeginAsync((await scene.Accounts.FindAsync("alice", default))!, default),
        ["the user takes the access back on the account page"] = async scene =>
        {
            var browser = new Browser(scene.server);
            Assert.NotNull((await browser.PressAsync(await browser.AccountAsync("apps"), "revoke", "\"web\"")).Done());
        },
        ["the user is taken out of the group by an operator"] = scene => scene.Accounts.ChangeGroupsAsync("alice", [], [Group], default),
        ["the consent is deleted"] = scene => scene.DeleteAsync("Consents", _ => true),
        ["the user is taken out of the group that opens the client"] = scene => scene.server.PutIntoGroupsAsync(Subject),
        ["the client is opened to another group alone"] = scene => scene.ChangeClientAsync(client => client with { ScopeMaps = Maps("others") }),
    };

    private readonly TestStorage storage = new(BackEnd.Memory);
    private RunningServer server = null!;
    private ClientApp web = null!;
    private Browser alice = null!;

    private Accounts Accounts => server.Get<Accounts>();

    public static TheoryData<string> Names => [.. Ways.Keys];

    public async Task InitializeAsync()
    {
        server = await RunningServer.StartAsync(storage.Setup(("CacheFor", "00:00:00"), ("Legacy:PasswordGrant", "true")));
        web = new ClientApp(server);
        alice = new Browser(server);
        await ChangeClientAsync(client => client with { ScopeMaps = Maps(Group) });
        await server.PutIntoGroupsAsync(Subject, Group);
    }

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Whoever_loses_access_is_refused_by_every_grant_type_and_every_reader(string way)
    {
        var code = await alice.CodeAsync(web, "web", Scope);
        var tokens = (await web.LoginAsync(Scope, alice)).ShouldBeOk();
        var bound = (await web.LoginAsync(BoundScope, alice)).ShouldBeOk();
        var reference = (await web.LoginAsync("openid offline_access opaque.read", alice, resource: "https://opaque.example")).ShouldBeOk();
        server.Clock.Advance(TimeSpan.FromSeconds(1));

        await Ways[way](this);

        List<string> accepted = [];
        foreach (var (reader, answer) in await AskAllAsync(code, tokens, bound, reference))
        {
            if (answer)
                accepted.Add(reader);
        }
        Assert.Empty(accepted);
    }

    [Fact]
    public async Task Before_that_every_one_of_them_takes_it()
    {
        var code = await alice.CodeAsync(web, "web", Scope);
        var tokens = (await web.LoginAsync(Scope, alice)).ShouldBeOk();
        var bound = (await web.LoginAsync(BoundScope, alice)).ShouldBeOk();
        var reference = (await web.LoginAsync("openid offline_access opaque.read", alice, resource: "https://opaque.example")).ShouldBeOk();
        Assert.All(await AskAllAsync(code, tokens, bound, reference), asked => Assert.True(asked.IsTaken, asked.Reader));
    }

    [Theory]
    [InlineData("the user is taken out of the group that opens the client")]
    [InlineData("the client is opened to another group alone")]
    public async Task The_session_of_somebody_whom_no_group_admits_opens_other_clients_only(string way)
    {
        await alice.CodeAsync(web, "web", Scope);
        await Ways[way](this);
        Assert.Equal("access_denied", (await alice.GetAsync(new AuthorizationParameters("web", scope: Scope).With("prompt", "none").Url)).Parameters["error"]);
        await alice.CodeAsync(new ClientApp(server, "pairwise"), "pairwise", "openid");
    }

    [Fact]
    public async Task Access_that_was_taken_back_is_not_given_again_without_a_person()
    {
        var app = new ClientApp(server, "third-party");
        await alice.CodeAsync(app, "third-party", "openid profile");
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.NotNull((await alice.PressAsync(await alice.AccountAsync("apps"), "revoke", "third-party")).Done());
        var request = new AuthorizationParameters("third-party", scope: "openid profile").With("redirect_uri", "https://third.example/callback");
        Assert.Equal("consent_required", (await alice.GetAsync(request.With("prompt", "none").Url)).Parameters["error"]);
    }

    /// <summary>A session that ended takes with it what depends on it, and nothing else.</summary>
    [Fact]
    public async Task A_session_that_its_user_ends_from_another_browser_refreshes_nothing_and_opens_nothing()
    {
        var tokens = (await web.LoginAsync(Scope, alice)).ShouldBeOk();
        var bound = (await web.LoginAsync(BoundScope, alice)).ShouldBeOk();
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        var other = new Browser(server);
        Assert.NotNull((await other.PressAsync(await other.AccountAsync("sessions"), "end", bound.Sid())).Done());
        (await web.RefreshAsync(bound.RefreshToken)).ShouldFail("invalid_grant");
        Assert.False(await IsActiveAsync(web, bound.RefreshToken));
        Assert.Equal("login_required", (await alice.GetAsync(new AuthorizationParameters("web", scope: "openid").With("prompt", "none").Url)).Parameters["error"]);
        (await web.RefreshAsync(tokens.RefreshToken)).ShouldBeOk();
    }

    [Theory]
    [InlineData("the user is disabled")]
    [InlineData("the user deletes the account")]
    [InlineData("the user signs out everywhere on the account page")]
    [InlineData("the user is disabled and enabled again")]
    [InlineData("the user must sign in again")]
    [InlineData("the user is deleted")]
    public async Task The_session_of_such_a_user_opens_nothing(string way)
    {
        await alice.CodeAsync(web, "web", Scope);
        var request = new AuthorizationParameters("web", scope: "openid");
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        await Ways[way](this);
        Assert.Equal("login_required", (await alice.GetAsync(request.With("prompt", "none").Url)).Parameters["error"]);
        Assert.True((await alice.FollowAsync(await alice.GetAsync(request.With("prompt", null).Url))).HasForm("login"));
    }

    [Fact]
    public async Task A_disabled_user_gets_nothing_with_the_right_password()
    {
        await server.SetDisabledAsync(Subject, true);
        var page = await alice.FollowAsync(await alice.GetAsync(new AuthorizationParameters().Url));
        Assert.True((await alice.LoginAsync(page)).HasForm("login"));
        var answer = await new ClientApp(server, "password").PostAsync(
            "token", [("grant_type", "password"), ("username", "alice"), ("password", RunningServer.Password)]);
        answer.ShouldFail("invalid_grant");
    }

    [Theory]
    [InlineData("the client is disabled")]
    [InlineData("the client is deleted")]
    public async Task Such_a_client_can_begin_nothing_either(string way)
    {
        await Ways[way](this);
        (await web.PostAsync("token", [("grant_type", "client_credentials")])).ShouldFail("invalid_client", 401);
        (await web.PostAsync("par", new AuthorizationParameters().All.Select(pair => (pair.Key, (string?)pair.Value)))).ShouldFail("invalid_client", 401);
        Assert.Null((await alice.GetAsync(new AuthorizationParameters().Url)).Location);
    }

    private async Task<List<(string Reader, bool IsTaken)>> AskAllAsync(string code, JsonAnswer tokens, JsonAnswer bound, JsonAnswer reference)
    {
        var api = new ClientApp(server, "api");
        return
        [
            ("token, authorization_code", (await web.RedeemAsync(code)).Status == 200),
            ("userinfo", (await web.UserInfoAsync(tokens.AccessToken)).Status == 200),
            ("introspection of a JWT by its client", await IsActiveAsync(web, tokens.AccessToken)),
            ("introspection of a JWT by an API", await IsActiveAsync(api, tokens.AccessToken)),
            ("introspection of a reference token by an API", await IsActiveAsync(api, reference.AccessToken)),
            ("introspection of a refresh token", await IsActiveAsync(web, tokens.RefreshToken)),
            ("introspection of a refresh token that is bound to its session", await IsActiveAsync(web, bound.RefreshToken)),
            ("token, refresh_token", (await web.RefreshAsync(tokens.RefreshToken)).Status == 200),
            ("token, refresh_token bound to its session", (await web.RefreshAsync(bound.RefreshToken)).Status == 200),
        ];
    }

    private static async Task<bool> IsActiveAsync(ClientApp caller, string token) =>
        await caller.IntrospectAsync(token) is { Status: 200 } answer && answer.IsActive;

    private static Dictionary<string, IReadOnlyList<string>> Maps(string group) => new() { [group] = ["api.read", "opaque.read"] };

    private async Task ChangeUserAsync(Func<User, User> change)
    {
        var users = server.Get<IUserStore>();
        Assert.True((await users.TrySaveAsync(change((await users.FindAsync(Subject, default))!), default)).Won);
    }

    private async Task ChangeClientAsync(Func<Client, Client> change)
    {
        var clients = server.Get<IClientStore>();
        await clients.TrySaveAsync(change((await clients.FindAsync("web", default))!), default);
    }

    private async Task DeleteAsync(string table, Func<TableEntity, bool> isMeant)
    {
        var deleted = 0;
        await foreach (var row in storage[table].QueryAsync<TableEntity>())
        {
            if (!isMeant(row))
                continue;
            await storage[table].DeleteEntityAsync(row.PartitionKey, row.RowKey);
            deleted++;
        }
        Assert.True(deleted > 0, $"No row of {table} was meant");
    }
}
