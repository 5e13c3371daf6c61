using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.BackChannel;

public sealed class CodeReuseTests(SharedServer shared) : IClassFixture<SharedServer>
{
    [Fact]
    public async Task A_code_redeemed_twice_revokes_its_grant()
    {
        var web = shared.App();
        var code = await shared.CodeAsync();
        var tokens = (await web.RedeemAsync(code)).ShouldBeOk();
        Assert.True((await web.IntrospectAsync(tokens.AccessToken)).IsActive);
        Assert.True((await web.IntrospectAsync(tokens.RefreshToken)).IsActive);

        (await web.RedeemAsync(code)).ShouldFail("invalid_grant");

        await web.ShouldBeRevokedAsync(tokens);
        (await web.IntrospectAsync(tokens.AccessToken)).ShouldBeInactive();
        (await web.IntrospectAsync(tokens.RefreshToken)).ShouldBeInactive();
        (await web.RedeemAsync(code)).ShouldFail("invalid_grant");
    }

    [Fact]
    public async Task A_code_that_comes_back_after_it_expired_revokes_what_it_gave_out()
    {
        var web = shared.App();
        var code = await shared.CodeAsync();
        var tokens = (await web.RedeemAsync(code)).ShouldBeOk();
        shared.Server.Clock.Advance(TimeSpan.FromMinutes(2));
        (await web.RedeemAsync(code)).ShouldFail("invalid_grant");
        await web.ShouldBeRevokedAsync(tokens);
    }

    [Fact]
    public async Task A_code_redeemed_twice_with_a_refresh_in_between_revokes_the_rotated_token()
    {
        var web = shared.App();
        var code = await shared.CodeAsync();
        var tokens = (await web.RedeemAsync(code)).ShouldBeOk();
        var refreshed = (await web.RefreshAsync(tokens.RefreshToken)).ShouldBeOk();
        (await web.RedeemAsync(code)).ShouldFail("invalid_grant");
        await web.ShouldBeRevokedAsync(refreshed);
    }

    [Fact]
    public async Task Reuse_ends_that_grant_and_no_other()
    {
        var web = shared.App();
        var other = await shared.TokensAsync();
        var code = await shared.CodeAsync();
        (await web.RedeemAsync(code)).ShouldBeOk();
        (await web.RedeemAsync(code)).ShouldFail("invalid_grant");
        (await web.UserInfoAsync(other.AccessToken)).ShouldBeOk();
        (await web.RefreshAsync(other.RefreshToken)).ShouldBeOk();
    }

    [Fact]
    public async Task A_redeemed_code_in_the_hands_of_another_client_revokes_nothing()
    {
        var web = shared.App();
        var code = await shared.CodeAsync();
        var tokens = (await web.RedeemAsync(code)).ShouldBeOk();
        (await shared.App("legacy").RedeemAsync(code, ("redirect_uri", web.RedirectUri))).ShouldFail("invalid_grant");
        (await web.UserInfoAsync(tokens.AccessToken)).ShouldBeOk();
        (await web.RefreshAsync(tokens.RefreshToken)).ShouldBeOk();
    }

    [Theory]
    [InlineData("code_verifier", null)]
    [InlineData("code_verifier", "another-verifier-0123456789-0123456789-0123456789")]
    [InlineData("redirect_uri", null)]
    [InlineData("redirect_uri", "https://spa.example/other")]
    public async Task A_redeemed_code_of_a_public_client_ends_nothing_in_the_hands_of_somebody_who_has_only_the_code(string name, string? value)
    {
        var spa = shared.App("spa");
        var code = await shared.CodeAsync("spa");
        var tokens = (await spa.RedeemAsync(code)).ShouldBeOk();
        (await spa.RedeemAsync(code, (name, value))).ShouldFail("invalid_grant");
        (await spa.UserInfoAsync(tokens.AccessToken)).ShouldBeOk();
        tokens = (await spa.RefreshAsync(tokens.RefreshToken)).ShouldBeOk();

        (await spa.RedeemAsync(code)).ShouldFail("invalid_grant");
        await spa.ShouldBeRevokedAsync(tokens);
    }

    [Fact]
    public async Task The_log_tells_of_the_reuse_without_the_code()
    {
        var web = shared.App();
        var code = await shared.CodeAsync();
        (await web.RedeemAsync(code)).ShouldBeOk();
        (await web.RedeemAsync(code)).ShouldFail("invalid_grant");
        Assert.Contains(shared.Server.Log.Lines, line => line.Contains("was used twice", StringComparison.Ordinal));
        Assert.DoesNotContain(shared.Server.Log.Lines, line => line.Contains(code, StringComparison.Ordinal));
    }
}
