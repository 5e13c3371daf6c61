using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.BackChannel;

/// <summary>The user takes back the consent, or is disabled: nothing that a client holds works any more.</summary>
public sealed class EndedAccessTests(SharedServer shared) : IClassFixture<SharedServer>
{
    [Fact]
    public async Task A_consent_that_was_taken_back_ends_every_grant_of_the_client_and_none_of_another()
    {
        var web = shared.App();
        var first = await shared.TokensAsync();
        var second = await shared.TokensAsync();
        var others = await shared.TokensAsync("legacy");
        shared.Server.Clock.Advance(TimeSpan.FromSeconds(1));

        await shared.Server.RevokeConsentAsync("alice-subject", "web");

        foreach (var tokens in (JsonAnswer[])[first, second])
        {
            await web.ShouldBeRevokedAsync(tokens);
            (await web.IntrospectAsync(tokens.AccessToken)).ShouldBeInactive();
            (await web.IntrospectAsync(tokens.RefreshToken)).ShouldBeInactive();
        }
        (await shared.App("legacy").RefreshAsync(others.RefreshToken)).ShouldBeOk();
        (await shared.App("legacy").UserInfoAsync(others.AccessToken)).ShouldBeOk();
    }

    [Fact]
    public async Task A_grant_that_comes_after_that_is_good()
    {
        await shared.TokensAsync();
        await shared.Server.RevokeConsentAsync("alice-subject", "web");
        shared.Server.Clock.Advance(TimeSpan.FromSeconds(1));
        var tokens = await shared.TokensAsync();
        (await shared.App().UserInfoAsync(tokens.AccessToken)).ShouldBeOk();
        (await shared.App().RefreshAsync(tokens.RefreshToken)).ShouldBeOk();
    }

    [Fact]
    public async Task A_code_of_before_gives_nothing_that_works()
    {
        var code = await shared.CodeAsync();
        shared.Server.Clock.Advance(TimeSpan.FromSeconds(1));
        await shared.Server.RevokeConsentAsync("alice-subject", "web");
        // The code's redemption does not read the consent, so that it costs no more; but what comes of it is dead already.
        var tokens = await shared.App().RedeemAsync(code);
        if (tokens.Status == 200)
            await shared.App().ShouldBeRevokedAsync(tokens);
        else
            tokens.ShouldFail("invalid_grant");
    }

    [Fact]
    public async Task A_disabled_user_refreshes_nothing_and_has_no_userinfo()
    {
        var web = shared.App();
        var tokens = (await web.LoginAsync(username: "bob")).ShouldBeOk();
        await shared.Server.SetDisabledAsync("bob-subject", true);
        await web.ShouldBeRevokedAsync(tokens);
        (await web.IntrospectAsync(tokens.RefreshToken)).ShouldBeInactive();
        await shared.Server.SetDisabledAsync("bob-subject", false);
        (await web.RefreshAsync(tokens.RefreshToken)).ShouldBeOk();
        (await web.UserInfoAsync(tokens.AccessToken)).ShouldBeOk();
    }
}
