using FunctionsAuth.Protocol.Grants;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.BackChannel;

/// <summary>Each request is wrong in one point; it is refused, and the code is as good as before.</summary>
public sealed class CodeRedemptionTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private const string Verifier = AuthorizationParameters.Verifier;

    public static TheoryData<string, string?> WrongFields => new()
    {
        { "code_verifier", null },
        { "code_verifier", "" },
        { "code_verifier", Verifier[..^1] + "0" },
        { "code_verifier", Verifier[..42] },
        { "code_verifier", Verifier + " " },
        { "code_verifier", Pkce.ChallengeOf(Verifier) },
        { "code_verifier", new string('a', 129) },
        { "redirect_uri", null },
        { "redirect_uri", "" },
        { "redirect_uri", "https://web.example/callback/" },
        { "redirect_uri", "https://WEB.example/callback" },
        // Registered, but not the one of the authorization request.
        { "redirect_uri", "https://web.example/other?tenant=1" },
    };

    [Theory]
    [MemberData(nameof(WrongFields))]
    public async Task A_wrong_field_is_refused_and_leaves_the_code_good(string name, string? value)
    {
        var code = await shared.CodeAsync();
        (await shared.App().RedeemAsync(code, (name, value))).ShouldFail("invalid_grant");
        (await shared.App().RedeemAsync(code)).ShouldBeOk();
    }

    [Theory]
    [InlineData("legacy")]
    [InlineData("third-party")]
    [InlineData("spa")]
    public async Task Another_client_is_refused_and_leaves_the_code_good(string other)
    {
        var code = await shared.CodeAsync();
        (await shared.App(other).RedeemAsync(code, ("redirect_uri", shared.App().RedirectUri))).ShouldFail("invalid_grant");
        (await shared.App().RedeemAsync(code)).ShouldBeOk();
    }

    [Fact]
    public async Task A_verifier_without_a_challenge_is_refused_and_leaves_the_code_good()
    {
        var code = await shared.CodeAsync("legacy", change: WithoutPkce);
        (await shared.App("legacy").RedeemAsync(code)).ShouldFail("invalid_grant");
        (await shared.App("legacy").RedeemAsync(code, ("code_verifier", null))).ShouldBeOk();
    }

    [Fact]
    public async Task A_client_that_may_go_without_PKCE_but_used_it_needs_the_verifier()
    {
        var code = await shared.CodeAsync("legacy");
        (await shared.App("legacy").RedeemAsync(code, ("code_verifier", null))).ShouldFail("invalid_grant");
        (await shared.App("legacy").RedeemAsync(code)).ShouldBeOk();
    }

    [Fact]
    public async Task A_redirect_uri_that_the_authorization_request_left_out_must_be_left_out()
    {
        var code = await shared.CodeAsync("third-party", "api.read", request => request.With("redirect_uri", null));
        (await shared.App("third-party").RedeemAsync(code)).ShouldFail("invalid_grant");
        (await shared.App("third-party").RedeemAsync(code, ("redirect_uri", null))).ShouldBeOk();
    }

    [Fact]
    public async Task A_code_is_good_until_its_minute_is_over()
    {
        var inTime = await shared.CodeAsync();
        var late = await shared.CodeAsync();
        shared.Server.Clock.Advance(TimeSpan.FromSeconds(59));
        (await shared.App().RedeemAsync(inTime)).ShouldBeOk();
        shared.Server.Clock.Advance(TimeSpan.FromSeconds(1));
        (await shared.App().RedeemAsync(late)).ShouldFail("invalid_grant");
    }

    [Fact]
    public async Task A_missing_code_is_an_invalid_request()
    {
        (await shared.App().RedeemAsync("", ("code", null))).ShouldFail("invalid_request");
        (await shared.App().RedeemAsync("")).ShouldFail("invalid_request");
    }

    [Fact]
    public async Task A_disabled_user_gets_no_tokens_and_a_code_of_before_stays_dead_when_the_account_is_enabled_again()
    {
        var code = await shared.CodeAsync();
        shared.Server.Clock.Advance(TimeSpan.FromSeconds(1));
        await shared.Server.SetDisabledAsync("alice-subject", true);
        (await shared.App().RedeemAsync(code)).ShouldFail("invalid_grant");
        await shared.Server.SetDisabledAsync("alice-subject", false);
        (await shared.App().RedeemAsync(code)).ShouldFail("invalid_grant");
        (await shared.App().RedeemAsync(await shared.CodeAsync())).ShouldBeOk();
    }

    [Fact]
    public async Task A_client_that_may_not_refresh_gets_no_refresh_token()
    {
        Assert.Null((await shared.TokensAsync("post", "openid"))["refresh_token"]);
        Assert.NotNull((await shared.TokensAsync("web", "openid"))["refresh_token"]);
    }

    [Fact]
    public async Task The_answer_says_when_the_token_expires_and_what_it_may_do()
    {
        var tokens = await shared.TokensAsync(scope: "openid api.read unknown-scope");
        Assert.Equal(System.Text.Json.JsonValueKind.Number, tokens.Json.GetProperty("expires_in").ValueKind);
        Assert.Equal(3600, tokens.Json.GetProperty("expires_in").GetInt64());
        Assert.Equal("Bearer", tokens["token_type"]);
        Assert.Equal("openid api.read", tokens["scope"]);
        Assert.Equal("no-cache", Assert.Single(tokens.Response.Headers.GetValues("Pragma")));
    }

    private static void WithoutPkce(AuthorizationParameters request) => request.With("code_challenge", null).With("code_challenge_method", null);
}
