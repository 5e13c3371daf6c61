using System.Text.Json;
using FunctionsAuth.LocalHost.Hosting;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Scopes;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Groups;

/// <summary>What <c>claim_maps</c> put into tokens and answers, for people and for clients.</summary>
public sealed class GroupClaimTests : IAsyncLifetime
{
    private const string Subject = "alice-subject";

    private RunningServer server = null!;
    private ClientApp web = null!;

    public async Task InitializeAsync()
    {
        server = await RunningServer.StartAsync(new ServerSetup { Settings = new() { ["CacheFor"] = "00:00:00", ["Legacy:ImplicitAndHybrid"] = "true" } });
        web = new ClientApp(server);
        await MapAsync("web", Maps("roles", ("a", ["user", "editor"]), ("b", ["admin", "editor"])));
        await server.PutIntoGroupsAsync(Subject, "a", "b");
    }

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task The_values_of_all_groups_stand_in_every_token_and_in_userinfo_sorted_and_once()
    {
        var tokens = (await web.LoginAsync("openid offline_access")).ShouldBeOk();
        string[] expected = ["admin", "editor", "user"];
        Assert.Equal(expected, Values(JsonAnswer.Claims(tokens.AccessToken)));
        Assert.Equal(expected, Values(JsonAnswer.Claims(tokens.IdToken)));
        Assert.Equal(expected, Values((await web.UserInfoAsync(tokens.AccessToken)).ShouldBeOk().Json));
        Assert.Equal(expected, Values((await web.IntrospectAsync(tokens.AccessToken)).ShouldBeOk().Json));
    }

    [Fact]
    public async Task One_value_is_an_array_and_no_value_is_no_claim()
    {
        await server.PutIntoGroupsAsync(Subject, "other");
        Assert.False(JsonAnswer.Claims((await web.LoginAsync()).ShouldBeOk().AccessToken).TryGetProperty("roles", out _));
        await MapAsync("web", Maps("roles", ("other", ["guest"])));
        Assert.Equal(["guest"], Values(JsonAnswer.Claims((await web.LoginAsync()).ShouldBeOk().AccessToken)));
    }

    [Fact]
    public async Task Whoever_is_taken_out_loses_the_claims_at_the_next_refresh_and_at_introspection()
    {
        var tokens = (await web.LoginAsync("openid offline_access api.read")).ShouldBeOk();
        var reference = (await web.LoginAsync("openid offline_access opaque.read", resource: "https://opaque.example")).ShouldBeOk();
        await server.PutIntoGroupsAsync(Subject, "a");
        string[] expected = ["editor", "user"];
        Assert.Equal(expected, Values((await web.IntrospectAsync(tokens.AccessToken)).ShouldBeOk().Json));
        Assert.Equal(expected, Values((await new ClientApp(server, "api").IntrospectAsync(reference.AccessToken)).ShouldBeOk().Json));
        Assert.Equal(expected, Values((await web.UserInfoAsync(tokens.AccessToken)).ShouldBeOk().Json));
        var refreshed = (await web.RefreshAsync(tokens.RefreshToken)).ShouldBeOk();
        Assert.Equal(expected, Values(JsonAnswer.Claims(refreshed.AccessToken)));
        Assert.Equal(expected, Values(JsonAnswer.Claims(refreshed.IdToken)));
    }

    [Fact]
    public async Task A_user_s_own_claim_does_not_take_the_place_of_a_mapped_one()
    {
        await LocalServer.ImportAsync(server.Services, """{ "scopes": [{ "name": "api.read", "claims": ["roles"] }], "users": [{ "username": "alice", "claims": { "roles": ["root"] } }] }""");
        await server.PutIntoGroupsAsync(Subject);
        await server.Get<IClientStore>().TrySaveAsync((await server.Get<IClientStore>().FindAsync("web", default))! with { IdTokenClaims = ["roles"] }, default);
        var code = await new Browser(server).CodeAsync(web, "web", "openid offline_access api.read", request => request.With("claims", """{"id_token":{"roles":null},"userinfo":{"roles":null}}"""));
        var tokens = (await web.RedeemAsync(code)).ShouldBeOk();
        Assert.False(JsonAnswer.Claims(tokens.IdToken).TryGetProperty("roles", out _));
        Assert.Null((await web.UserInfoAsync(tokens.AccessToken)).ShouldBeOk()["roles"]);
    }

