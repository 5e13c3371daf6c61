using System.Text.Json.Nodes;
using FunctionsAuth.LocalHost.Hosting;
using FunctionsAuth.Protocol.Users;
using FunctionsAuth.Server.Tests.Harness;
using FunctionsAuth.Server.Tests.Register;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace FunctionsAuth.Server.Tests.BackChannel;

/// <summary>The claims of the user in ID tokens, which many libraries read instead of asking userinfo.</summary>
public sealed class IdTokenClaimsTests(ClaimsServer shared) : IClassFixture<ClaimsServer>
{
    private const string AllScopes = "openid profile email address phone offline_access";

    private static readonly string[] OfTheProtocol = ["iss", "sub", "aud", "iat", "exp", "auth_time", "sid", "acr", "amr", "nonce", "at_hash"];

    [Theory]
    [InlineData(AllScopes, "email=alice@example.com email_verified=True name=Alice Example preferred_username=alice")]
    [InlineData("openid profile offline_access", "name=Alice Example preferred_username=alice")]
    [InlineData("openid email offline_access", "email=alice@example.com email_verified=True")]
    [InlineData("openid address phone offline_access", "")]
    [InlineData("openid offline_access", "")]
    public async Task A_client_of_an_operator_gets_the_usual_claims_of_the_granted_scopes(string scope, string expected)
    {
        var tokens = await shared.TokensAsync(scope: scope);
        Assert.Equal(expected, UserClaimsOf(tokens));
        Assert.Equal(expected, UserClaimsOf((await shared.App().RefreshAsync(tokens.RefreshToken)).ShouldBeOk()));
    }

    [Fact]
    public async Task A_client_that_registered_itself_gets_none()
    {
        var registrar = new Registrar(shared.Server);
        var client = await registrar.RegisterOkAsync(("id_token_claims", new JsonArray("name", "email")));
        Assert.Null(client["id_token_claims"]);
        var tokens = (await registrar.LoginAsync(client["client_id"]!, client["client_secret"], "openid profile email")).ShouldBeOk();
        Assert.Equal("", UserClaimsOf(tokens));
        Assert.Equal("Alice Example", (await shared.App().UserInfoAsync(tokens.AccessToken)).ShouldBeOk()["name"]);
    }

    [Theory]
    [InlineData("nothing", "[]", "")]
    [InlineData("own-list", """["email", "address", "phone_number"]""", "address={\"locality\":\"Berlin\"} email=alice@example.com phone_number=\u002B49 30 1234567")]
    public async Task The_list_of_a_client_replaces_the_usual_one(string id, string list, string expected)
    {
        await ImportClientAsync(id, JsonNode.Parse(list));
        var tokens = (await shared.App(id).RedeemAsync(await shared.CodeAsync(id, AllScopes))).ShouldBeOk();
        Assert.Equal(expected.Replace("\\u002B", "+", StringComparison.Ordinal), UserClaimsOf(tokens));
    }

    [Fact]
    public async Task What_claims_asks_for_comes_beside_them()
    {
        var tokens = await shared.TokensAsync(scope: "openid profile", change: request => request.With("claims", """{"id_token":{"given_name":null}}"""));
        Assert.Equal("given_name=Alice name=Alice Example preferred_username=alice", UserClaimsOf(tokens));
    }

    [Fact]
    public async Task They_are_those_that_the_user_has_now_whatever_the_grant_remembers()
    {
        var erin = new Browser(shared.Server);
        await ImportUserAsync("erin", ("name", "Erin"), ("email", "erin@example.com"));
        var first = (await shared.App().LoginAsync(AllScopes, erin, "erin")).ShouldBeOk();
        Assert.Equal("email=erin@example.com name=Erin preferred_username=erin", UserClaimsOf(first));

        await ImportUserAsync("erin", ("name", "Erin Example"));
        Assert.Equal("name=Erin Example preferred_username=erin", UserClaimsOf((await shared.App().RefreshAsync(first.RefreshToken)).ShouldBeOk()));
        var second = (await shared.App().LoginAsync(AllScopes, erin, "erin")).ShouldBeOk();
        Assert.Equal("name=Erin Example preferred_username=erin", UserClaimsOf(second));
    }

    [Fact]
    public async Task A_refresh_signs_again_once_after_a_change_and_not_each_time()
    {
        await ImportUserAsync("frank", ("name", "Frank"));
        var tokens = (await shared.App().LoginAsync(AllScopes, new Browser(shared.Server), "frank")).ShouldBeOk();
        await ImportUserAsync("frank", ("name", "Frank Example"));
        foreach (var signatures in (int[])[3, 2])
        {
            using var meter = new MeterCounts();
            tokens = (await shared.App().RefreshAsync(tokens.RefreshToken)).ShouldBeOk();
            Assert.Equal(signatures, meter.Signatures);
        }
    }

    [Fact]
    public async Task Claims_that_are_too_large_stay_in_userinfo_and_are_logged()
    {
        var name = new string('x', 2_048);
        await ImportUserAsync("grace", ("name", name));
        var tokens = (await shared.App().LoginAsync(AllScopes, new Browser(shared.Server), "grace")).ShouldBeOk();
        Assert.Equal("", UserClaimsOf(tokens));
        Assert.Equal(name, (await shared.App().UserInfoAsync(tokens.AccessToken)).ShouldBeOk()["name"]);
        Assert.Contains(shared.Server.Log.Lines, line => line.Contains(" 3201: ", StringComparison.Ordinal) && line.Contains("client web", StringComparison.Ordinal));
    }

    /// <summary>What an ID token says of the user, in the order of the names.</summary>
    private static string UserClaimsOf(JsonAnswer tokens) => string.Join(' ',
        JsonAnswer.Claims(tokens.IdToken).EnumerateObject().Where(claim => !OfTheProtocol.Contains(claim.Name)).OrderBy(claim => claim.Name, StringComparer.Ordinal).Select(claim => $"{claim.Name}={claim.Value}"));

    private Task ImportClientAsync(string id, JsonNode? idTokenClaims) => ImportAsync("clients", new JsonObject
    {
        ["client_id"] = id,
        ["client_secret"] = RawRequests.SecretOf(id),
        ["redirect_uris"] = new JsonArray($"https://{id}.example/callback"),
        ["grant_types"] = new JsonArray("authorization_code", "refresh_token"),
        ["scope"] = AllScopes,
        ["first_party"] = true,
        ["id_token_claims"] = idTokenClaims,
    });

    private async Task ImportUserAsync(string username, params (string Name, string Value)[] claims)
    {
        var users = shared.Server.Get<IUserStore>();
        var hash = (await users.FindAsync("alice-subject", default))!.PasswordHash;
        await ImportAsync("users", new JsonObject
        {
            ["username"] = username,
            ["password_hash"] = hash,
            ["claims"] = new JsonObject(claims.Select(claim => KeyValuePair.Create<string, JsonNode?>(claim.Name, claim.Value))),
        });
    }

    private Task ImportAsync(string section, JsonObject item) =>
        LocalServer.ImportAsync(shared.Server.Services, new JsonObject { [section] = new JsonArray(item) }.ToJsonString());
}

/// <summary>A server where anyone may register, and whose signatures a test can count.</summary>
public sealed class ClaimsServer : SharedServer
{
    protected override ServerSetup Setup() => new()
    {
        Settings = Registrar.OpenMode,
        Services = services => services.Configure<TestServerOptions>(options => options.PreserveExecutionContext = true),
    };
}
