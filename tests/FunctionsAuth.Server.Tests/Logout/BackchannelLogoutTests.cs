using System.Text.Json;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Logout;

/// <summary>OpenID Connect Back-Channel Logout: who is told of the end of a session, and what they are told.</summary>
public sealed class BackchannelLogoutTests : IAsyncLifetime
{
    private const string Event = "http://schemas.openid.net/event/backchannel-logout";
    private static readonly string[] Claims = ["aud", "events", "exp", "iat", "iss", "jti", "sid", "sub"];

    private LogoutScene scene = null!;
    private Browser browser = null!;

    public async Task InitializeAsync()
    {
        scene = await LogoutScene.StartAsync();
        browser = new Browser(scene.Server);
    }

    public async Task DisposeAsync() => await scene.DisposeAsync();

    [Theory]
    [InlineData("RS256")]
    [InlineData("PS256")]
    [InlineData("ES256")]
    public async Task A_logout_token_says_whose_session_has_ended_and_is_signed_as_the_ID_token(string algorithm)
    {
        var app = await scene.AddAsync("told", client => client with { IdTokenSignedResponseAlg = algorithm });
        var login = (await app.LoginAsync("openid", browser)).ShouldBeOk();
        (await browser.LogoutAsync(login)).ShouldBeSignedOut();

        var (_, token) = Assert.Single(scene.Received);
        var header = JsonAnswer.Header(token);
        Assert.Equal(("logout+jwt", algorithm), (header.GetProperty("typ").GetString(), header.GetProperty("alg").GetString()));
        Assert.True((await PublishedKeys.ReadAsync(scene.Server)).Verify(token));

        var claims = JsonAnswer.Claims(token);
        Assert.Equal(Claims, claims.EnumerateObject().Select(claim => claim.Name).Order());
        var known = JsonAnswer.Claims(login.IdToken);
        foreach (var name in (string[])["iss", "aud", "sub", "sid"])
            Assert.Equal(known.GetProperty(name).GetString(), claims.GetProperty(name).GetString());
        var issuedAt = scene.Server.Clock.GetUtcNow().ToUnixTimeSeconds();
        Assert.Equal((issuedAt, issuedAt + 120), (claims.GetProperty("iat").GetInt64(), claims.GetProperty("exp").GetInt64()));
        var happened = Assert.Single(claims.GetProperty("events").EnumerateObject());
        Assert.Equal((Event, JsonValueKind.Object, "{}"), (happened.Name, happened.Value.ValueKind, happened.Value.GetRawText()));
    }

    [Fact]
    public async Task A_client_with_pairwise_subjects_sees_the_one_that_it_knows_and_its_hint_counts()
    {
        var app = await scene.AddAsync("told", client => client with { SubjectType = "pairwise" });
        var login = (await app.LoginAsync("openid", browser)).ShouldBeOk();
        var subject = JsonAnswer.Claims(login.IdToken).GetProperty("sub").GetString();
        Assert.NotEqual("alice-subject", subject);
        (await browser.LogoutAsync(login, $"&logout_hint={subject}")).ShouldBeSignedOut();
        Assert.Equal(subject, JsonAnswer.Claims(Assert.Single(scene.Received).Token).GetProperty("sub").GetString());
    }

    [Fact]
    public async Task A_client_that_only_gets_an_ID_token_from_the_front_channel_takes_part_too()
    {
        await using var legacy = await LogoutScene.StartAsync(new ServerSetup { Settings = new() { ["Legacy:ImplicitAndHybrid"] = "true" } });
        await legacy.AddAsync("told", client => client with { ResponseTypes = ["id_token"], GrantTypes = ["implicit"] });
        var alice = new Browser(legacy.Server);
        var request = new AuthorizationParameters("told").With("response_type", "id_token").With("code_challenge", null).With("code_challenge_method", null);
        var hint = (await alice.AuthorizeAsync(request)).Parameters["id_token"];
        (await alice.GetAsync($"logout?id_token_hint={hint}")).ShouldBeSignedOut();
        Assert.Equal([JsonAnswer.Claims(hint).GetProperty("sid").GetString()!], legacy.SidsOf("told"));
    }

    [Fact]
    public async Task Every_client_of_the_session_is_told_once_and_nobody_else()
    {
        var one = await scene.AddAsync("one");
        var two = await scene.AddAsync("two");
        await scene.AddAsync("absent");
        var elsewhere = await scene.AddAsync("elsewhere");
        await elsewhere.LoginAsync("openid", new Browser(scene.Server));
        var login = (await one.LoginAsync("openid", browser)).ShouldBeOk();
        await one.LoginAsync("openid", browser);
        await two.LoginAsync("openid", browser);
        await new ClientApp(scene.Server).LoginAsync("openid", browser);

        (await browser.LogoutAsync(login)).ShouldBeSignedOut();
        Assert.Equal(["one", "two"], scene.Received.Select(post => post.ClientId).Order());
        Assert.All(scene.Received, post => Assert.Equal(login.Sid(), JsonAnswer.Claims(post.Token).GetProperty("sid").GetString()));
        Assert.Equal(2, scene.Received.Select(post => JsonAnswer.Claims(post.Token).GetProperty("jti").GetString()).Distinct().Count());
    }

