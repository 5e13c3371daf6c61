using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.BackChannel;

/// <summary>What a refresh gives: RFC 6749 §6, OpenID Connect Core §12.</summary>
public sealed class RefreshedTokenTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private const string Scope = "openid profile api.read offline_access";

    [Fact]
    public async Task A_refresh_may_narrow_the_scope_and_the_next_one_has_it_all_again()
    {
        var tokens = await shared.TokensAsync(scope: Scope);
        var narrow = (await shared.App().RefreshAsync(tokens.RefreshToken, ("scope", "api.read"))).ShouldBeOk();
        Assert.Equal("api.read", narrow["scope"]);
        Assert.Equal("api.read", JsonAnswer.Claims(narrow.AccessToken).GetProperty("scope").GetString());
        var whole = (await shared.App().RefreshAsync(narrow.RefreshToken)).ShouldBeOk();
        Assert.Equal(Scope, whole["scope"]);
    }

    [Theory]
    [InlineData("openid api.write", "invalid_scope")]
    [InlineData("email", "invalid_scope")]
    [InlineData("unknown", "invalid_scope")]
    [InlineData("openid \\", "invalid_scope")]
    public async Task A_refresh_may_not_widen_the_scope_and_the_token_stays_good(string scope, string error)
    {
        var tokens = await shared.TokensAsync(scope: Scope);
        (await shared.App().RefreshAsync(tokens.RefreshToken, ("scope", scope))).ShouldFail(error);
        (await shared.App().RefreshAsync(tokens.RefreshToken, ("resource", "https://unknown.example"))).ShouldFail("invalid_target");
        // Not rotated: within the grace window that would not show, so it is over.
        shared.Server.Clock.Advance(TimeSpan.FromMinutes(1));
        (await shared.App().RefreshAsync(tokens.RefreshToken)).ShouldBeOk();
    }

    [Fact]
    public async Task The_ID_token_of_a_refresh_is_of_the_same_login_but_newer_and_without_nonce()
    {
        var tokens = await shared.TokensAsync(scope: Scope);
        shared.Server.Clock.Advance(TimeSpan.FromMinutes(5));
        var refreshed = (await shared.App().RefreshAsync(tokens.RefreshToken)).ShouldBeOk();
        var before = JsonAnswer.Claims(tokens.IdToken);
        var after = JsonAnswer.Claims(refreshed.IdToken);
        Assert.Equal(["iss", "sub", "aud", "iat", "exp", "auth_time", "sid", "acr", "amr", "name", "preferred_username"], after.EnumerateObject().Select(member => member.Name));
        foreach (var same in (string[])["iss", "sub", "aud", "auth_time", "sid", "acr", "amr"])
            Assert.Equal(before.GetProperty(same).GetRawText(), after.GetProperty(same).GetRawText());
        foreach (var newer in (string[])["iat", "exp"])
            Assert.Equal(before.GetProperty(newer).GetInt64() + 300, after.GetProperty(newer).GetInt64());
        Assert.True((await PublishedKeys.ReadAsync(shared.Server)).Verify(refreshed.IdToken));
    }

    [Fact]
    public async Task There_is_no_ID_token_when_the_scope_is_narrowed_without_openid()
    {
        var tokens = await shared.TokensAsync(scope: Scope);
        var without = (await shared.App().RefreshAsync(tokens.RefreshToken, ("scope", "profile api.read"))).ShouldBeOk();
        Assert.Null(without["id_token"]);
        var with = (await shared.App().RefreshAsync(without.RefreshToken, ("scope", "openid"))).ShouldBeOk();
        Assert.NotNull(with["id_token"]);
    }

    [Fact]
    public async Task A_grant_without_openid_gives_no_ID_token_on_refresh()
    {
        var tokens = await shared.TokensAsync(scope: "api.read offline_access");
        Assert.Null((await shared.App().RefreshAsync(tokens.RefreshToken)).ShouldBeOk()["id_token"]);
    }
}
