using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.FrontChannel;

/// <summary>RFC 8252 §7.3: a native app takes whatever port is free; nothing else may differ.</summary>
public sealed class LoopbackRedirectTests(FrontServer shared) : IClassFixture<FrontServer>
{
    [Theory]
    [InlineData("http://127.0.0.1/callback")]
    [InlineData("http://127.0.0.1:1/callback")]
    [InlineData("http://127.0.0.1:80/callback")]
    [InlineData("http://127.0.0.1:51004/callback")]
    [InlineData("http://127.0.0.1:65535/callback")]
    [InlineData("com.example.app:/callback")]
    public async Task A_native_app_listens_on_any_port(string redirectUri)
    {
        var request = new AuthorizationParameters("native", redirectUri);
        Expect.Asked(await shared.NewBrowser().GetAsync(request.Url), "login");
        Expect.Error(await shared.NewBrowser().GetAsync(request.With("prompt", "none").Url), "login_required", redirectUri);
    }

    [Theory]
    [InlineData("http://127.0.0.1:51004/other")]
    [InlineData("http://127.0.0.1:51004/callback/")]
    [InlineData("http://127.0.0.1:51004/Callback")]
    [InlineData("http://127.0.0.1:51004")]
    [InlineData("http://127.0.0.1:51004/callback?x=1")]
    [InlineData("http://127.0.0.1:51004/callback#x")]
    [InlineData("https://127.0.0.1:51004/callback")]
    [InlineData("http://localhost:51004/callback")]
    [InlineData("http://[::1]:51004/callback")]
    [InlineData("http://127.0.0.2:51004/callback")]
    [InlineData("http://127.1:51004/callback")]
    [InlineData("http://127.0.0.1.evil.example:51004/callback")]
    [InlineData("http://127.0.0.1:51004@evil.example/callback")]
    [InlineData("http://127.0.0.1:pw@evil.example:80/callback")]
    [InlineData("http://user@127.0.0.1:51004/callback")]
    [InlineData("http://127.0.0.1:0/callback")]
    [InlineData("http://127.0.0.1:65536/callback")]
    [InlineData("http://127.0.0.1:99999999999999999999/callback")]
    [InlineData("http://127.0.0.1:/callback")]
    [InlineData("http://127.0.0.1:-1/callback")]
    [InlineData("http://127.0.0.1:+80/callback")]
    [InlineData("http://127.0.0.1: 80/callback")]
    [InlineData("http://127.0.0.1:8o/callback")]
    [InlineData("http://127.0.0.1:80:80/callback")]
    [InlineData("com.example.app:/other")]
    [InlineData("com.example.app://callback")]
    [InlineData("COM.example.app:/callback")]
    public async Task But_not_on_another_host_path_or_scheme_nor_on_what_is_no_port(string redirectUri)
    {
        var answer = await shared.NewBrowser().GetAsync(new AuthorizationParameters("native", redirectUri).Url);
        Expect.Page(answer, "The redirect_uri is not registered for this client");
    }

    [Fact]
    public async Task The_answer_goes_to_the_port_of_the_request()
    {
        var request = new AuthorizationParameters("native", "http://127.0.0.1:51004/callback");
        Expect.Code(await shared.NewBrowser().AuthorizeAsync(request), "http://127.0.0.1:51004/callback");
    }
}
