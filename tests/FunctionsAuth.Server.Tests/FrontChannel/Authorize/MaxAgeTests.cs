using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.FrontChannel;

public sealed class MaxAgeTests(FrontServer shared) : IClassFixture<FrontServer>
{
    [Theory]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("1.5")]
    [InlineData("1e3")]
    [InlineData(" 1")]
    [InlineData("0x10")]
    [InlineData("abc")]
    [InlineData("١")]
    [InlineData("1 0")]
    public async Task What_is_no_number_of_seconds_is_an_error(string maxAge) =>
        Expect.Error(await (await shared.AliceAsync()).GetAsync(With(maxAge).Url), "invalid_request");

    [Theory]
    [InlineData("10000")]
    [InlineData("2147483648")]
    [InlineData("9999999999")]
    public async Task A_login_that_is_young_enough_is_used(string maxAge) =>
        Expect.Code(await (await shared.AliceAsync()).GetAsync(With(maxAge).Url));

    [Theory]
    [InlineData("99999999999")]
    [InlineData("99999999999999999999999999")]
    public async Task A_number_beyond_all_measure_does_no_harm(string maxAge) =>
        Expect.Error(await (await shared.AliceAsync()).GetAsync(With(maxAge).Url), "invalid_request");

    [Fact]
    public async Task Zero_asks_even_a_user_who_signed_in_this_very_second()
    {
        var browser = await shared.SignedInAsync("alice");
        var page = await browser.FollowAsync(await browser.GetAsync(With("0").Url));
        Expect.Form(page, "login");
        Expect.Code(await browser.LoginAsync(page));
    }

    [Fact]
    public async Task An_older_login_is_asked_for_again_and_then_the_token_says_so()
    {
        var browser = await shared.SignedInAsync("alice");
        shared.Server.Clock.Advance(TimeSpan.FromSeconds(60));
        Expect.Code(await browser.GetAsync(With("60").Url));

        shared.Server.Clock.Advance(TimeSpan.FromSeconds(1));
        Expect.Error(await browser.GetAsync(With("60").With("prompt", "none").Url), "login_required");
        var page = await browser.FollowAsync(await browser.GetAsync(With("60").Url));
        Expect.Form(page, "login");
        var code = Expect.Code(await browser.LoginAsync(page));

        var tokens = await new ClientApp(shared.Server).RedeemAsync(code);
        Assert.Equal(shared.Server.Clock.GetUtcNow().ToUnixTimeSeconds(), JsonAnswer.Claims(tokens.IdToken).GetProperty("auth_time").GetInt64());
    }

    [Fact]
    public async Task A_client_can_register_one_for_all_its_requests()
    {
        await shared.Server.RegisterAsync(new Client { ClientId = "hasty", RedirectUris = ["https://hasty.example/callback"], FirstParty = true, DefaultMaxAge = 30 });
        var browser = await shared.SignedInAsync("alice");
        Expect.Code(await browser.GetAsync(new AuthorizationParameters("hasty").Url), "https://hasty.example/callback");

        shared.Server.Clock.Advance(TimeSpan.FromSeconds(31));
        Expect.Asked(await browser.GetAsync(new AuthorizationParameters("hasty").Url), "login");
        Expect.Code(await browser.GetAsync(new AuthorizationParameters("hasty").With("max_age", "100").Url), "https://hasty.example/callback");
    }

    private static AuthorizationParameters With(string maxAge) => new AuthorizationParameters().With("max_age", maxAge);
}
