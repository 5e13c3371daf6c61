using FunctionsAuth.Protocol.Consents;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.FrontChannel;

/// <summary>RFC 6749 §3.3: a person may allow less than the client asks for, and the answers say what it got.</summary>
public sealed class OptionalScopeTests(ChoosyServer shared) : IClassFixture<ChoosyServer>
{
    [Fact]
    public async Task Each_scope_that_can_be_left_out_has_a_checkbox_that_is_checked()
    {
        var page = await ChoosyServer.OpenAsync(await shared.NewUserAsync(), "openid profile email offline_access photos.read terms");
        Assert.Equal(["scope:email", "scope:photos.read", "scope:offline_access"], ChoosyServer.CheckboxesOn(page));
        Assert.All(page.Document.QuerySelectorAll("input[type=checkbox]"), box => Assert.True(box.HasAttribute("checked")));
        Assert.Equal(
            ["Your profile", "Your email address", "See your photos", "terms"],
            page.Document.QuerySelectorAll(".scopes .scope-name").Select(name => name.TextContent));
    }

    [Fact]
    public async Task What_is_left_checked_is_granted()
    {
        var browser = await shared.NewUserAsync();
        var page = await ChoosyServer.OpenAsync(browser, "openid profile email photos.read");
        var tokens = await shared.RedeemAsync(await browser.SubmitAsync(page, ("action", "allow")));
        Assert.Equal("openid profile email photos.read", tokens["scope"]);
    }

    [Fact]
    public async Task What_is_unchecked_is_granted_nowhere()
    {
        var browser = await shared.NewUserAsync();
        var page = await ChoosyServer.OpenAsync(browser, "openid profile email offline_access photos.read photos.write");
        var tokens = await shared.RedeemAsync(await ChoosyServer.AllowAsync(browser, page, "scope:offline_access", "scope:photos.read"));

        const string granted = "openid profile offline_access photos.read";
        Assert.Equal(granted, tokens["scope"]);
        Assert.Equal(granted, JsonAnswer.Claims(tokens.AccessToken).GetProperty("scope").GetString());
        Assert.False(JsonAnswer.Claims(tokens.IdToken).TryGetProperty("email", out _));
        Assert.Null((await shared.App.UserInfoAsync(tokens.AccessToken)).ShouldBeOk()["email"]);
        var refreshed = (await shared.App.RefreshAsync(tokens.RefreshToken)).ShouldBeOk();
        Assert.Equal(granted, refreshed["scope"]);
        Assert.False(JsonAnswer.Claims(refreshed.IdToken).TryGetProperty("email", out _));
        (await shared.App.RefreshAsync(refreshed.RefreshToken, ("scope", "openid email"))).ShouldFail("invalid_scope");
        Assert.Equal(granted.Split(' '), (await ConsentAsync(tokens)).Scopes);
    }

    [Fact]
    public async Task The_client_that_asks_again_for_it_gets_the_page_and_for_the_rest_it_gets_none()
    {
        var browser = await shared.NewUserAsync();
        Expect.Code(await ChoosyServer.AllowAsync(browser, await ChoosyServer.OpenAsync(browser, "openid profile email")), ChoosyServer.Callback);
        Expect.Code(await browser.GetAsync(ChoosyServer.Request("openid profile").Url), ChoosyServer.Callback);
        Expect.Error(await browser.GetAsync(ChoosyServer.Request("openid profile email").With("prompt", "none").Url), "consent_required", ChoosyServer.Callback);

        var page = await ChoosyServer.OpenAsync(browser, "openid profile email");
        Assert.Equal(["scope:email"], ChoosyServer.CheckboxesOn(page));
        Expect.Code(await browser.SubmitAsync(page, ("action", "allow")), ChoosyServer.Callback);
        Expect.Code(await browser.GetAsync(ChoosyServer.Request("openid profile email").Url), ChoosyServer.Callback);
    }

    [Fact]
    public async Task What_was_allowed_before_and_is_unchecked_now_is_asked_for_again()
    {
        var browser = await shared.NewUserAsync();
        Expect.Code(await browser.SubmitAsync(await ChoosyServer.OpenAsync(browser, "openid email photos.read"), ("action", "allow")), ChoosyServer.Callback);
        var page = await ChoosyServer.OpenAsync(browser, "openid email photos.read", request => request.With("prompt", "consent"));
        var tokens = await shared.RedeemAsync(await ChoosyServer.AllowAsync(browser, page, "scope:photos.read"));
        Assert.Equal("openid photos.read", tokens["scope"]);
        Assert.Equal(["openid", "photos.read"], (await ConsentAsync(tokens)).Scopes);
        await ChoosyServer.OpenAsync(browser, "openid email");
    }

