using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.FrontChannel;

/// <summary>The issuer comes from the settings: nothing that a request says changes it, or where anybody is sent.</summary>
public sealed class HostHeaderTests(FrontServer shared) : IClassFixture<FrontServer>
{
    public static TheoryData<string, string> Headers => new()
    {
        { "Host", "evil.example" },
        { "X-Forwarded-Host", "evil.example" },
        { "X-Forwarded-Proto", "http" },
        { "X-Forwarded-Prefix", "/evil" },
        { "X-Original-Host", "evil.example" },
        { "X-Original-URL", "/evil" },
        { "Forwarded", "host=evil.example;proto=http" },
    };

    [Theory]
    [MemberData(nameof(Headers))]
    public async Task No_header_changes_an_address(string name, string value)
    {
        var metadata = await shared.Server.Http.GetStringAsync(".well-known/openid-configuration");
        Assert.Equal(metadata, (await SendAsync("/.well-known/openid-configuration", "")).Body);

        Expect.Asked(await SendAsync("/authorize", new AuthorizationParameters().Encoded), "login");
        var silent = await SendAsync("/authorize", new AuthorizationParameters().With("prompt", "none").Encoded);
        // Under another host name there are no cookies to answer from: that is done at the public one.
        Expect.Error(name == "Host" ? await shared.NewBrowser().GetAsync(silent.Location!) : silent, "login_required");
        var opened = await SendAsync("/authorize", new AuthorizationParameters().Encoded);
        Assert.StartsWith($"{RunningServer.Issuer}/login?", opened.Location, StringComparison.Ordinal);
        Assert.Equal(name != "Host", opened.Response.Headers.Contains("Set-Cookie"));

        Task<Answer> SendAsync(string path, string query) => ExactRequest.GetAsync(shared.Server, path, query, (name, value));
    }
}
