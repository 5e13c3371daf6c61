using FunctionsAuth.LocalHost.Memory;
using FunctionsAuth.Server.Tests.Fapi;
using FunctionsAuth.Server.Tests.FrontChannel;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.BackChannel;

/// <summary>
/// Faults that other servers had (requirements BAS10 to BAS12). The rest of the baseline is tested where it belongs: BAS1 in FapiTests, BAS2 in
/// ClientAssertionTests, BAS4 in RefreshLifetimeTests, BAS5 in ResponseTypeTests and LegacyResponseTypeTests, BAS6 in CorsTests, BAS7 in the redirects of all tests, BAS9 in
/// DisabledTests, BAS13 in RedirectUriTests, BAS14 in ClientConfigurationTests. BAS3 and BAS8 are about grants that this server has not.
/// </summary>
public sealed class BaselineTests(SharedServer shared) : IClassFixture<SharedServer>
{
    /// <summary>BAS10: what one thing used up, another thing of the same name has not.</summary>
    [Fact]
    public async Task A_jti_belongs_to_what_it_stands_in()
    {
        var app = await new FapiApp(shared.Server, null, "baseline").RegisterAsync();
        Assert.Equal(200, await AskAsync("same", "same"));
        Assert.Equal(401, await AskAsync("same", "other"));
        Assert.Equal(400, await AskAsync("other", "same"));
        Assert.Equal(200, await AskAsync("third", "third"));

        async Task<int> AskAsync(string assertion, string proof) => (await app.PostAsync(
            "token",
            [("grant_type", "client_credentials"), ("scope", "api.read")],
            claims => claims["jti"] = assertion,
            app.Proofs.Make("POST", "token", change: (_, claims) => claims["jti"] = proof))).Status;
    }

    /// <summary>BAS10: a code is no refresh token, and the other way round.</summary>
    [Fact]
    public async Task No_handle_passes_for_another_kind()
    {
        var code = await shared.CodeAsync();
        (await shared.App().RefreshAsync(code)).ShouldFail("invalid_grant");
        var tokens = (await shared.App().RedeemAsync(code)).ShouldBeOk();
        (await shared.App().RedeemAsync(tokens.RefreshToken)).ShouldFail("invalid_grant");
        (await shared.App().UserInfoAsync(tokens.RefreshToken)).ShouldFail("invalid_token", 401);
    }

    /// <summary>BAS11: a new process knows what the one before used up.</summary>
    [Fact]
    public async Task After_a_restart_nothing_is_good_again()
    {
        var tables = new MemoryTableServiceClient(TimeProvider.System);
        var setup = new ServerSetup { Tables = _ => tables };
        JsonAnswer first;
        string code;
        await using (var before = await RunningServer.StartAsync(setup))
        {
            var app = new ClientApp(before);
            code = await new Browser(before).CodeAsync(app, "web", "openid offline_access");
            first = (await app.RedeemAsync(code)).ShouldBeOk();
            var second = (await app.RefreshAsync(first.RefreshToken)).ShouldBeOk();
            (await app.RefreshAsync(second.RefreshToken)).ShouldBeOk();
        }
        await using var after = await RunningServer.StartAsync(setup with { Import = false });
        after.Clock.Advance(TimeSpan.FromMinutes(5));
        (await new ClientApp(after).RefreshAsync(first.RefreshToken)).ShouldFail("invalid_grant");
        (await new ClientApp(after).RedeemAsync(code)).ShouldFail("invalid_grant");
    }

    /// <summary>BAS12: whatever stands there is a client error.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("Basic")]
    [InlineData("Basic ")]
    [InlineData("Basic ====")]
    [InlineData("Basic OjoZOjo6")]
    [InlineData("Basic /////w==")]
    [InlineData("Basic d2ViOiVmZiVGRiU=")]
    [InlineData("Bearer x")]
    [InlineData("DPoP x")]
    [InlineData("Digest username=\"x\"")]
    [InlineData("\u00ff\u00fe")]
    public async Task An_Authorization_header_is_refused_and_never_fails(string header)
    {
        foreach (var value in (string[])[header, header + new string('A', 8000)])
        {
            foreach (var route in (string[])["token", "par", "introspect", "revoke", "userinfo"])
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, route) { Content = new FormUrlEncodedContent([new("grant_type", "client_credentials"), new("token", "x")]) };
                request.Headers.TryAddWithoutValidation("Authorization", value);
                using var answer = await shared.Server.Http.SendAsync(request);
                Assert.InRange((int)answer.StatusCode, 400, 413);
            }
        }
    }

    /// <summary>BAS12.</summary>
    [Fact]
    public async Task A_scope_of_thousands_of_words_is_refused()
    {
        var words = string.Join(' ', Enumerable.Range(0, 5000).Select(i => $"s{i:x}"));
        Expect.Error(await new Browser(shared.Server).PostAsync($"{RunningServer.Issuer}/authorize", new AuthorizationParameters(scope: words).All), "invalid_scope");
        (await shared.App("service").PostAsync("token", [("grant_type", "client_credentials"), ("scope", words)])).ShouldFail("invalid_scope");
        var tooLarge = await new Browser(shared.Server).PostAsync($"{RunningServer.Issuer}/authorize", new AuthorizationParameters(scope: new string('s', 64 * 1024)).All);
        Assert.Equal(413, (int)tooLarge.Status);
    }
}
