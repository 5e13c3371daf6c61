using FunctionsAuth.Protocol.Users;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.BackChannel;

/// <summary>The user takes back the consent, or changes the password: see <see cref="DisabledTests"/> for every way and every reader.</summary>
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
    public async Task A_consent_that_was_taken_back_is_asked_for_again()
    {
        var alice = new Browser(shared.Server);
        await alice.CodeAsync(shared.App("third-party"), "third-party", "openid profile");
        var request = new AuthorizationParameters("third-party", "https://third.example/callback", "openid profile").With("prompt", "none");
        Assert.Contains("code", (await alice.GetAsync(request.Url)).Parameters.Keys);
        shared.Server.Clock.Advance(TimeSpan.FromSeconds(1));
        await shared.Server.RevokeConsentAsync("alice-subject", "third-party");
        Assert.Equal("consent_required", (await alice.GetAsync(request.Url)).Parameters["error"]);

        // What was allowed before does not come back with less that is allowed now.
        shared.Server.Clock.Advance(TimeSpan.FromSeconds(1));
        await alice.CodeAsync(shared.App("third-party"), "third-party", "openid email");
        Assert.Equal("consent_required", (await alice.GetAsync(request.Url)).Parameters["error"]);
    }

    [Fact]
    public async Task A_login_in_the_very_second_in_which_the_password_changed_counts()
    {
        var web = shared.App();
        shared.Server.Clock.Advance(TimeSpan.FromMilliseconds(300));
        var users = shared.Server.Get<IUserStore>();
        var bob = (await users.FindAsync("bob-subject", default))!;
        Assert.True((await users.TrySaveAsync(bob with { SessionsValidFrom = shared.Server.Clock.GetUtcNow() }, default)).Won);
        shared.Server.Clock.Advance(TimeSpan.FromMilliseconds(300));
        var tokens = (await web.LoginAsync(username: "bob")).ShouldBeOk();
        (await web.UserInfoAsync(tokens.AccessToken)).ShouldBeOk();
        Assert.True((await web.IntrospectAsync(tokens.AccessToken)).IsActive);
    }
}
