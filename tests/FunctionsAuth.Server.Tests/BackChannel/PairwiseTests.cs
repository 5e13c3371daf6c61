using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.BackChannel;

/// <summary>OpenID Connect Core §8: a client of another sector knows the same user by another name.</summary>
public sealed class PairwiseTests(SharedServer shared) : IClassFixture<SharedServer>
{
    [Fact]
    public async Task Each_sector_has_a_subject_of_its_own_that_stays_the_same()
    {
        var first = await SubjectAsync("pairwise");
        Assert.NotEqual("alice-subject", first);
        Assert.Equal(first, await SubjectAsync("pairwise"));
        Assert.NotEqual(first, await SubjectAsync("pairwise-other"));
        Assert.Equal(first, await SubjectAsync("pairwise-sibling"));
    }

    [Fact]
    public async Task Every_token_and_answer_has_that_subject()
    {
        var app = shared.App("pairwise");
        var tokens = await shared.TokensAsync("pairwise");
        var subject = JsonAnswer.Claims(tokens.IdToken).GetProperty("sub").GetString();
        Assert.Equal(subject, JsonAnswer.Claims(tokens.AccessToken).GetProperty("sub").GetString());
        Assert.Equal(subject, (await app.UserInfoAsync(tokens.AccessToken)).ShouldBeOk()["sub"]);
        Assert.Equal(subject, (await app.IntrospectAsync(tokens.AccessToken)).ShouldBeOk()["sub"]);
        Assert.Equal(subject, (await app.IntrospectAsync(tokens.RefreshToken)).ShouldBeOk()["sub"]);
        var refreshed = (await app.RefreshAsync(tokens.RefreshToken)).ShouldBeOk();
        Assert.Equal(subject, JsonAnswer.Claims(refreshed.IdToken).GetProperty("sub").GetString());
    }

    [Fact]
    public async Task No_answer_names_the_user_otherwise()
    {
        var tokens = await shared.TokensAsync("pairwise", "openid profile email offline_access");
        var userInfo = await shared.App("pairwise").UserInfoAsync(tokens.AccessToken);
        Assert.DoesNotContain("alice-subject", userInfo.Json.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("alice-subject", JsonAnswer.Claims(tokens.IdToken).GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("alice-subject", JsonAnswer.Claims(tokens.AccessToken).GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_consent_that_was_taken_back_ends_its_tokens_too()
    {
        var app = shared.App("pairwise");
        var tokens = await shared.TokensAsync("pairwise");
        (await app.RevokeAsync(tokens.RefreshToken)).ShouldBeOk();
        await app.ShouldBeRevokedAsync(tokens);
    }

    [Theory]
    [InlineData("prompt", "none")]
    [InlineData("prompt", null)]
    public async Task An_id_token_hint_names_the_user_by_it(string name, string? value)
    {
        var tokens = await shared.TokensAsync("pairwise");
        var code = await shared.CodeAsync("pairwise", change: request => request.With("id_token_hint", tokens.IdToken).With(name, value));
        (await shared.App("pairwise").RedeemAsync(code)).ShouldBeOk();
    }

    [Fact]
    public async Task Two_instances_that_make_the_secret_at_once_agree()
    {
        var storage = new TestStorage(BackEnd.Memory);
        await using var one = await RunningServer.StartAsync(storage.Setup());
        await using var two = await RunningServer.StartAsync(storage.Setup());
        var tokens = await Task.WhenAll(new ClientApp(one, "pairwise").LoginAsync(), new ClientApp(two, "pairwise").LoginAsync());
        Assert.Single(tokens.Select(answer => JsonAnswer.Claims(answer.ShouldBeOk().IdToken).GetProperty("sub").GetString()).Distinct());
    }

    private async Task<string?> SubjectAsync(string clientId) =>
        JsonAnswer.Claims((await shared.TokensAsync(clientId)).IdToken).GetProperty("sub").GetString();
}
