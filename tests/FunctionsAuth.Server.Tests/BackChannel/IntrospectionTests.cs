using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.BackChannel;

public sealed class IntrospectionTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private ClientApp Web => shared.App();

    [Fact]
    public async Task A_client_sees_its_own_access_token()
    {
        var tokens = await shared.TokensAsync(scope: "openid api.read");
        var answer = (await Web.IntrospectAsync(tokens.AccessToken)).ShouldBeOk();
        Assert.True(answer.IsActive);
        Assert.Equal("Bearer", answer["token_type"]);
        var claims = JsonAnswer.Claims(tokens.AccessToken);
        foreach (var claim in claims.EnumerateObject())
            Assert.Equal(claim.Value.GetRawText(), answer.Json.GetProperty(claim.Name).GetRawText());
        Assert.Equal("openid api.read", answer["scope"]);
    }

    [Fact]
    public async Task An_API_sees_tokens_for_itself_and_no_others()
    {
        var forApi = (await shared.TokensAsync(scope: "openid api.read")).AccessToken;
        var forOther = (await shared.TokensAsync(scope: "openid other.read")).AccessToken;
        var services = (await shared.App("service").PostAsync("token", [("grant_type", "client_credentials"), ("scope", "api.read")])).AccessToken;
        Assert.True((await shared.App("api").IntrospectAsync(forApi)).ShouldBeOk().IsActive);
        Assert.True((await shared.App("api").IntrospectAsync(services)).ShouldBeOk().IsActive);
        (await shared.App("api").IntrospectAsync(forOther)).ShouldBeInactive();
    }

    [Fact]
    public async Task A_stranger_learns_nothing()
    {
        var tokens = await shared.TokensAsync(scope: "openid api.read offline_access");
        foreach (var stranger in (string[])["legacy", "post", "service"])
        {
            (await shared.App(stranger).IntrospectAsync(tokens.AccessToken)).ShouldBeInactive();
            (await shared.App(stranger).IntrospectAsync(tokens.RefreshToken)).ShouldBeInactive();
        }
        // An API has no business with refresh tokens.
        (await shared.App("api").IntrospectAsync(tokens.RefreshToken)).ShouldBeInactive();
    }

    [Fact]
    public async Task A_client_sees_its_refresh_token_and_asking_uses_nothing_up()
    {
        var now = shared.Server.Clock.GetUtcNow();
        var tokens = await shared.TokensAsync();
        for (var i = 0; i < 2; i++)
        {
            var answer = (await Web.IntrospectAsync(tokens.RefreshToken)).ShouldBeOk();
            Assert.True(answer.IsActive);
            Assert.Equal("web", answer["client_id"]);
            Assert.Equal("alice-subject", answer["sub"]);
            Assert.Equal("openid offline_access", answer["scope"]);
            Assert.Equal((now + TimeSpan.FromDays(30)).ToUnixTimeSeconds(), answer.Json.GetProperty("exp").GetInt64());
        }
        shared.Server.Clock.Advance(TimeSpan.FromMinutes(1));
        (await Web.RefreshAsync(tokens.RefreshToken)).ShouldBeOk();
    }

    [Fact]
    public async Task A_hint_changes_nothing()
    {
        var tokens = await shared.TokensAsync();
        foreach (var hint in (string[])["access_token", "refresh_token", "nonsense"])
        {
            Assert.True((await Web.PostAsync("introspect", [("token", tokens.AccessToken), ("token_type_hint", hint)])).ShouldBeOk().IsActive);
            Assert.True((await Web.PostAsync("introspect", [("token", tokens.RefreshToken), ("token_type_hint", hint)])).ShouldBeOk().IsActive);
        }
    }

    [Fact]
    public async Task What_is_no_live_token_is_inactive()
    {
        var tokens = await shared.TokensAsync();
        foreach (var token in (string[])[tokens.IdToken, "x", "a.b.c", "\u00e9", tokens.AccessToken + "x", tokens.RefreshToken + "x", new string('x', 20_000)])
            (await Web.IntrospectAsync(token)).ShouldBeInactive();
        shared.Server.Clock.Advance(TimeSpan.FromHours(1));
        (await Web.IntrospectAsync(tokens.AccessToken)).ShouldBeInactive();
    }

    [Fact]
    public async Task The_tokens_of_a_client_that_was_disabled_are_inactive()
    {
        var clients = shared.Server.Get<FunctionsAuth.Protocol.Clients.IClientStore>();
        var service = (await clients.FindAsync("service", default))!;
        await shared.Server.RegisterAsync(service with { ClientId = "gone", ClientSecrets = [new(ServerRecords.HashOf(RawRequests.SecretOf("gone")))] });
        var token = (await shared.App("gone").PostAsync("token", [("grant_type", "client_credentials"), ("scope", "api.read")])).ShouldBeOk().AccessToken;
        Assert.True((await shared.App("api").IntrospectAsync(token)).ShouldBeOk().IsActive);
        await shared.Server.RegisterAsync((await clients.FindAsync("gone", default))! with { Disabled = true });
        shared.Server.Clock.Advance(TimeSpan.FromSeconds(61));
        (await shared.App("api").IntrospectAsync(token)).ShouldBeInactive();
    }

    [Fact]
    public async Task Who_asks_must_authenticate()
    {
        var tokens = await shared.TokensAsync();
        (await shared.Server.PostAsync("introspect", $"token={tokens.AccessToken}")).ShouldFail("invalid_client", 401);
        (await shared.Server.PostAsync("introspect", $"token={tokens.AccessToken}", $"Bearer {tokens.AccessToken}")).ShouldFail("invalid_client", 401);
        var spas = await shared.TokensAsync("spa", "openid");
        (await shared.App("spa").IntrospectAsync(spas.AccessToken)).ShouldFail("invalid_client", 401);
    }

    [Fact]
    public async Task A_missing_token_is_an_invalid_request() => (await Web.PostAsync("introspect", [])).ShouldFail("invalid_request");
}
