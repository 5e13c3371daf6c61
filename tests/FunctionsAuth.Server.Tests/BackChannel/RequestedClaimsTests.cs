using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.BackChannel;

/// <summary>The claims parameter: OpenID Connect Core §5.5.</summary>
public sealed class RequestedClaimsTests(SharedServer shared) : IClassFixture<SharedServer>
{
    [Fact]
    public async Task Userinfo_has_the_claims_that_were_asked_for_one_by_one()
    {
        var tokens = await TokensAsync("""{"userinfo":{"name":{"essential":true},"email":null,"birthdate":null}}""");
        var answer = (await shared.App().UserInfoAsync(tokens.AccessToken)).ShouldBeOk();
        Assert.Equal(["sub", "name", "email"], answer.Json.EnumerateObject().Select(claim => claim.Name));
        Assert.False(JsonAnswer.Claims(tokens.IdToken).TryGetProperty("name", out _));
    }

    [Fact]
    public async Task The_ID_token_has_what_was_asked_for_there_also_after_a_refresh()
    {
        var tokens = await TokensAsync("""{"id_token":{"email":null,"auth_time":{"essential":true}}}""");
        Assert.Equal("alice@example.com", JsonAnswer.Claims(tokens.IdToken).GetProperty("email").GetString());
        var refreshed = (await shared.App().RefreshAsync(tokens.RefreshToken)).ShouldBeOk();
        Assert.Equal("alice@example.com", JsonAnswer.Claims(refreshed.IdToken).GetProperty("email").GetString());
        Assert.Null((await shared.App().UserInfoAsync(tokens.AccessToken)).ShouldBeOk()["email"]);
    }

    [Theory]
    [InlineData("""{"userinfo":{"email":{"value":"alice@example.com"}}}""", true)]
    [InlineData("""{"userinfo":{"email":{"value":"bob@example.com"}}}""", false)]
    [InlineData("""{"userinfo":{"email":{"values":["bob@example.com","alice@example.com"]}}}""", true)]
    [InlineData("""{"userinfo":{"email_verified":{"value":true},"email":{"essential":false}}}""", true)]
    public async Task A_claim_that_must_have_another_value_is_left_out(string claims, bool isThere)
    {
        var tokens = await TokensAsync(claims);
        Assert.Equal(isThere, (await shared.App().UserInfoAsync(tokens.AccessToken)).ShouldBeOk()["email"] is not null);
    }

    [Fact]
    public async Task A_client_gets_no_claim_of_a_scope_that_it_may_not_ask_for()
    {
        var code = await shared.CodeAsync("legacy", "openid", request => request.With("claims", """{"userinfo":{"name":{"essential":true}},"id_token":{"email":null}}"""));
        var tokens = (await shared.App("legacy").RedeemAsync(code)).ShouldBeOk();
        Assert.Equal(["sub"], (await shared.App("legacy").UserInfoAsync(tokens.AccessToken)).ShouldBeOk().Json.EnumerateObject().Select(claim => claim.Name));
        Assert.False(JsonAnswer.Claims(tokens.IdToken).TryGetProperty("email", out _));
    }

    [Theory]
    [InlineData("""{"id_token":{"sub":{"value":"alice-subject"}}}""")]
    [InlineData("""{"userinfo":{"sub":{"value":"alice-subject"}}}""")]
    public async Task The_subject_that_it_names_is_the_one_that_is_signed_in(string claims) =>
        Assert.NotEmpty(await shared.CodeAsync("web", "openid", request => request.With("prompt", "none").With("claims", claims)));

    [Fact]
    public async Task Another_subject_can_not_be_had_silently()
    {
        await shared.CodeAsync();
        var answer = await SilentAsync("""{"id_token":{"sub":{"value":"bob-subject"}}}""");
        Assert.Equal("login_required", answer.Parameters["error"]);
    }

    [Theory]
    [InlineData("""{"id_token":{"acr":{"essential":true,"values":["urn:example:gold"]}}}""")]
    [InlineData("""{"id_token":{"acr":{"essential":true,"value":"urn:example:gold"}}}""")]
    public async Task An_essential_acr_that_nobody_can_reach_is_refused(string claims) =>
        Assert.Equal("unmet_authentication_requirements", (await SilentAsync(claims)).Parameters["error"]);

    [Theory]
    [InlineData("""{"id_token":{"acr":{"essential":true,"values":["urn:example:gold","urn:functionsauth:acr:password"]}}}""")]
    [InlineData("""{"id_token":{"acr":{"values":["urn:example:gold"]}}}""")]
    [InlineData("""{"id_token":{"acr":null}}""")]
    public async Task The_acr_tells_the_truth(string claims)
    {
        var tokens = await TokensAsync(claims);
        Assert.Equal("urn:functionsauth:acr:password", JsonAnswer.Claims(tokens.IdToken).GetProperty("acr").GetString());
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("\"userinfo\"")]
    [InlineData("""{"userinfo":[]}""")]
    [InlineData("""{"userinfo":{"name":true}}""")]
    [InlineData("""{"userinfo":{"name":{"essential":"yes"}}}""")]
    [InlineData("""{"userinfo":{"name":{"values":"Alice"}}}""")]
    [InlineData("""{"userinfo":{"name":null,"name":null}}""")]
    public async Task What_is_malformed_is_refused(string claims) =>
        Assert.Equal("invalid_request", (await SilentAsync(claims)).Parameters["error"]);

    [Fact]
    public async Task A_claim_beyond_the_scopes_is_asked_for_on_the_consent_page_once()
    {
        var browser = new Browser(shared.Server);
        var first = new AuthorizationParameters("third-party", "https://third.example/callback");
        Assert.True((await browser.AuthorizeAsync(first)).Parameters.ContainsKey("code"));

        var more = first.With("claims", """{"userinfo":{"email":null}}""");
        var page = await browser.FollowAsync(await browser.GetAsync(more.Url));
        Assert.True(page.HasForm("consent"));
        Assert.Contains("Email address", page.Body, StringComparison.Ordinal);
        Assert.True((await browser.AuthorizeAsync(more)).Parameters.ContainsKey("code"));
        Assert.True((await browser.GetAsync(more.Url)).Parameters.ContainsKey("code"));
    }

    private Task<JsonAnswer> TokensAsync(string claims) => shared.TokensAsync("web", "openid offline_access", request => request.With("claims", claims));

    private async Task<Answer> SilentAsync(string claims) =>
        await shared.Alice.GetAsync(new AuthorizationParameters().With("prompt", "none").With("claims", claims).Url);
}
