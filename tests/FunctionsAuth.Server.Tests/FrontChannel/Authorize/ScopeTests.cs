using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.FrontChannel;

public sealed class ScopeTests(FrontServer shared) : IClassFixture<FrontServer>
{
    [Theory]
    [InlineData("openid \"profile\"")]
    [InlineData("openid pro\\file")]
    [InlineData("openid\tprofile")]
    [InlineData("openid\nprofile")]
    [InlineData("openid prôfile")]
    [InlineData("openid \u007f")]
    public async Task A_character_that_no_scope_may_have_is_an_error(string scope) =>
        Expect.Error(await AskAsync(new AuthorizationParameters(scope: scope)), "invalid_scope");

    [Theory]
    [InlineData("  ")]
    [InlineData("nobody-knows-it")]
    [InlineData("OPENID")]
    public async Task A_request_for_no_known_scope_is_an_error(string scope) =>
        Expect.Error(await AskAsync(new AuthorizationParameters().With("scope", scope)), "invalid_scope");

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public async Task A_request_that_names_no_scope_asks_for_all_that_the_client_may_have(string? scope)
    {
        var everything = Expect.Code(await AskAsync(new AuthorizationParameters().With("scope", scope)));
        var tokens = await new ClientApp(shared.Server).RedeemAsync(everything);
        Assert.Equal("openid profile email address phone offline_access api.read api.write other.read anywhere opaque.read", tokens["scope"]);
        var forOneApi = new AuthorizationParameters().With("scope", scope).With("resource", "https://api.example");
        Assert.DoesNotContain("other.read", await GrantedAsync(forOneApi), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_scope_that_the_client_may_not_have_is_left_out_and_the_answer_says_so()
    {
        var tokens = await new ClientApp(shared.Server, "legacy").LoginAsync("openid api.write profile offline_access", await shared.AliceAsync());
        Assert.Equal("openid offline_access", tokens.ShouldBeOk()["scope"]);
        Assert.Equal("openid offline_access", JsonAnswer.Claims(tokens.AccessToken).GetProperty("scope").GetString());
        (await new ClientApp(shared.Server, "legacy").RefreshAsync(tokens.RefreshToken, ("scope", "openid api.write"))).ShouldFail("invalid_scope");
    }

    [Fact]
    public async Task A_pushed_request_is_granted_what_its_client_may_have()
    {
        var app = new ClientApp(shared.Server, "legacy");
        var request = new AuthorizationParameters("legacy", scope: "openid api.write");
        var pushed = await app.PostAsync("par", request.All.Select(pair => (pair.Key, (string?)pair.Value)));
        Assert.Equal(201, pushed.Status);
        var answer = await AskAsync(new AuthorizationParameters("legacy").With("request_uri", pushed["request_uri"]));
        Assert.Equal("openid", (await app.RedeemAsync(answer.Parameters["code"])).ShouldBeOk()["scope"]);
        var other = request.With("scope", "api.write").All.Select(pair => (pair.Key, (string?)pair.Value));
        (await app.PostAsync("par", other)).ShouldFail("invalid_scope");
    }

    [Theory]
    [InlineData("api.write")]
    [InlineData("api.write other.read nobody-knows-it")]
    public async Task If_the_client_may_have_none_of_them_it_is_an_error(string scope)
    {
        var request = new AuthorizationParameters("third-party", "https://third.example/callback", scope);
        Expect.Error(await AskAsync(request), "invalid_scope", "https://third.example/callback");
    }

    [Theory]
    [InlineData("openid nobody-knows-it", "openid")]
    [InlineData("profile  openid   profile ", "openid profile")]
    public async Task An_unknown_scope_is_ignored_and_a_repeated_one_counts_once(string scope, string granted) =>
        Assert.Equal(granted, await GrantedAsync(new AuthorizationParameters(scope: scope)));

    [Fact]
    public async Task Offline_access_is_dropped_for_a_client_that_can_not_refresh()
    {
        var code = Expect.Code(await AskAsync(new AuthorizationParameters("post", scope: "openid offline_access")), "https://post.example/callback");
        var tokens = await new ClientApp(shared.Server, "post").RedeemAsync(code);
        Assert.Equal("openid", tokens["scope"]);
        Assert.Null(tokens["refresh_token"]);
    }

    [Theory]
    [InlineData("https://nobody.example")]
    [InlineData("https://api.example/other")]
    [InlineData("https://api.example#x")]
    [InlineData("api")]
    public async Task An_unknown_resource_is_an_invalid_target(string resource) =>
        Expect.Error(await AskAsync(new AuthorizationParameters(scope: "openid api.read").With("resource", resource)), "invalid_target");

    [Fact]
    public async Task A_resource_that_is_not_for_the_client_is_an_invalid_target()
    {
        var request = new AuthorizationParameters("third-party", "https://third.example/callback").With("resource", "https://other.example");
        Expect.Error(await AskAsync(request), "invalid_target", "https://third.example/callback");
    }

    [Fact]
    public async Task One_bad_resource_among_good_ones_is_an_invalid_target()
    {
        var request = new AuthorizationParameters(scope: "openid api.read").Add("resource", "https://api.example").Add("resource", "https://nobody.example");
        Expect.Error(await AskAsync(request), "invalid_target");
    }

    [Fact]
    public async Task A_resource_leaves_only_the_scopes_that_belong_to_it_or_to_no_resource()
    {
        var request = new AuthorizationParameters(scope: "openid profile api.read other.read anywhere").With("resource", "https://api.example");
        Assert.Equal("anywhere api.read openid profile", await GrantedAsync(request));
    }

    [Fact]
    public async Task A_resource_that_leaves_no_scope_is_an_error()
    {
        var request = new AuthorizationParameters(scope: "other.read").With("resource", "https://api.example");
        Expect.Error(await AskAsync(request), "invalid_scope");
    }

    private async Task<Answer> AskAsync(AuthorizationParameters request) => await (await shared.AliceAsync()).GetAsync(request.Url);

    /// <summary>The scopes of the token, in alphabetical order.</summary>
    private async Task<string> GrantedAsync(AuthorizationParameters request)
    {
        var tokens = await new ClientApp(shared.Server).RedeemAsync(Expect.Code(await AskAsync(request)));
        return string.Join(' ', JsonAnswer.Claims(tokens.AccessToken).GetProperty("scope").GetString()!.Split(' ').Order());
    }
}
