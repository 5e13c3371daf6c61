using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.FrontChannel;

/// <summary>RFC 6749 §3.1: no parameter may be there more than once; RFC 8707 §2: but resource may.</summary>
public sealed class RepeatedParameterTests(FrontServer shared) : IClassFixture<FrontServer>
{
    [Theory]
    [InlineData("client_id", "web")]
    [InlineData("client_id", "spa")]
    [InlineData("redirect_uri", "https://web.example/callback")]
    [InlineData("redirect_uri", "https://evil.example/callback")]
    public async Task A_client_or_redirect_uri_that_is_repeated_gets_a_page(string name, string value) =>
        Expect.Page(await shared.NewBrowser().GetAsync(new AuthorizationParameters().Add(name, value).Url), name);

    [Theory]
    [InlineData("response_type", "code")]
    [InlineData("scope", "openid")]
    [InlineData("nonce", "again")]
    [InlineData("code_challenge", "again")]
    [InlineData("code_challenge_method", "S256")]
    public async Task Another_one_goes_back_to_the_client(string name, string value) =>
        Expect.Error(await shared.NewBrowser().GetAsync(new AuthorizationParameters().Add(name, value).Url), "invalid_request");

    [Theory]
    [InlineData("prompt", "login")]
    [InlineData("max_age", "1")]
    [InlineData("login_hint", "alice")]
    [InlineData("response_mode", "fragment")]
    [InlineData("id_token_hint", "x")]
    [InlineData("nobody-knows-it", "x")]
    public async Task And_so_does_one_that_need_not_be_there(string name, string value)
    {
        var request = new AuthorizationParameters().Add(name, value).Add(name, value);
        Expect.Error(await shared.NewBrowser().GetAsync(request.Url), "invalid_request");
    }

    [Fact]
    public async Task Of_two_states_none_comes_back()
    {
        var request = new AuthorizationParameters().Add("state", "another");
        Expect.Error(await shared.NewBrowser().GetAsync(request.Url), "invalid_request", state: null);
    }

    [Fact]
    public async Task A_resource_may_be_repeated()
    {
        var request = new AuthorizationParameters(scope: "openid api.read other.read")
            .Add("resource", "https://api.example").Add("resource", "https://other.example");
        Expect.Code(await (await shared.AliceAsync()).GetAsync(request.Url));
    }
}
