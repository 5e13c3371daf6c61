using System.Buffers.Text;
using System.Text;
using FunctionsAuth.Server.Tests.Harness;

namespace FunctionsAuth.Server.Tests.FrontChannel;

public sealed class IdTokenHintTests(FrontServer shared) : IClassFixture<FrontServer>
{
    [Fact]
    public async Task A_hint_of_the_user_who_is_signed_in_is_good()
    {
        var alice = await shared.AliceAsync();
        Expect.Code(await alice.GetAsync(Silent(await IdTokenAsync("alice")).Url));
    }

    [Fact]
    public async Task A_hint_may_have_expired()
    {
        var browser = await shared.SignedInAsync("alice");
        var hint = await IdTokenAsync("alice");
        shared.Server.Clock.Advance(TimeSpan.FromMinutes(61));
        Expect.Code(await browser.GetAsync(Silent(hint).Url));
    }

    [Fact]
    public async Task A_hint_of_another_user_is_login_required_when_nobody_may_be_asked()
    {
        var browser = await shared.SignedInAsync("alice");
        Expect.Error(await browser.GetAsync(Silent(await IdTokenAsync("bob")).Url), "login_required");
    }

    [Fact]
    public async Task Else_the_other_user_may_sign_in()
    {
        var browser = await shared.SignedInAsync("alice");
        var page = await browser.FollowAsync(await browser.GetAsync(With(await IdTokenAsync("bob")).Url));
        Expect.Form(page, "login");
        var code = Expect.Code(await browser.FollowAsync(await browser.LoginAsync(page, "bob")));
        Assert.Equal("bob-subject", JsonAnswer.Claims((await new ClientApp(shared.Server).RedeemAsync(code)).IdToken).GetProperty("sub").GetString());
    }

    [Fact]
    public async Task Whoever_else_signs_in_is_not_whom_the_client_asked_for()
    {
        var browser = shared.NewBrowser();
        var page = await browser.FollowAsync(await browser.GetAsync(With(await IdTokenAsync("bob")).Url));
        Expect.Error(await browser.FollowAsync(await browser.LoginAsync(page)), "login_required");
    }

    [Fact]
    public async Task A_token_of_another_server_is_no_hint()
    {
        await using var other = await RunningServer.StartAsync();
        var foreign = (await new ClientApp(other).LoginAsync("openid")).IdToken;
        await AssertNoHintAsync(foreign);
    }

    [Fact]
    public async Task An_access_token_is_no_hint() => await AssertNoHintAsync((await TokensAsync("alice")).AccessToken);

    [Fact]
    public async Task A_changed_token_is_no_hint()
    {
        var parts = (await IdTokenAsync("bob")).Split('.');
        var claims = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[1])).Replace("bob-subject", "alice-subject", StringComparison.Ordinal);
        var changed = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims));
        await AssertNoHintAsync($"{parts[0]}.{changed}.{parts[2]}");
        var unsigned = Base64Url.EncodeToString("""{"alg":"none","typ":"JWT"}"""u8);
        await AssertNoHintAsync($"{unsigned}.{changed}.");
        await AssertNoHintAsync($"{parts[0]}.{changed}.");
    }

    [Theory]
    [InlineData("x")]
    [InlineData("a.b.c")]
    [InlineData("..")]
    [InlineData("eyJhbGciOiJSUzI1NiJ9.e30.AAAA")]
    [InlineData("eyJhbGciOiJSUzI1NiJ9.bm90IGpzb24.AAAA")]
    [InlineData("é.é.é")]
    public Task Garbage_is_no_hint(string hint) => AssertNoHintAsync(hint);

    [Fact]
    public Task Garbage_of_any_size_is_no_hint() => AssertNoHintAsync(new string('a', 10_000) + "." + new string('b', 10_000) + ".c");

    /// <summary>Nobody knows whom it names, so a silent request fails, and any other one goes by who is signed in.</summary>
    private async Task AssertNoHintAsync(string hint)
    {
        var alice = await shared.AliceAsync();
        Expect.Error(await alice.GetAsync(Silent(hint).Url), "login_required");
        Expect.Code(await alice.GetAsync(With(hint).Url));
    }

    private async Task<string> IdTokenAsync(string username) => (await TokensAsync(username)).IdToken;

    private Task<JsonAnswer> TokensAsync(string username) => new ClientApp(shared.Server).LoginAsync("openid", username: username);

    private static AuthorizationParameters With(string hint) => new AuthorizationParameters().With("id_token_hint", hint);

    private static AuthorizationParameters Silent(string hint) => With(hint).With("prompt", "none");
}
