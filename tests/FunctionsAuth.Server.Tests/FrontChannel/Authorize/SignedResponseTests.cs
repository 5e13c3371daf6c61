using System.Net;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Server.Tests.Harness;
using FunctionsAuth.Server.Tests.Keys;

namespace FunctionsAuth.Server.Tests.FrontChannel.Authorize;

/// <summary>Authorization responses as signed JWTs: JARM, requirements JAR1 to JAR6.</summary>
public sealed class SignedResponseTests(FrontServer shared) : IClassFixture<FrontServer>, IAsyncLifetime
{
    public Task InitializeAsync() => RegisterAsync(shared.Server, "ES256");

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [InlineData("jwt", '?')]
    [InlineData("query.jwt", '?')]
    [InlineData("fragment.jwt", '#')]
    public async Task The_answer_is_one_JWT_with_what_would_stand_there_plainly(string mode, char separator)
    {
        var answer = await (await shared.AliceAsync()).GetAsync(Request(mode).Url);
        Assert.StartsWith($"{Expect.Callback}{separator}response=", answer.Location, StringComparison.Ordinal);
        Assert.Equal(["response"], answer.Parameters.Keys);
        var claims = await ReadAsync(answer.Parameters["response"]);
        Assert.Equal(["iss", "aud", "exp", "code", "state"], claims.Keys);
        Assert.Equal(RunningServer.Issuer, claims["iss"]);
        Assert.Equal("web", claims["aud"]);
        Assert.Equal(Expect.State, claims["state"]);
        Assert.InRange(long.Parse(claims["exp"], System.Globalization.CultureInfo.InvariantCulture) - shared.Server.Clock.GetUtcNow().ToUnixTimeSeconds(), 10, 600);
        (await new ClientApp(shared.Server).RedeemAsync(claims["code"])).ShouldBeOk();
    }

    [Fact]
    public async Task Form_post_posts_the_JWT()
    {
        var answer = await (await shared.AliceAsync()).GetAsync(Request("form_post.jwt").Url);
        Expect.Form(answer, Expect.Callback);
        Assert.Equal(["response"], answer.Parameters.Keys);
        Assert.Contains("code", (await ReadAsync(answer.Parameters["response"])).Keys);
    }