    [Fact]
    public async Task A_resource_maps_claims_into_tokens_for_itself_alone()
    {
        var scopes = server.Get<IScopeStore>();
        var resource = (await scopes.LoadAsync(default)).FindResource("https://api.example")!;
        await scopes.TrySaveAsync(resource with { ClaimMaps = Maps("roles", ("a", ["reader"])) }, default);
        var tokens = (await web.LoginAsync("openid offline_access api.read")).ShouldBeOk();
        Assert.Equal(["admin", "editor", "reader", "user"], Values(JsonAnswer.Claims(tokens.AccessToken)));
        Assert.Equal(["admin", "editor", "user"], Values(JsonAnswer.Claims(tokens.IdToken)));
        Assert.Equal(["admin", "editor", "user"], Values(JsonAnswer.Claims((await web.LoginAsync("openid other.read")).ShouldBeOk().AccessToken)));
    }

    [Fact]
    public async Task A_client_that_acts_for_itself_has_the_claims_of_its_own_groups()
    {
        var clients = server.Get<IClientStore>();
        await MapAsync("service", Maps("roles", ("a", ["user"]), ("robots", ["robot"])));
        await clients.TrySaveAsync((await clients.FindAsync("service", default))! with { Groups = ["robots"] }, default);
        var service = new ClientApp(server, "service");
        var token = (await service.PostAsync("token", [("grant_type", "client_credentials")])).ShouldBeOk().AccessToken;
        Assert.Equal(["robot"], Values(JsonAnswer.Claims(token)));
        await clients.TrySaveAsync((await clients.FindAsync("service", default))! with { Groups = [] }, default);
        Assert.Null((await service.IntrospectAsync(token)).ShouldBeOk()["roles"]);
    }

    [Fact]
    public async Task A_reference_token_has_them_too()
    {
        await MapAsync("reference", Maps("roles", ("a", ["user"])));
        var reference = new ClientApp(server, "reference");
        var tokens = (await reference.LoginAsync()).ShouldBeOk();
        Assert.Equal(["user"], Values((await reference.IntrospectAsync(tokens.AccessToken)).ShouldBeOk().Json));
    }

    [Fact]
    public async Task Tokens_from_the_authorization_endpoint_have_them_too()
    {
        await MapAsync("hybrid", Maps("roles", ("a", ["user"])));
        var request = new AuthorizationParameters("hybrid", scope: "openid").With("response_type", "id_token token").With("code_challenge", null).With("code_challenge_method", null);
        var answer = await new Browser(server).AuthorizeAsync(request);
        Assert.Equal(["user"], Values(JsonAnswer.Claims(answer.Parameters["id_token"])));
        Assert.Equal(["user"], Values(JsonAnswer.Claims(answer.Parameters["access_token"])));
    }

    [Fact]
    public async Task Too_many_for_an_ID_token_are_left_to_userinfo_and_the_log_says_so()
    {
        await MapAsync("web", Maps("roles", ("a", [.. Enumerable.Range(0, 30).Select(number => new string('x', 90) + number)])));
        var tokens = (await web.LoginAsync("openid profile")).ShouldBeOk();
        Assert.False(JsonAnswer.Claims(tokens.IdToken).TryGetProperty("roles", out _));
        Assert.Equal("Alice Example", JsonAnswer.Claims(tokens.IdToken).GetProperty("name").GetString());
        Assert.Equal(30, Values(JsonAnswer.Claims(tokens.AccessToken)).Count);
        Assert.Equal(30, Values((await web.UserInfoAsync(tokens.AccessToken)).ShouldBeOk().Json).Count);
        Assert.Contains(server.Log.Lines, line => line.Contains("claim_maps of client web", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Too_many_for_an_access_token_are_an_error_and_consume_nothing()
    {
        var code = await new Browser(server).CodeAsync(web, "web", "openid");
        await MapAsync("web", Maps("roles", ("a", [.. Enumerable.Range(0, 60).Select(number => new string('x', 90) + number)])));
        (await web.RedeemAsync(code)).ShouldFail("invalid_grant");
        await server.PutIntoGroupsAsync(Subject, "b");
        (await web.RedeemAsync(code)).ShouldBeOk();
    }

    private async Task MapAsync(string clientId, Dictionary<string, IReadOnlyDictionary<string, IReadOnlyList<string>>> maps)
    {
        var clients = server.Get<IClientStore>();
        await clients.TrySaveAsync((await clients.FindAsync(clientId, default))! with { ClaimMaps = maps }, default);
    }

    private static Dictionary<string, IReadOnlyDictionary<string, IReadOnlyList<string>>> Maps(string claim, params (string Group, string[] Values)[] map) =>
        new() { [claim] = map.ToDictionary(entry => entry.Group, entry => (IReadOnlyList<string>)entry.Values) };

    private static List<string?> Values(JsonElement claims) => [.. claims.GetProperty("roles").EnumerateArray().Select(value => value.GetString())];
}
