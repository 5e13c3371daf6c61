using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.BackChannel;

public sealed class RefreshRotationTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    private ClientApp Web => shared.App();

    [Fact]
    public async Task A_refresh_gives_a_new_token_and_that_one_goes_on()
    {
        var first = await shared.TokensAsync();
        var second = (await Web.RefreshAsync(first.RefreshToken)).ShouldBeOk();
        var third = (await Web.RefreshAsync(second.RefreshToken)).ShouldBeOk();
        Assert.Equal(3, new[] { first, second, third }.Select(tokens => tokens.RefreshToken).Distinct().Count());
        (await Web.UserInfoAsync(third.AccessToken)).ShouldBeOk();
    }

    [Fact]
    public async Task Within_the_grace_window_the_token_before_gives_the_same_successor()
    {
        var first = await shared.TokensAsync();
        var second = (await Web.RefreshAsync(first.RefreshToken)).ShouldBeOk();
        var again = (await Web.RefreshAsync(first.RefreshToken)).ShouldBeOk();
        shared.Server.Clock.Advance(Grace - TimeSpan.FromSeconds(1));
        var late = (await Web.RefreshAsync(first.RefreshToken)).ShouldBeOk();

        Assert.Equal(second.RefreshToken, again.RefreshToken);
        Assert.Equal(second.RefreshToken, late.RefreshToken);
        // The family has not forked: the one successor still goes on.
        var third = (await Web.RefreshAsync(late.RefreshToken)).ShouldBeOk();
        (await Web.UserInfoAsync(third.AccessToken)).ShouldBeOk();
    }

    [Fact]
    public async Task The_grace_window_is_not_made_longer_by_its_use()
    {
        var first = await shared.TokensAsync();
        var second = (await Web.RefreshAsync(first.RefreshToken)).ShouldBeOk();
        shared.Server.Clock.Advance(Grace / 2);
        (await Web.RefreshAsync(first.RefreshToken)).ShouldBeOk();
        shared.Server.Clock.Advance(Grace / 2);
        (await Web.RefreshAsync(first.RefreshToken)).ShouldFail("invalid_grant");
        await Web.ShouldBeRevokedAsync(second);
    }

    [Fact]
    public async Task After_the_grace_window_the_token_before_revokes_the_family()
    {
        var first = await shared.TokensAsync();
        var second = (await Web.RefreshAsync(first.RefreshToken)).ShouldBeOk();
        shared.Server.Clock.Advance(Grace);
        (await Web.RefreshAsync(first.RefreshToken)).ShouldFail("invalid_grant");
        await Web.ShouldBeRevokedAsync(second);
        (await Web.UserInfoAsync(first.AccessToken)).ShouldFail("invalid_token", 401);
        (await Web.IntrospectAsync(second.AccessToken)).ShouldBeInactive();
        (await Web.IntrospectAsync(second.RefreshToken)).ShouldBeInactive();
    }

    [Fact]
    public async Task A_token_of_two_generations_ago_revokes_the_family_even_within_the_grace_window()
    {
        var first = await shared.TokensAsync();
        var second = (await Web.RefreshAsync(first.RefreshToken)).ShouldBeOk();
        var third = (await Web.RefreshAsync(second.RefreshToken)).ShouldBeOk();
        (await Web.RefreshAsync(first.RefreshToken)).ShouldFail("invalid_grant");
        await Web.ShouldBeRevokedAsync(third);
    }

    [Fact]
    public async Task An_old_ancestor_revokes_the_family()
    {
        var first = await shared.TokensAsync();
        var latest = first;
        for (var i = 0; i < 10; i++)
        {
            shared.Server.Clock.Advance(TimeSpan.FromMinutes(10));
            latest = (await Web.RefreshAsync(latest.RefreshToken)).ShouldBeOk();
        }
        (await Web.RefreshAsync(first.RefreshToken)).ShouldFail("invalid_grant");
        await Web.ShouldBeRevokedAsync(latest);
    }

    [Fact]
    public async Task Introspection_of_an_ancestor_says_inactive_and_revokes_nothing()
    {
        var first = await shared.TokensAsync();
        var second = (await Web.RefreshAsync(first.RefreshToken)).ShouldBeOk();
        shared.Server.Clock.Advance(Grace);
        (await Web.IntrospectAsync(first.RefreshToken)).ShouldBeInactive();
        (await Web.RefreshAsync(second.RefreshToken)).ShouldBeOk();
    }

    [Fact]
    public async Task Another_client_is_refused_and_revokes_nothing()
    {
        var tokens = await shared.TokensAsync();
        (await shared.App("legacy").RefreshAsync(tokens.RefreshToken)).ShouldFail("invalid_grant");
        (await shared.App("spa").RefreshAsync(tokens.RefreshToken)).ShouldFail("invalid_grant");
        (await Web.RefreshAsync(tokens.RefreshToken)).ShouldBeOk();
    }

    [Fact]
    public async Task Another_client_with_an_ancestor_revokes_nothing()
    {
        var first = await shared.TokensAsync();
        var second = (await Web.RefreshAsync(first.RefreshToken)).ShouldBeOk();
        shared.Server.Clock.Advance(Grace);
        (await shared.App("legacy").RefreshAsync(first.RefreshToken)).ShouldFail("invalid_grant");
        (await Web.RefreshAsync(second.RefreshToken)).ShouldBeOk();
    }

    [Fact]
    public async Task A_client_that_keeps_its_token_gets_the_same_one_again()
    {
        var tokens = await shared.TokensAsync("legacy");
        var legacy = shared.App("legacy");
        for (var i = 0; i < 3; i++)
        {
            shared.Server.Clock.Advance(TimeSpan.FromMinutes(1));
            var again = (await legacy.RefreshAsync(tokens.RefreshToken)).ShouldBeOk();
            Assert.Equal(tokens.RefreshToken, again.RefreshToken);
            Assert.NotEqual(tokens.AccessToken, again.AccessToken);
        }
    }

    [Fact]
    public async Task A_missing_token_is_an_invalid_request() =>
        (await Web.PostAsync("token", [("grant_type", "refresh_token")])).ShouldFail("invalid_request");
}

public sealed class NoGrace : SharedServer
{
    protected override ServerSetup Setup() => new() { Settings = { ["Lifetimes:RefreshTokenGrace"] = "00:00:00" } };
}

public sealed class RefreshWithoutGraceTests(NoGrace shared) : IClassFixture<NoGrace>
{
    [Fact]
    public async Task Without_a_grace_window_the_token_before_revokes_the_family_at_once()
    {
        var web = shared.App();
        var first = await shared.TokensAsync();
        var second = (await web.RefreshAsync(first.RefreshToken)).ShouldBeOk();
        (await web.RefreshAsync(first.RefreshToken)).ShouldFail("invalid_grant");
        await web.ShouldBeRevokedAsync(second);
    }
}
