using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.BackChannel;

/// <summary>Access tokens that say nothing: what they stand for is asked at the introspection endpoint.</summary>
public sealed class ReferenceTokenTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private ClientApp App => shared.App("reference");

    [Fact]
    public async Task It_is_no_JWT_and_works_as_one()
    {
        var tokens = await shared.TokensAsync("reference", "openid profile offline_access");
        Assert.DoesNotContain('.', tokens.AccessToken);
        Assert.Equal("Bearer", tokens["token_type"]);
        Assert.Equal("Alice Example", (await App.UserInfoAsync(tokens.AccessToken)).ShouldBeOk()["name"]);
        var answer = (await App.IntrospectAsync(tokens.AccessToken)).ShouldBeOk();
        Assert.True(answer.IsActive);
        Assert.Equal("reference", answer["client_id"]);
        Assert.Equal("alice-subject", answer["sub"]);
        Assert.Equal("openid profile offline_access", answer["scope"]);
        Assert.Equal(RunningServer.Issuer, answer["iss"]);
    }

    [Fact]
    public async Task A_resource_that_wants_it_gets_it_from_every_client()
    {
        var tokens = await shared.TokensAsync("web", "opaque.read");
        Assert.DoesNotContain('.', tokens.AccessToken);
        Assert.True((await shared.App("api").IntrospectAsync(tokens.AccessToken)).IsActive);
        (await shared.App("service").IntrospectAsync(tokens.AccessToken)).ShouldBeInactive();
    }

    [Fact]
    public async Task Each_refresh_gives_another_one()
    {
        var tokens = await shared.TokensAsync("reference");
        var refreshed = (await App.RefreshAsync(tokens.RefreshToken)).ShouldBeOk();
        Assert.NotEqual(tokens.AccessToken, refreshed.AccessToken);
        Assert.True((await App.IntrospectAsync(refreshed.AccessToken)).IsActive);
    }

    [Fact]
    public async Task Its_revocation_ends_its_grant()
    {
        var tokens = await shared.TokensAsync("reference");
        (await App.RevokeAsync(tokens.AccessToken)).ShouldBeOk();
        (await App.IntrospectAsync(tokens.AccessToken)).ShouldBeInactive();
        await App.ShouldBeRevokedAsync(tokens);
    }

    [Fact]
    public async Task One_that_a_client_got_for_itself_can_be_revoked()
    {
        var app = shared.App("reference-service");
        var token = (await app.PostAsync("token", [("grant_type", "client_credentials")])).ShouldBeOk().AccessToken;
        Assert.True((await app.IntrospectAsync(token)).IsActive);
        (await app.RevokeAsync(token)).ShouldBeOk();
        (await app.IntrospectAsync(token)).ShouldBeInactive();
    }

    [Fact]
    public async Task Nobody_else_can_revoke_it()
    {
        var token = (await shared.TokensAsync("reference")).AccessToken;
        (await shared.App().RevokeAsync(token)).ShouldFail("invalid_grant");
        Assert.True((await App.IntrospectAsync(token)).IsActive);
    }

    [Theory]
    [InlineData(40)]
    [InlineData(100)]
    public async Task A_changed_one_is_worth_nothing(int position)
    {
        var token = (await shared.TokensAsync("reference")).AccessToken;
        var forged = token[..position] + (token[position] == 'A' ? 'B' : 'A') + token[(position + 1)..];
        (await App.UserInfoAsync(forged)).ShouldFail("invalid_token", 401);
        (await App.IntrospectAsync(forged)).ShouldBeInactive();
        (await App.RevokeAsync(forged)).ShouldBeOk();
        Assert.True((await App.IntrospectAsync(token)).IsActive);
    }

    [Fact]
    public async Task It_ends_with_its_lifetime()
    {
        await using var server = await RunningServer.StartAsync();
        var app = new ClientApp(server, "reference");
        var token = (await app.LoginAsync()).ShouldBeOk().AccessToken;
        server.Clock.Advance(TimeSpan.FromHours(1));
        (await app.UserInfoAsync(token)).ShouldFail("invalid_token", 401);
        (await app.IntrospectAsync(token)).ShouldBeInactive();
    }

    [Fact]
    public async Task It_is_no_refresh_token_and_no_code()
    {
        var tokens = await shared.TokensAsync("reference");
        (await App.RefreshAsync(tokens.AccessToken)).ShouldFail("invalid_grant");
        (await App.RedeemAsync(tokens.AccessToken)).ShouldFail("invalid_grant");
        (await App.UserInfoAsync(tokens.RefreshToken)).ShouldFail("invalid_token", 401);
    }
}
