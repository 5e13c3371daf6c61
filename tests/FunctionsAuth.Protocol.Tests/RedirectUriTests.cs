using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Configuration;

namespace FunctionsAuth.Protocol.Tests;

public sealed class RedirectUriTests
{
    [Theory]
    [InlineData("https://app.example/callback")]
    [InlineData("https://app.example/CALLBACK")]
    [InlineData("https://APP.example/cb")]
    [InlineData("https://app.example/cb/")]
    [InlineData("https://app.example:443/cb")]
    [InlineData("https://app.example:8443/cb")]
    [InlineData("https://app.example/cb?x=1")]
    [InlineData("https://app.example/cb#x")]
    [InlineData("https://user@app.example/cb")]
    [InlineData("https://app.example/c%62")]
    [InlineData("https://app.example./cb")]
    [InlineData("https://app.example/../cb")]
    [InlineData("https://app.example/cb ")]
    [InlineData("http://app.example/cb")]
    [InlineData("https://app.example.evil.example/cb")]
    [InlineData("")]
    public void Anything_but_the_registered_text_is_another_uri(string presented) =>
        Assert.False(RedirectUriRules.Matches("https://app.example/cb", presented));

    [Theory]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1:1/cb", true)]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1:65535/cb", true)]
    [InlineData("http://127.0.0.1:3000/cb", "http://127.0.0.1/cb", true)]
    [InlineData("http://[::1]:3000/cb?a=b", "http://[::1]:4000/cb?a=b", true)]
    [InlineData("http://localhost:3000/cb", "http://localhost:4000/cb", true)]
    [InlineData("http://127.0.0.1", "http://127.0.0.1:3000/", true)]
    [InlineData("http://localhost:3000/", "http://localhost:3000", true)]
    [InlineData("http://localhost/?a=b", "http://localhost:3000?a=b", true)]
    [InlineData("http://localhost", "http://localhost:3000//", false)]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1:3000/cb/", false)]
    [InlineData("https://app.example", "https://app.example/", false)]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1:0/cb", false)]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1:65536/cb", false)]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1:+80/cb", false)]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1: 80/cb", false)]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1:/cb", false)]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1:80@evil.example/cb", false)]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1.evil.example/cb", false)]
    [InlineData("http://127.0.0.1/cb", "http://127.0.0.1:80/other", false)]
    [InlineData("http://127.0.0.1/cb", "http://localhost/cb", false)]
    [InlineData("http://127.0.0.1/cb", "http://[::1]/cb", false)]
    [InlineData("http://127.0.0.1/cb", "https://127.0.0.1/cb", false)]
    [InlineData("https://localhost/cb", "https://localhost:444/cb", false)]
    public void Only_the_port_of_a_loopback_uri_may_differ(string registered, string presented, bool matches) =>
        Assert.Equal(matches, RedirectUriRules.Matches(registered, presented));

    [Theory]
    [InlineData("https://app.example/cb", true)]
    [InlineData("http://localhost:3000/cb", true)]
    [InlineData("com.example.app:/callback", true)]
    [InlineData("http://app.example/cb", false)]
    [InlineData("https://app.example/cb#fragment", false)]
    [InlineData("https://user:secret@app.example/cb", false)]
    [InlineData("javascript:alert(1)", false)]
    [InlineData("data:text/html,x", false)]
    [InlineData("myapp:/callback", true)]
    [InlineData("vscode://vendor.extension/callback", true)]
    [InlineData("JavaScript:alert(1)", false)]
    [InlineData("javascript://%0aalert(1)", false)]
    [InlineData("vbscript:x", false)]
    [InlineData("blob:https://app.example/1", false)]
    [InlineData("filesystem:https://app.example/1", false)]
    [InlineData("file:///etc/passwd", false)]
    [InlineData("about:blank", false)]
    [InlineData("view-source:https://app.example", false)]
    [InlineData("mailto:a@b.example", false)]
    [InlineData("ms-word:ofe|u|https://app.example", false)]
    [InlineData("ms-msdt:/id", false)]
    [InlineData("search-ms:query=x", false)]
    [InlineData("intent://x", false)]
    [InlineData("ws://app.example", false)]
    [InlineData("ftp://app.example", false)]
    [InlineData("urn:example:x", false)]
    [InlineData("/callback", false)]
    [InlineData("https://app.example/c b", false)]
    [InlineData("http://localhost.evil.example/cb", false)]
    public void A_uri_can_be_registered_only_if_a_code_sent_there_reaches_the_client(string uri, bool allowed) =>
        Assert.Equal(allowed, RedirectUriRules.ProblemOf(uri) is null);

    [Theory]
    [InlineData("com.example.app:/callback", true)]
    [InlineData("cursor://anysphere.cursor-mcp/oauth/callback", true)]
    [InlineData("myapp:/callback", false)]
    [InlineData("https://app.example/cb", true)]
    [InlineData("http://localhost:3000/cb", true)]
    public void A_scheme_without_a_dot_must_be_in_the_list_for_a_client_that_nobody_vouches_for(string uri, bool allowed)
    {
        var schemes = new RegistrationOptions().PrivateUseSchemes.Split(' ');
        Assert.Equal(allowed, RedirectUriRules.ProblemOfRegistrant(uri, schemes) is null);
    }

    [Theory]
    [InlineData("https://app.example/cb?x=1", "https://app.example")]
    [InlineData("https://APP.example:443/cb", "https://app.example")]
    [InlineData("https://app.example:8443/cb", "https://app.example:8443")]
    [InlineData("https://user@app.example/cb", "https://app.example")]
    [InlineData("https://\u00fc.example/cb", "https://xn--tda.example")]
    [InlineData("http://[::1]:3000/cb", "http://[::1]:3000")]
    [InlineData("com.example.app:/callback", null)]
    [InlineData("/callback", null)]
    public void The_origin_is_written_as_browsers_do(string uri, string? origin) => Assert.Equal(origin, WebOrigin.Of(uri));
}
