using FunctionsAuth.Protocol.Grants;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.FrontChannel;

public sealed class PkceTests(FrontServer shared) : IClassFixture<FrontServer>
{
    private static readonly string Challenge = Pkce.ChallengeOf(AuthorizationParameters.Verifier);

    [Theory]
    [InlineData("web")]
    [InlineData("spa")]
    public async Task A_request_without_challenge_is_refused(string client)
    {
        var request = new AuthorizationParameters(client).With("code_challenge", null).With("code_challenge_method", null);
        Expect.Error(await (await shared.AliceAsync()).GetAsync(request.Url), "invalid_request", $"https://{client}.example/callback");
    }

    [Theory]
    [InlineData(null)] // RFC 7636 §4.3: it would mean plain
    [InlineData("plain")]
    [InlineData("s256")]
    [InlineData("S512")]
    public async Task Only_S256_is_accepted(string? method)
    {
        var request = new AuthorizationParameters().With("code_challenge_method", method);
        Expect.Error(await (await shared.AliceAsync()).GetAsync(request.Url), "invalid_request");
    }

    public static TheoryData<string> MalformedChallenges => new(
        Challenge[..42], Challenge + "A", Challenge + "=", Challenge[..42] + "=", Challenge[..42] + "+", Challenge[..42] + "/", Challenge[..42] + " ",
        Challenge[..42] + "é", "x", new string('A', 128));

    [Theory]
    [MemberData(nameof(MalformedChallenges))]
    public async Task A_challenge_that_is_no_SHA_256_is_refused(string challenge)
    {
        var request = new AuthorizationParameters().With("code_challenge", challenge);
        Expect.Error(await (await shared.AliceAsync()).GetAsync(request.Url), "invalid_request");
    }

    [Fact]
    public async Task A_method_without_challenge_is_refused_even_where_PKCE_is_optional()
    {
        var request = new AuthorizationParameters("legacy").With("code_challenge", null);
        Expect.Error(await (await shared.AliceAsync()).GetAsync(request.Url), "invalid_request", "https://legacy.example/callback");
    }

    [Fact]
    public async Task A_client_that_is_registered_so_may_do_without()
    {
        var request = new AuthorizationParameters("legacy").With("code_challenge", null).With("code_challenge_method", null);
        var code = Expect.Code(await (await shared.AliceAsync()).GetAsync(request.Url), "https://legacy.example/callback");
        Assert.Equal(200, (await new ClientApp(shared.Server, "legacy").RedeemAsync(code, ("code_verifier", null))).Status);
    }

    [Fact]
    public async Task Where_it_is_optional_plain_is_still_refused()
    {
        var request = new AuthorizationParameters("legacy").With("code_challenge_method", "plain");
        Expect.Error(await (await shared.AliceAsync()).GetAsync(request.Url), "invalid_request", "https://legacy.example/callback");
    }
}