    [Fact]
    public async Task A_required_scope_can_not_be_left_out()
    {
        var browser = await shared.NewUserAsync();
        var page = await ChoosyServer.OpenAsync(browser, "openid profile terms email");
        Assert.Equal("openid profile terms", (await shared.RedeemAsync(await ChoosyServer.AllowAsync(browser, page)))["scope"]);
    }

    [Fact]
    public async Task A_scope_that_was_not_asked_for_can_not_be_posted()
    {
        var browser = await shared.NewUserAsync();
        var page = await ChoosyServer.OpenAsync(browser, "openid email");
        var answer = await ChoosyServer.AllowAsync(browser, page, "scope:email", "scope:photos.read", "scope:", "scope:admin", "claim:phone_number", "scope");
        var tokens = await shared.RedeemAsync(answer);
        Assert.Equal("openid email", tokens["scope"]);
        Assert.Equal(["openid", "email"], (await ConsentAsync(tokens)).Scopes);
        Assert.Empty((await ConsentAsync(tokens)).Claims);
    }

    [Theory]
    [InlineData("scope:email=false")]
    [InlineData("scope:email=")]
    [InlineData("scope:EMAIL=true")]
    [InlineData("scope:email=true&scope:email=true")]
    public async Task Only_a_checkbox_that_is_checked_once_allows(string posted)
    {
        var browser = await shared.NewUserAsync();
        var fields = (await ChoosyServer.OpenAsync(browser, "openid email")).HiddenFields().Append(new("action", "allow"))
            .Concat(posted.Split('&').Select(pair => KeyValuePair.Create(pair.Split('=')[0], pair.Split('=')[1])));
        Assert.Equal("openid", (await shared.RedeemAsync(await browser.PostAsync("consent", fields)))["scope"]);
    }

    [Theory]
    [InlineData("photos.read")]
    [InlineData("photos.read photos.write")]
    [InlineData("photos.read offline_access", "scope:offline_access")]
    public async Task If_nothing_is_left_the_client_hears_access_denied(string scope, params string[] left)
    {
        var browser = await shared.NewUserAsync();
        var page = await ChoosyServer.OpenAsync(browser, scope);
        Expect.Error(await ChoosyServer.AllowAsync(browser, page, left), "access_denied", ChoosyServer.Callback);
        Expect.Asked(await browser.GetAsync(ChoosyServer.Request(scope).Url), "consent");
    }

    [Fact]
    public async Task Without_access_while_the_person_is_away_the_refresh_token_ends_with_the_session()
    {
        var browser = await shared.NewUserAsync();
        var page = await ChoosyServer.OpenAsync(browser, "openid offline_access");
        var tokens = await shared.RedeemAsync(await ChoosyServer.AllowAsync(browser, page));
        Assert.Equal("openid", tokens["scope"]);
        await browser.SubmitAsync(await browser.GetAsync("logout"), ("action", "logout"));
        (await shared.App.RefreshAsync(tokens.RefreshToken)).ShouldFail("invalid_grant");
    }

    [Fact]
    public async Task What_an_operator_changes_while_the_person_reads_is_not_allowed_by_the_answer()
    {
        var browser = await shared.NewUserAsync();
        var page = await ChoosyServer.OpenAsync(browser, "openid email photos.write");
        await shared.ChangeAsync(client => client with { RequiredScopes = ["email"] });
        try
        {
            Expect.Page(await ChoosyServer.AllowAsync(browser, page, "scope:photos.write"), "expired");
        }
        finally
        {
            await shared.ChangeAsync(client => client with { RequiredScopes = ["profile"] });
        }
        Expect.Code(await ChoosyServer.AllowAsync(browser, page, "scope:photos.write"), ChoosyServer.Callback);
    }

    [Fact]
    public async Task The_scopes_that_decide_who_may_use_the_client_can_not_be_left_out()
    {
        await shared.ChangeAsync(client => client with { ScopeMaps = new Dictionary<string, IReadOnlyList<string>> { ["family"] = ["photos.read"] } });
        try
        {
            var (browser, subject) = await shared.NewPersonAsync();
            await shared.Server.PutIntoGroupsAsync(subject, "family");
            var page = await ChoosyServer.OpenAsync(browser, "openid email photos.read photos.write");
            Assert.Equal(["scope:email", "scope:photos.write"], ChoosyServer.CheckboxesOn(page));
            Assert.Equal("openid photos.read", (await shared.RedeemAsync(await ChoosyServer.AllowAsync(browser, page)))["scope"]);
        }
        finally
        {
            await shared.ChangeAsync(client => client with { ScopeMaps = null });
        }
    }

    private async Task<Consent> ConsentAsync(JsonAnswer tokens) =>
        (await shared.Server.Get<IConsentStore>().FindAsync(JsonAnswer.Claims(tokens.IdToken).GetProperty("sub").GetString()!, ChoosyServer.ClientId, default))!;
}
