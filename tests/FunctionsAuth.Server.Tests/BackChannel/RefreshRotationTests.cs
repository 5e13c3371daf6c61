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
        Assert.Equal(second.RefreshToken, (await Web.RefreshAsync(first.RefreshToken)).ShouldBeOk().RefreshToken);
        var third = (await Web.RefreshAsync(second.RefreshToken)).ShouldBeOk();
        shared.Server.Clock.Advance(Grace / 2);
        (await Web.RefreshAsync(first.RefreshToken)).ShouldFail("invalid_grant");
        await Web.ShouldBeRevokedAsync(third);
    }

    [Fact]
    public async Task After_the_grace_window_a_token_whose_successor_was_used_revokes_the_family()
    {
        var first = await shared.TokensAsync();
        var second = (await Web.RefreshAsync(first.RefreshToken)).ShouldBeOk();
        var third = (await Web.RefreshAsync(second.RefreshToken)).ShouldBeOk();
        shared.Server.Clock.Advance(Grace);
        (await Web.RefreshAsync(first.RefreshToken)).ShouldFail("invalid_grant");
        await Web.ShouldBeRevokedAsync(third);
        (await Web.UserInfoAsync(first.AccessToken)).ShouldFail("invalid_token", 401);
        (await Web.IntrospectAsync(third.AccessToken)).ShouldBeInactive();
        (await Web.IntrospectAsync(third.RefreshToken)).ShouldBeInactive();
    }

    [Fact]
    public async Task A_retry_after_the_grace_window_gets_a_new_successor_if_nobody_has_used_the_one_before()
    {
        var first = await shared.TokensAsync();
        var lost = (await Web.RefreshAsync(first.RefreshToken)).ShouldBeOk();
        shared.Server.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.True((await Web.IntrospectAsync(first.RefreshToken)).IsActive);
        var retried = (await Web.RefreshAsync(first.RefreshToken)).ShouldBeOk();
        Assert.NotEqual(lost.RefreshToken, retried.RefreshToken);
        Assert.Equal(retried.RefreshToken, (await Web.RefreshAsync(first.RefreshToken)).ShouldBeOk().RefreshToken);
        (await Web.IntrospectAsync(lost.RefreshToken)).ShouldBeInactive();
        var next = (await Web.RefreshAsync(retried.RefreshToken)).ShouldBeOk();
        (await Web.UserInfoAsync(next.AccessToken)).ShouldBeOk();
    }

    [Fact]
    public async Task A_thief_and_an_owner_who_hold_the_same_token_are_found_at_the_second_turn()
    {
        var stolen = await shared.TokensAsync();
        var owners = (await Web.RefreshAsync(stolen.RefreshToken)).ShouldBeOk();
        shared.Server.Clock.Advance(TimeSpan.FromMinutes(5));
        var thiefs = (await Web.RefreshAsync(stolen.RefreshToken)).ShouldBeOk();
        (await Web.RefreshAsync(owners.RefreshToken)).ShouldFail("invalid_grant");
        await Web.ShouldBeRevokedAsync(thiefs);
    }

    [Fact]
    public async Task Within_the_grace_window_a_late_request_gets_the_current_token_although_its_successor_was_used()
    {
        var first = await shared.TokensAsync();
        var second = (await Web.RefreshAsync(first.RefreshToken)).ShouldBeOk();
        var third = (await Web.RefreshAsync(second.RefreshToken)).ShouldBeOk();
        var late = (await Web.RefreshAsync(first.RefreshToken)).ShouldBeOk();
        Assert.Equal(third.RefreshToken, late.RefreshToken);
        Assert.Equal(third.RefreshToken, (await Web.RefreshAsync(second.RefreshToken)).ShouldBeOk().RefreshToken);
        (await Web.RefreshAsync(late.RefreshToken)).ShouldBeOk();
    }

    [Fact]
    public async Task A_token_of_three_generations_ago_revokes_the_family_even_within_the_grace_window()
    {
        var first = await shared.TokensAsync();
        var latest = first;
        for (var i = 0; i < 3; i++)
            latest = (await Web.RefreshAsync(latest.RefreshToken)).ShouldBeOk();
        (await Web.RefreshAsync(first.RefreshToken)).ShouldFail("invalid_grant");
        await Web.ShouldBeRevokedAsync(latest);
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
        var third = (await Web.RefreshAsync(second.RefreshToken)).ShouldBeOk();
        shared.Server.Clock.Advance(Grace);
        (await Web.IntrospectAsync(first.RefreshToken)).ShouldBeInactive();
        (await Web.RefreshAsync(third.RefreshToken)).ShouldBeOk();
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
    public async Task Without_a_grace_window_the_token_before_revokes_the_family_at_once_although_its_successor_was_never_used()
    {
        var web = shared.App();
        var first = await shared.TokensAsync();
        var second = (await web.RefreshAsync(first.RefreshToken)).ShouldBeOk();
        (await web.RefreshAsync(first.RefreshToken)).ShouldFail("invalid_grant");
        await web.ShouldBeRevokedAsync(second);
    }
}