    [Fact]
    public async Task The_form_tells_them_too_and_then_goes_where_the_client_wants()
    {
        var app = await scene.AddAsync("told");
        var login = (await app.LoginAsync("openid", browser)).ShouldBeOk();
        var page = await browser.GetAsync($"logout?client_id=told&post_logout_redirect_uri={LogoutScene.GoodbyeOf("told")}&state=s");
        Assert.Empty(scene.Received);
        Assert.Equal($"{LogoutScene.GoodbyeOf("told")}?state=s", (await browser.SubmitAsync(page, ("action", "logout"))).Location);
        Assert.Equal([login.Sid()], scene.SidsOf("told"));
    }

    [Fact]
    public async Task Who_stays_ends_nothing()
    {
        var app = await scene.AddAsync("told");
        await app.LoginAsync("openid", browser);
        await browser.SubmitAsync(await browser.GetAsync("logout"), ("action", "stay"));
        Assert.Empty(scene.Received);
    }

    [Fact]
    public async Task A_client_that_is_gone_or_takes_no_tokens_any_more_is_not_told()
    {
        var told = await scene.AddAsync("told");
        var gone = await scene.AddAsync("gone");
        var silent = await scene.AddAsync("silent");
        var login = (await told.LoginAsync("openid", browser)).ShouldBeOk();
        await gone.LoginAsync("openid", browser);
        await silent.LoginAsync("openid", browser);
        await scene.AddAsync("gone", client => client with { Disabled = true });
        await scene.AddAsync("silent", client => client with { BackchannelLogoutUri = null });
        scene.Server.Clock.Advance(TimeSpan.FromMinutes(2));

        (await browser.LogoutAsync(login)).ShouldBeSignedOut();
        Assert.Equal("told", Assert.Single(scene.Received).ClientId);
    }

    [Fact]
    public async Task A_client_hears_of_each_session_in_which_it_took_part_before_its_user_signed_in_again()
    {
        var app = await scene.AddAsync("told");
        var first = (await app.LoginAsync("openid", browser)).ShouldBeOk();
        await browser.SignInAgainAsync();
        Assert.Empty(scene.Received);
        await browser.SignInAgainAsync();
        var last = (await app.LoginAsync("openid", browser)).ShouldBeOk();

        Assert.NotEqual(first.Sid(), last.Sid());
        (await browser.LogoutAsync(last)).ShouldBeSignedOut();
        Assert.Equal(new[] { first.Sid(), last.Sid() }.Order(), scene.SidsOf("told").Order());
    }

    [Fact]
    public async Task A_session_that_is_forgotten_after_many_sign_ins_ends_and_its_clients_are_told()
    {
        var app = await scene.AddAsync("told");
        var first = (await app.LoginAsync("openid", browser)).ShouldBeOk();
        for (var i = 0; i < 8; i++)
            await browser.SignInAgainAsync();
        Assert.Empty(scene.Received);
        await browser.SignInAgainAsync();
        Assert.Equal([first.Sid()], scene.SidsOf("told"));
    }

    [Fact]
    public async Task Another_user_who_signs_in_in_the_browser_ends_the_sessions_of_the_one_before()
    {
        var app = await scene.AddAsync("told");
        var first = (await app.LoginAsync("openid", browser)).ShouldBeOk();
        await browser.SignInAgainAsync();
        var second = (await app.LoginAsync("openid", browser)).ShouldBeOk();
        await browser.SignInAgainAsync("bob");

        Assert.Equal(new[] { first.Sid(), second.Sid() }.Order(), scene.SidsOf("told").Order());
        Assert.All(scene.Received, post => Assert.Equal("alice-subject", JsonAnswer.Claims(post.Token).GetProperty("sub").GetString()));
    }

    [Fact]
    public async Task A_logout_token_is_no_hint_and_no_access_token()
    {
        var app = await scene.AddAsync("told");
        var login = (await app.LoginAsync("openid", browser)).ShouldBeOk();
        await browser.LogoutAsync(login);
        var token = Assert.Single(scene.Received).Token;
        await app.LoginAsync("openid", browser);

        Assert.True((await browser.GetAsync($"logout?id_token_hint={token}")).HasForm("logout"));
        (await app.UserInfoAsync(token)).ShouldFail("invalid_token", 401);
    }
}
