using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.Upgrades;

/// <summary>Codes and tokens that an earlier release gave out are worth what they were.</summary>
public sealed class OldGrantTests(EarlierRelease old) : IClassFixture<EarlierRelease>
{
    private Kept Kept => old.Kept;

    private ClientApp Web => old.App();

    [Fact]
    public async Task A_code_is_redeemed()
    {
        var tokens = (await Web.RedeemAsync(Kept["code.code"])).ShouldBeOk();
        var claims = JsonAnswer.Claims(tokens.IdToken);
        Assert.Equal(("alice-subject", "nonce-of-the-test"), (claims.GetProperty("sub").GetString(), claims.GetProperty("nonce").GetString()));
        (await Web.UserInfoAsync(tokens.AccessToken)).ShouldBeOk();
        (await Web.RefreshAsync(tokens.RefreshToken)).ShouldBeOk();
        // And it is used up.
        (await Web.RedeemAsync(Kept["code.code"])).ShouldFail("invalid_grant");
    }

    [Fact]
    public async Task A_code_gives_all_that_was_asked_for()
    {
        var app = old.App("third-party");
        var tokens = (await app.RedeemAsync(Kept["code of everything"])).ShouldBeOk();
        Assert.Equal("openid profile offline_access api.read", tokens["scope"]);
        Assert.True(JsonAnswer.Claims(tokens.IdToken).TryGetProperty("auth_time", out _));
        Assert.Contains("https://api.example", JsonAnswer.Claims(tokens.AccessToken).GetProperty("aud").ToString(), StringComparison.Ordinal);
        Assert.Equal("alice@example.com", (await app.UserInfoAsync(tokens.AccessToken)).ShouldBeOk()["email"]);
    }

    [Fact]
    public async Task A_code_still_needs_its_client_and_its_verifier()
    {
        (await old.App("legacy").RedeemAsync(Kept["code to steal.code"])).ShouldFail("invalid_grant");
        (await Web.RedeemAsync(Kept["code to steal.code"], ("code_verifier", new string('x', 43)))).ShouldFail("invalid_grant");
    }

    [Fact]
    public async Task A_code_that_was_redeemed_ends_its_grant()
    {
        (await Web.RedeemAsync(Kept["redeemed.code"])).ShouldFail("invalid_grant");
        await ShouldBeRefusedAsync("redeemed");
    }

    [Fact]
    public async Task A_code_that_has_expired_is_refused() => (await Web.RedeemAsync(Kept["expired.code"])).ShouldFail("invalid_grant");

    [Theory]
    [InlineData("unused", "web")]
    [InlineData("of session", "web")]
    [InlineData("again", "web")]
    [InlineData("public", "spa")]
    [InlineData("pairwise", "pairwise")]
    [InlineData("third-party", "third-party")]
    [InlineData("password", "password")]
    [InlineData("rotated", "web")]
    public async Task A_refresh_token_refreshes_and_so_does_the_next(string name, string clientId)
    {
        var app = old.App(clientId);
        var tokens = (await app.RefreshAsync(Kept[$"{name}.refresh"])).ShouldBeOk();
        tokens = (await app.RefreshAsync(tokens.RefreshToken)).ShouldBeOk();
        Assert.Equal(name == "pairwise" ? Kept["pairwise.sub"] : "alice-subject", (await app.UserInfoAsync(tokens.AccessToken)).ShouldBeOk()["sub"]);
    }

    [Fact]
    public async Task A_client_that_keeps_its_refresh_token_keeps_it() =>
        Assert.Equal(Kept["not rotating.refresh"], (await old.App("legacy").RefreshAsync(Kept["not rotating.refresh"])).ShouldBeOk().RefreshToken);

    [Fact]
    public async Task Within_the_grace_window_a_refresh_token_gives_the_same_successor()
    {
        var again = (await Web.RefreshAsync(Kept["just rotated.before"])).ShouldBeOk();
        Assert.Equal(Kept["just rotated.refresh"], again.RefreshToken);
        (await Web.RefreshAsync(again.RefreshToken)).ShouldBeOk();
    }

    [Fact]
    public async Task A_refresh_token_that_was_used_long_ago_ends_its_family()
    {
        (await Web.RefreshAsync(Kept["rotated and reused.before"])).ShouldFail("invalid_grant");
        (await Web.RefreshAsync(Kept["rotated twice.refresh"])).ShouldFail("invalid_grant");
        await ShouldBeRefusedAsync("rotated and reused");
    }

    [Theory]
    [InlineData("revoked")]
    [InlineData("redeemed twice")]
    [InlineData("user disabled")]
    [InlineData("signed out everywhere")]
    public async Task What_was_taken_back_stays_so(string name) => await ShouldBeRefusedAsync(name);

    [Fact]
    public async Task A_consent_that_was_taken_back_stays_so() => await ShouldBeRefusedAsync("consent revoked", "third-party");

    [Fact]
    public async Task A_session_that_ended_takes_its_refresh_token_with_it() => (await Web.RefreshAsync(Kept["ended.refresh"])).ShouldFail("invalid_grant");

    [Theory]
    [InlineData("unused", "web")]
    [InlineData("pairwise", "pairwise")]
    [InlineData("third-party", "third-party")]
    public async Task An_access_token_opens_userinfo(string name, string clientId) =>
        (await old.App(clientId).UserInfoAsync(Kept[$"{name}.access"])).ShouldBeOk();

    [Theory]
    [InlineData("service.access")]
    [InlineData("reference-service.access")]
    public async Task An_access_token_of_a_client_of_its_own_is_introspected(string name)
    {
        var answer = (await old.App("api").IntrospectAsync(Kept[name])).ShouldBeOk();
        Assert.Equal((true, "api.read"), (answer.IsActive, answer["scope"]));
    }

    [Fact]
    public async Task A_reference_token_that_was_revoked_stays_so()
    {
        (await old.App("reference").IntrospectAsync(Kept["revoked reference.access"])).ShouldBeInactive();
        (await old.App("reference").UserInfoAsync(Kept["revoked reference.access"])).ShouldFail("invalid_token", 401);
    }

    [Fact]
    public async Task A_reference_token_opens_userinfo_until_its_refresh_token_is_revoked()
    {
        var app = old.App("reference");
        (await app.UserInfoAsync(Kept["reference.access"])).ShouldBeOk();
        (await app.RevokeAsync(Kept["reference.refresh"])).ShouldBeOk();
        await ShouldBeRefusedAsync("reference", "reference");
    }

    private async Task ShouldBeRefusedAsync(string name, string clientId = "web")
    {
        var app = old.App(clientId);
        (await app.RefreshAsync(Kept[$"{name}.refresh"])).ShouldFail("invalid_grant");
        (await app.UserInfoAsync(Kept[$"{name}.access"])).ShouldFail("invalid_token", 401);
    }
}
