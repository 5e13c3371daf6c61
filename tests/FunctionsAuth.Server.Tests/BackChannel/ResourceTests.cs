using System.Text.Json;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.BackChannel;

/// <summary>RFC 8707: the token endpoint narrows what the authorization gave.</summary>
public sealed class ResourceTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private const string Api = "https://api.example";
    private const string Other = "https://other.example";
    private const string Plain = "https://plain.example";
    private const string Everything = "openid api.read other.read anywhere offline_access";

    [Fact]
    public async Task Without_a_resource_the_token_is_for_every_API_of_its_scopes_and_for_userinfo()
    {
        var tokens = await shared.TokensAsync(scope: Everything);
        Assert.Equal([Api, Other, RunningServer.Issuer], Audience(tokens));
        Assert.Equal(Everything, Scope(tokens));
    }

    [Theory]
    [InlineData(Api, "api.read anywhere offline_access", "RS256")]
    [InlineData(Other, "other.read anywhere offline_access", "ES256")]
    [InlineData(RunningServer.Issuer, "openid anywhere offline_access", "RS256")]
    public async Task A_token_for_one_resource_has_its_audience_its_scopes_and_its_algorithm(string resource, string scope, string algorithm)
    {
        var tokens = (await shared.App().RedeemAsync(await shared.CodeAsync(scope: Everything), ("resource", resource))).ShouldBeOk();
        Assert.Equal([resource], Audience(tokens));
        Assert.Equal(JsonValueKind.String, JsonAnswer.Claims(tokens.AccessToken).GetProperty("aud").ValueKind);
        Assert.Equal(scope, Scope(tokens));
        Assert.Equal(algorithm, JsonAnswer.Header(tokens.AccessToken).GetProperty("alg").GetString());
        Assert.True((await PublishedKeys.ReadAsync(shared.Server)).Verify(tokens.AccessToken));
    }

    [Fact]
    public async Task Several_resources_are_allowed()
    {
        var code = await shared.CodeAsync(scope: Everything);
        var body = $"grant_type=authorization_code&code={code}&redirect_uri={Uri.EscapeDataString(shared.App().RedirectUri)}"
            + $"&code_verifier={AuthorizationParameters.Verifier}&resource={Uri.EscapeDataString(Api)}&resource={Uri.EscapeDataString(Other)}";
        var tokens = (await shared.Server.PostAsync("token", body, RawRequests.Basic("web", RawRequests.SecretOf("web")))).ShouldBeOk();
        Assert.Equal([Api, Other], Audience(tokens));
        Assert.Equal("api.read other.read anywhere offline_access", Scope(tokens));
    }

    [Theory]
    [InlineData("openid api.read", "https://unknown.example")]
    [InlineData("openid api.read", Other)]
    [InlineData("openid api.read", "https://api.example/other")]
    [InlineData("openid api.read", "https://api.example/#x")]
    [InlineData("openid api.read", "http://api.example")]
    [InlineData("openid api.read", "https://api.example:8443")]
    [InlineData("api.read", RunningServer.Issuer)]
    [InlineData("openid api.read", "not a uri")]
    public async Task A_resource_that_was_not_granted_is_an_invalid_target_and_leaves_the_code_good(string scope, string resource)
    {
        var code = await shared.CodeAsync(scope: scope);
        (await shared.App().RedeemAsync(code, ("resource", resource))).ShouldFail("invalid_target");
        var tokens = (await shared.App().RedeemAsync(code)).ShouldBeOk();
        Assert.Equal(scope, Scope(tokens));
    }

    [Theory]
    [InlineData("https://api.example/", Api)]
    [InlineData("HTTPS://API.example:443", Api)]
    [InlineData("https://Login.Example/", RunningServer.Issuer)]
    public async Task Another_spelling_of_a_resource_is_the_same_one_and_the_audience_has_the_registered_one(string resource, string audience)
    {
        var tokens = (await shared.App().RedeemAsync(await shared.CodeAsync(scope: Everything), ("resource", resource))).ShouldBeOk();
        Assert.Equal([audience], Audience(tokens));
        Assert.Equal([audience], Audience((await shared.App().RefreshAsync(tokens.RefreshToken, ("resource", resource))).ShouldBeOk()));
    }

    [Fact]
    public async Task A_resource_of_the_authorization_request_may_have_another_spelling_and_so_may_that_of_a_client_for_itself()
    {
        var tokens = await shared.TokensAsync(scope: Everything, change: request => request.With("resource", "https://API.example/"));
        Assert.Equal([Api, RunningServer.Issuer], Audience(tokens));
        var own = await shared.App("service").PostAsync("token", [("grant_type", "client_credentials"), ("resource", "https://API.example:443/")]);
        Assert.Equal([Api], Audience(own.ShouldBeOk()));
    }

    [Fact]
    public async Task A_resource_of_the_authorization_request_bounds_the_grant()
    {
        var tokens = await shared.TokensAsync(scope: Everything, change: request => request.With("resource", Api));
        Assert.Equal([Api, RunningServer.Issuer], Audience(tokens));
        Assert.Equal("openid api.read anywhere offline_access", Scope(tokens));
        (await shared.App().RefreshAsync(tokens.RefreshToken, ("resource", Other))).ShouldFail("invalid_target");
        (await shared.App().RefreshAsync(tokens.RefreshToken)).ShouldBeOk();
    }

    [Fact]
    public async Task A_token_for_a_resource_without_scopes_needs_none()
    {
        var code = await shared.CodeAsync(scope: "openid api.read", change: request => request.With("resource", Plain));
        var tokens = (await shared.App().RedeemAsync(code, ("resource", Plain))).ShouldBeOk();
        Assert.Equal([Plain], Audience(tokens));
        Assert.False(JsonAnswer.Claims(tokens.AccessToken).TryGetProperty("scope", out _));
        Assert.Null(tokens["scope"]);
        (await shared.App().RefreshAsync(tokens.RefreshToken, ("resource", Plain))).ShouldBeOk();
        (await shared.App().RefreshAsync(tokens.RefreshToken, ("resource", Plain), ("scope", "openid"))).ShouldFail("invalid_scope");
    }

    [Fact]
    public async Task Narrowing_one_token_does_not_narrow_the_next()
    {
        var first = (await shared.App().RedeemAsync(await shared.CodeAsync(scope: Everything), ("resource", Api))).ShouldBeOk();
        var second = (await shared.App().RefreshAsync(first.RefreshToken, ("resource", Other))).ShouldBeOk();
        Assert.Equal([Other], Audience(second));
        var third = (await shared.App().RefreshAsync(second.RefreshToken)).ShouldBeOk();
        Assert.Equal([Api, Other, RunningServer.Issuer], Audience(third));
        Assert.Equal(Everything, Scope(third));
    }

    private static IEnumerable<string> Audience(JsonAnswer tokens)
    {
        var audience = JsonAnswer.Claims(tokens.AccessToken).GetProperty("aud");
        return audience.ValueKind == JsonValueKind.Array ? audience.EnumerateArray().Select(item => item.GetString()!) : [audience.GetString()!];
    }

    /// <summary>The scope of the answer, which is that of the token.</summary>
    private static string Scope(JsonAnswer tokens)
    {
        Assert.Equal(JsonAnswer.Claims(tokens.AccessToken).GetProperty("scope").GetString(), tokens["scope"]);
        return tokens["scope"]!;
    }
}