    [Fact]
    public async Task The_registered_query_stays()
    {
        var request = new AuthorizationParameters(redirectUri: "https://web.example/other?tenant=1").With("response_mode", "query.jwt");
        var answer = await (await shared.AliceAsync()).GetAsync(request.Url);
        Assert.StartsWith("https://web.example/other?tenant=1&response=", answer.Location, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_error_comes_in_the_same_way()
    {
        var answer = await shared.NewBrowser().GetAsync(Request("jwt").With("prompt", "none").Url);
        var claims = await ReadAsync(answer.Parameters["response"]);
        Assert.Equal(["iss", "aud", "exp", "error", "error_description", "state"], claims.Keys);
        Assert.Equal("login_required", claims["error"]);
    }

    /// <summary>A JWT for the client must not pass for another one that is signed with the same key.</summary>
    [Fact]
    public async Task The_JWT_is_no_token()
    {
        var alice = await shared.AliceAsync();
        var response = (await alice.GetAsync(Request("jwt").Url)).Parameters["response"];
        (await new ClientApp(shared.Server).UserInfoAsync(response)).ShouldFail("invalid_token", 401);
        Expect.Error(await alice.GetAsync(new AuthorizationParameters().With("prompt", "none").With("id_token_hint", response).Url), "login_required");
    }

    [Fact]
    public async Task An_unknown_mode_is_told_plainly()
    {
        var answer = await shared.NewBrowser().GetAsync(Request("form.jwt").Url);
        Expect.Error(answer, "invalid_request");
    }

    /// <summary>Otherwise anybody could have any number of signatures, in the name of any client.</summary>
    [Fact]
    public async Task Without_an_algorithm_of_its_own_a_client_gets_no_JWT()
    {
        var request = new AuthorizationParameters("spa").With("response_mode", "jwt").With("prompt", "none");
        var answer = await shared.NewBrowser().GetAsync(request.Url);
        Expect.Error(answer, "invalid_request", "https://spa.example/callback");
        Assert.Contains("authorization_signed_response_alg", answer.Parameters["error_description"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("code id_token", "query.jwt", false)]
    [InlineData("code id_token", "jwt", true)]
    [InlineData("code id_token", "fragment.jwt", true)]
    public async Task Tokens_never_stand_in_a_query(string responseType, string mode, bool isAllowed)
    {
        await using var server = await RunningServer.StartAsync(new ServerSetup().With(("Legacy:ImplicitAndHybrid", "true")));
        await RegisterAsync(server, "ES256", client => client with { ResponseTypes = ["code", "code id_token"], GrantTypes = [.. client.GrantTypes, "implicit"] });
        var answer = await new Browser(server).AuthorizeAsync(Request(mode).With("response_type", responseType));
        Assert.StartsWith($"{Expect.Callback}#", answer.Location, StringComparison.Ordinal);
        if (isAllowed)
            Assert.True(JsonAnswer.Claims(answer.Parameters["response"]).TryGetProperty("id_token", out _));
        else
            Assert.Equal("invalid_request", answer.Parameters["error"]);
    }

    [Fact]
    public async Task Strangers_get_only_so_many_signed_errors_and_then_a_page()
    {
        await using var server = await RunningServer.StartAsync();
        await RegisterAsync(server, "ES256");
        var stranger = new Browser(server);
        var url = Request("jwt").With("prompt", "none").Url;
        for (var i = 0; i < 600; i++)
            Assert.NotNull((await stranger.GetAsync(url)).Location);
        Expect.Page(await stranger.GetAsync(url), "Too many authorization requests failed", HttpStatusCode.TooManyRequests);
        // Whoever signs in gets an answer all the same.
        Assert.Contains("response", (await stranger.AuthorizeAsync(Request("jwt"))).Parameters.Keys);
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.NotNull((await new Browser(server).GetAsync(url)).Location);
    }

    /// <summary>Strangers who use up the errors keep no answer of a person from the client.</summary>
    [Fact]
    public async Task A_person_who_is_signed_in_can_say_no_all_the_same()
    {
        await using var server = await RunningServer.StartAsync();
        await RegisterAsync(server, "ES256", client => client with { FirstParty = false });
        var stranger = new Browser(server);
        for (var i = 0; i < 600; i++)
            await stranger.GetAsync(Request("jwt").With("prompt", "none").Url);
        var person = new Browser(server);
        var consent = await person.FollowAsync(await person.LoginAsync(await person.FollowAsync(await person.GetAsync(Request("jwt").Url))));
        var denied = await person.SubmitAsync(consent, ("action", "deny"));
        Assert.Equal("access_denied", JsonAnswer.Claims(denied.Parameters["response"]).GetProperty("error").GetString());
        var silent = await person.GetAsync(Request("jwt").With("prompt", "none").Url);
        Assert.Equal("consent_required", JsonAnswer.Claims(silent.Parameters["response"]).GetProperty("error").GetString());
    }

    [Fact]
    public async Task A_no_that_can_not_be_signed_is_not_lost()
    {
        await using var vault = await VaultScene.WithKeysAsync();
        await using var server = await vault.StartAsync();
        await RegisterAsync(server, "ES256", client => client with { FirstParty = false });
        var browser = new Browser(server);
        var pushed = await new ClientApp(server).PostAsync("par", [.. Request("jwt").All.Select(field => (field.Key, (string?)field.Value))]);
        var consent = await browser.FollowAsync(await browser.LoginAsync(await browser.FollowAsync(await browser.GetAsync(new AuthorizationParameters().With("request_uri", pushed["request_uri"]).Url))));
        vault.Vault.Fail("sign", () => ScriptedVaultFaults.Named("503"));
        Expect.Page(await browser.SubmitAsync(consent, ("action", "deny")), "The server is busy", HttpStatusCode.ServiceUnavailable);
        vault.Vault.Recover();
        server.Clock.Advance(TimeSpan.FromSeconds(31));
        var denied = await browser.SubmitAsync(consent, ("action", "deny"));
        Assert.Equal("access_denied", JsonAnswer.Claims(denied.Parameters["response"]).GetProperty("error").GetString());
    }

    /// <summary>JAR6: nobody is sent to the client with half an answer, and the request is not used up.</summary>
    [Fact]
    public async Task While_the_vault_does_not_sign_there_is_a_page_and_the_request_survives()
    {
        await using var vault = await VaultScene.WithKeysAsync();
        await using var server = await vault.StartAsync();
        await RegisterAsync(server, "ES256");
        var browser = new Browser(server);
        var pushed = await new ClientApp(server).PostAsync("par", [.. Request("jwt").All.Select(field => (field.Key, (string?)field.Value))]);
        var url = new AuthorizationParameters().With("request_uri", pushed["request_uri"]).Url;
        var login = await browser.FollowAsync(await browser.GetAsync(url));
        vault.Vault.Fail("sign", () => ScriptedVaultFaults.Named("503"));
        var failed = await browser.FollowAsync(await browser.LoginAsync(login));
        Expect.Page(failed, "The server is busy", HttpStatusCode.ServiceUnavailable);
        Assert.NotNull(failed.Response.Headers.RetryAfter);
        Expect.Page(await new Browser(server).GetAsync(Request("jwt").With("prompt", "none").Url), "The server is busy", HttpStatusCode.ServiceUnavailable);

        vault.Vault.Recover();
        server.Clock.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal(["response"], (await browser.AuthorizeAsync(new AuthorizationParameters().With("request_uri", pushed["request_uri"]))).Parameters.Keys);
    }

    private static AuthorizationParameters Request(string mode) => new AuthorizationParameters().With("response_mode", mode);

    private static async Task RegisterAsync(RunningServer server, string algorithm, Func<Client, Client>? change = null)
    {
        var client = (await server.Get<IClientStore>().FindAsync("web", default))! with { AuthorizationSignedResponseAlg = algorithm };
        await server.RegisterAsync(change is null ? client : change(client));
        server.Clock.Advance(TimeSpan.FromSeconds(61));
    }

    private async Task<Dictionary<string, string>> ReadAsync(string jwt)
    {
        Assert.True((await PublishedKeys.ReadAsync(shared.Server)).Verify(jwt));
        Assert.Equal("ES256", JsonAnswer.Header(jwt).GetProperty("alg").GetString());
        return JsonAnswer.Claims(jwt).EnumerateObject().ToDictionary(claim => claim.Name, claim => claim.Value.ToString());
    }
}
