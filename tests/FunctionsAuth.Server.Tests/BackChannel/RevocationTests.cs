using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.BackChannel;

public sealed class RevocationTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private ClientApp Web => shared.App();

    [Fact]
    public async Task The_answer_is_an_empty_JSON_object()
    {
        foreach (var token in (string[])[(await shared.TokensAsync()).RefreshToken, "unknown"])
        {
            var answer = (await shared.App().RevokeAsync(token)).ShouldBeOk();
            Assert.Equal("application/json", answer.Response.Content.Headers.ContentType?.ToString());
            Assert.Equal("{}", answer.Json.GetRawText());
        }
    }

    [Fact]
    public async Task A_refresh_token_takes_everything_of_its_grant_with_it()
    {
        var tokens = await shared.TokensAsync();
        var refreshed = (await Web.RefreshAsync(tokens.RefreshToken)).ShouldBeOk();
        (await Web.RevokeAsync(refreshed.RefreshToken)).ShouldBeOk();
        await ShouldBeDeadAsync(tokens, refreshed);
    }

    [Fact]
    public async Task An_access_token_takes_its_grant_with_it()
    {
        var tokens = await shared.TokensAsync();
        var refreshed = (await Web.RefreshAsync(tokens.RefreshToken)).ShouldBeOk();
        (await Web.RevokeAsync(tokens.AccessToken)).ShouldBeOk();
        await ShouldBeDeadAsync(tokens, refreshed);
    }

    [Fact]
    public async Task An_ancestor_revokes_as_well_as_the_current_token()
    {
        var tokens = await shared.TokensAsync();
        var refreshed = (await Web.RefreshAsync(tokens.RefreshToken)).ShouldBeOk();
        shared.Server.Clock.Advance(TimeSpan.FromMinutes(1));
        (await Web.RevokeAsync(tokens.RefreshToken)).ShouldBeOk();
        await ShouldBeDeadAsync(tokens, refreshed);
    }

    [Fact]
    public async Task Twice_is_fine_and_answered_alike()
    {
        var tokens = await shared.TokensAsync();
        for (var i = 0; i < 2; i++)
        {
            var answer = (await Web.RevokeAsync(tokens.RefreshToken)).ShouldBeOk();
            Assert.Equal("{}", answer.Json.GetRawText());
        }
    }

    [Fact]
    public async Task A_public_client_revokes_its_own()
    {
        var tokens = await shared.TokensAsync("spa", "openid offline_access");
        (await shared.App("spa").RevokeAsync(tokens.RefreshToken)).ShouldBeOk();
        (await shared.App("spa").RefreshAsync(tokens.RefreshToken)).ShouldFail("invalid_grant");
    }

    [Theory]
    [InlineData("legacy")]
    [InlineData("spa")]
    [InlineData("service")]
    public async Task The_token_of_another_client_is_refused_and_stays_good(string stranger)
    {
        var tokens = await shared.TokensAsync();
        (await shared.App(stranger).RevokeAsync(tokens.RefreshToken)).ShouldFail("invalid_grant");
        (await shared.App(stranger).RevokeAsync(tokens.AccessToken)).ShouldFail("invalid_grant");
        (await Web.UserInfoAsync(tokens.AccessToken)).ShouldBeOk();
        (await Web.RefreshAsync(tokens.RefreshToken)).ShouldBeOk();
    }

    [Fact]
    public async Task What_is_no_token_needs_no_revoking()
    {
        var tokens = await shared.TokensAsync();
        foreach (var token in (string[])["x", "a.b.c", "\u00e9", tokens.IdToken, tokens.AccessToken + "x", tokens.RefreshToken + "="])
            (await Web.RevokeAsync(token)).ShouldBeOk();
        (await Web.RefreshAsync(tokens.RefreshToken)).ShouldBeOk();
    }

    [Fact]
    public async Task A_token_that_a_client_got_for_itself_cannot_be_revoked()
    {
        var token = (await shared.App("service").PostAsync("token", [("grant_type", "client_credentials")])).AccessToken;
        (await shared.App("service").RevokeAsync(token)).ShouldFail("unsupported_token_type");
        (await Web.RevokeAsync(token)).ShouldFail("invalid_grant");
    }

    [Fact]
    public async Task A_hint_changes_nothing()
    {
        var tokens = await shared.TokensAsync();
        (await Web.PostAsync("revoke", [("token", tokens.RefreshToken), ("token_type_hint", "access_token")])).ShouldBeOk();
        await Web.ShouldBeRevokedAsync(tokens);
    }

    [Fact]
    public async Task A_missing_token_is_an_invalid_request() => (await Web.PostAsync("revoke", [])).ShouldFail("invalid_request");

    private async Task ShouldBeDeadAsync(params JsonAnswer[] generations)
    {
        foreach (var tokens in generations)
        {
            await Web.ShouldBeRevokedAsync(tokens);
            (await Web.IntrospectAsync(tokens.AccessToken)).ShouldBeInactive();
            (await Web.IntrospectAsync(tokens.RefreshToken)).ShouldBeInactive();
        }
    }
}
