using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.FrontChannel;

public sealed class AuthorizationResponseTests(FrontServer shared) : IClassFixture<FrontServer>
{
    public static TheoryData<string> States => new(
        new string('s', 124) + "-._~",
        new string('s', 996) + "-._~",
        "a b+c%20d%&e=f#g?h/i",
        "\"><script>\\'",
        "é☃𝄞",
        "line\r\nSet-Cookie: a=b");

    [Theory]
    [MemberData(nameof(States))]
    public async Task The_state_comes_back_character_for_character(string state)
    {
        var alice = await shared.AliceAsync();
        Expect.Code(await alice.GetAsync(new AuthorizationParameters().With("state", state).Url), state: state);
        Expect.Error(await alice.GetAsync(new AuthorizationParameters().With("state", state).With("response_type", "x").Url), "unsupported_response_type", state: state);
    }

    [Theory]
    [InlineData(128)]
    [InlineData(1000)]
    public async Task And_so_it_does_after_a_login(int length)
    {
        var state = new string('s', length - 4) + "-._~";
        Expect.Code(await shared.NewBrowser().AuthorizeAsync(new AuthorizationParameters().With("state", state)), state: state);
    }

    [Fact]
    public async Task No_state_comes_back_when_none_was_sent()
    {
        Expect.Code(await (await shared.AliceAsync()).GetAsync(new AuthorizationParameters().With("state", null).Url), state: null);
        Expect.Code(await (await shared.AliceAsync()).GetAsync(new AuthorizationParameters().With("state", "").Url), state: null);
    }

    [Fact]
    public async Task Every_code_is_another_one_with_enough_chance_in_it()
    {
        var alice = await shared.AliceAsync();
        var codes = new HashSet<string>();
        for (var i = 0; i < 5; i++)
            Assert.True(codes.Add(Expect.Code(await alice.GetAsync(new AuthorizationParameters().Url))));
        Assert.All(codes, code => Assert.Matches("^[A-Za-z0-9_-]{64,}$", code));
    }

    [Theory]
    [InlineData("extra", "foobar")]
    [InlineData("display", "page")]
    [InlineData("display", "popup")]
    [InlineData("ui_locales", "se")]
    [InlineData("claims_locales", "se")]
    [InlineData("acr_values", "1 2")]
    [InlineData("claims", """{"userinfo":{"name":{"essential":true}}}""")]
    [InlineData("audience", "https://api.example")]
    [InlineData("error", "x")]
    [InlineData("code", "x")]
    public async Task A_parameter_that_the_server_does_not_know_is_ignored(string name, string value) =>
        Expect.Code(await (await shared.AliceAsync()).GetAsync(new AuthorizationParameters().With(name, value).Url));

    [Theory]
    [InlineData("request", "invalid_request_object")]
    [InlineData("request_uri", "invalid_request_uri")]
    [InlineData("registration", "registration_not_supported")]
    public async Task Each_parameter_of_OpenID_Connect_has_its_own_error(string parameter, string error)
    {
        var request = new AuthorizationParameters().With(parameter, "https://web.example/x");
        Expect.Error(await (await shared.AliceAsync()).GetAsync(request.Url), error);
    }

    [Fact]
    public async Task A_bad_request_object_is_told_to_nobody_else()
    {
        var request = new AuthorizationParameters(redirectUri: "https://web.example/callback_invalid").With("request", "eyJhbGciOiJub25lIn0.e30.");
        Expect.Page(await shared.NewBrowser().GetAsync(request.Url), "request object");
    }

    [Fact]
    public async Task The_order_of_the_parameters_does_not_matter()
    {
        var request = new AuthorizationParameters(scope: "profile openid");
        var reversed = string.Join('&', request.Encoded.Split('&').Reverse());
        Expect.Code(await (await shared.AliceAsync()).GetAsync($"{RunningServer.Issuer}/authorize?{reversed}"));
    }

    [Fact]
    public async Task The_redirect_is_one_that_never_posts_a_password_on()
    {
        var browser = shared.NewBrowser();
        var page = await browser.FollowAsync(await browser.GetAsync(new AuthorizationParameters().Url));
        var answer = await browser.LoginAsync(page);
        Assert.Equal(System.Net.HttpStatusCode.SeeOther, answer.Status); // RFC 9700 §4.12: not 307
        Assert.Equal("", answer.Body);
    }
}
