using System.Text.Json;
using FunctionsAuth.Server.Tests.Harness;
using FunctionsAuth.Server.Tests.Register;

namespace FunctionsAuth.Server.Tests.FrontChannel;

/// <summary>What follows for resources, single claims and the front channel when a person leaves out scopes, and whose scopes can be left out.</summary>
public sealed class OptionalAccessTests(ChoosyServer shared) : IClassFixture<ChoosyServer>
{
    private const string Photos = "https://photos.example";
    private const string Whole = "https://whole.example";

    [Fact]
    public async Task A_resource_whose_scopes_are_all_left_out_is_no_audience()
    {
        var browser = await shared.NewUserAsync();
        var page = await ChoosyServer.OpenAsync(browser, "openid photos.read photos.write", request => request.Add("resource", Photos));
        var answer = await ChoosyServer.AllowAsync(browser, page);
        var tokens = await shared.RedeemAsync(answer);
        Assert.Equal([RunningServer.Issuer], AudienceOf(tokens));

        page = await ChoosyServer.OpenAsync(browser, "openid photos.read", request => request.Add("resource", Photos));
        var code = Expect.Code(await ChoosyServer.AllowAsync(browser, page), ChoosyServer.Callback);
        (await shared.App.RedeemAsync(code, ("resource", Photos))).ShouldFail("invalid_target");
    }

    [Fact]
    public async Task One_of_its_scopes_is_enough_to_keep_it()
    {
        var browser = await shared.NewUserAsync();
        var page = await ChoosyServer.OpenAsync(browser, "openid photos.read photos.write", request => request.Add("resource", Photos));
        var tokens = await shared.RedeemAsync(await ChoosyServer.AllowAsync(browser, page, "scope:photos.read"));
        Assert.Equal([Photos, RunningServer.Issuer], AudienceOf(tokens));
    }

    [Fact]
    public async Task A_resource_that_is_allowed_as_a_whole_stays()
    {
        var browser = await shared.NewUserAsync();
        var page = await ChoosyServer.OpenAsync(browser, "openid photos.read", request => request.Add("resource", Photos).Add("resource", Whole));
        var tokens = await shared.RedeemAsync(await ChoosyServer.AllowAsync(browser, page));
        Assert.Equal([Whole, RunningServer.Issuer], AudienceOf(tokens));
    }

    [Fact]
    public async Task Without_a_resource_in_the_request_the_audience_follows_from_what_is_left()
    {
        var browser = await shared.NewUserAsync();
        var page = await ChoosyServer.OpenAsync(browser, "openid photos.read api.read");
        var tokens = await shared.RedeemAsync(await ChoosyServer.AllowAsync(browser, page, "scope:api.read"));
        Assert.Equal(["https://api.example", RunningServer.Issuer], AudienceOf(tokens));
    }

    [Fact]
    public async Task A_claim_that_is_asked_for_by_its_name_can_be_left_out()
    {
        var browser = await shared.NewUserAsync();
        var page = await ChoosyServer.OpenAsync(browser, "openid", WithClaims);
        Assert.Equal(["claim:email", "claim:phone_number"], ChoosyServer.CheckboxesOn(page));
        var tokens = await shared.RedeemAsync(await ChoosyServer.AllowAsync(browser, page, "claim:phone_number"));
        await ShouldKnowPhoneOnlyAsync(tokens);
        var asked = ChoosyServer.Request("openid");
        WithClaims(asked);
        Expect.Asked(await browser.GetAsync(asked.Url), "consent");
    }

    [Fact]
    public async Task A_claim_is_left_out_with_its_scope_although_it_is_asked_for_by_its_name_too()
    {
        var browser = await shared.NewUserAsync();
        var page = await ChoosyServer.OpenAsync(browser, "openid email phone", WithClaims);
        Assert.Equal(["scope:email", "scope:phone"], ChoosyServer.CheckboxesOn(page));
        await ShouldKnowPhoneOnlyAsync(await shared.RedeemAsync(await ChoosyServer.AllowAsync(browser, page, "scope:phone")));
    }

    [Fact]
    public async Task The_front_channel_says_what_was_granted_and_its_tokens_have_no_more()
    {
        var browser = await shared.NewUserAsync();
        var page = await ChoosyServer.OpenAsync(browser, "openid email photos.read", request => WithClaims(request.With("response_type", "code id_token token")));
        var answer = (await ChoosyServer.AllowAsync(browser, page, "scope:photos.read")).Parameters;
        Assert.Equal("openid photos.read", answer["scope"]);
        Assert.Equal("openid photos.read", JsonAnswer.Claims(answer["access_token"]).GetProperty("scope").GetString());
        Assert.False(JsonAnswer.Claims(answer["id_token"]).TryGetProperty("email", out _));
        Assert.Equal("openid photos.read", (await shared.App.RedeemAsync(answer["code"])).ShouldBeOk()["scope"]);
    }

    [Fact]
    public async Task A_client_of_the_operator_that_names_no_required_scopes_needs_all_of_them()
    {
        var browser = await shared.NewUserAsync();
        var request = new AuthorizationParameters("third-party", "https://third.example/callback", "openid profile email offline_access");
        WithClaims(request);
        var page = await browser.FollowAsync(await browser.GetAsync(request.Url));
        Assert.Empty(ChoosyServer.CheckboxesOn(page));
        var code = Expect.Code(await ChoosyServer.AllowAsync(browser, page), "https://third.example/callback");
        Assert.Equal("openid profile email offline_access", (await new ClientApp(shared.Server, "third-party").RedeemAsync(code)).ShouldBeOk()["scope"]);
    }

    [Fact]
    public async Task A_client_that_registered_itself_gets_what_the_person_leaves_checked()
    {
        var registrar = new Registrar(shared.Server);
        var client = await registrar.RegisterAsync(token: await registrar.NewTokenAsync());
        var browser = await shared.NewUserAsync();
        var page = await browser.FollowAsync(await browser.GetAsync(Registrar.RequestOf(client["client_id"]!, "openid profile email").Url));
        Assert.Equal(["scope:profile", "scope:email"], ChoosyServer.CheckboxesOn(page));
        var code = Expect.Code(await ChoosyServer.AllowAsync(browser, page, "scope:profile"), Registrar.Callback);
        Assert.Equal("openid profile", (await registrar.RedeemAsync(client["client_id"]!, code, client["client_secret"])).ShouldBeOk()["scope"]);
    }

    private static void WithClaims(AuthorizationParameters request) =>
        request.With("claims", """{"userinfo":{"email":null,"phone_number":{"essential":true}},"id_token":{"email":null,"acr":null}}""");

    private async Task ShouldKnowPhoneOnlyAsync(JsonAnswer tokens)
    {
        var userInfo = (await shared.App.UserInfoAsync(tokens.AccessToken)).ShouldBeOk();
        Assert.Equal(["sub", "phone_number"], userInfo.Json.EnumerateObject().Select(claim => claim.Name));
        Assert.False(JsonAnswer.Claims(tokens.IdToken).TryGetProperty("email", out _));
        Assert.True(JsonAnswer.Claims(tokens.IdToken).TryGetProperty("acr", out _));
    }

    private static IEnumerable<string> AudienceOf(JsonAnswer tokens) => JsonAnswer.Claims(tokens.AccessToken).GetProperty("aud") is { ValueKind: JsonValueKind.Array } several
        ? several.EnumerateArray().Select(one => one.GetString()!)
        : [JsonAnswer.Claims(tokens.AccessToken).GetProperty("aud").GetString()!];
}
